import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type DedicatedRedis, RedisPort } from '../../src/redis/port.js'
import { ConnectionPool } from '../../src/strategies/connection-pool.js'

interface Fake extends DedicatedRedis {
  usable: boolean
  closed: boolean
}

const poolOf = (max: number, open?: () => Promise<DedicatedRedis>) => {
  const opened: Fake[] = []
  const make = async (): Promise<DedicatedRedis> => {
    const redis = new RedisPort(async () => null)
    const fake: Fake = {
      redis,
      usable: true,
      closed: false,
      close: () => Object.assign(fake, { closed: true, usable: false }),
    }
    opened.push(fake)
    return fake
  }
  return { opened, pool: new ConnectionPool(open ?? make, max) }
}

it('opens only as many as are wanted at once, and at most the bound', async () => {
  const { pool, opened } = poolOf(3)
  let inUse = 0
  let most = 0
  const work = async () => {
    const connection = await pool.take()
    most = Math.max(most, ++inUse)
    await turn()
    inUse--
    pool.give(connection)
  }
  await Promise.all(Array.from({ length: 50 }, work))
  expect(most).toBe(3)
  expect(opened).toHaveLength(3)
  for (let i = 0; i < 5; i++) await work()
  expect(opened).toHaveLength(3)
})

it('hands one connection to one purchase at a time', async () => {
  const { pool } = poolOf(4)
  const held = new Set<DedicatedRedis>()
  const work = async () => {
    const connection = await pool.take()
    expect(held.has(connection)).toBe(false)
    held.add(connection)
    await turn()
    held.delete(connection)
    pool.give(connection)
  }
  await Promise.all(Array.from({ length: 40 }, work))
})

it('serves whoever waits in turn', async () => {
  const { pool } = poolOf(1)
  const order: number[] = []
  const first = await pool.take()
  const waiting = [1, 2, 3].map(async (nth) => {
    const connection = await pool.take()
    order.push(nth)
    pool.give(connection)
  })
  await turn()
  expect(order).toEqual([])
  pool.give(first)
  await Promise.all(waiting)
  expect(order).toEqual([1, 2, 3])
})

it('replaces a connection that broke, in use or at rest', async () => {
  const { pool, opened } = poolOf(1)
  const first = await pool.take()
  opened[0]!.usable = false
  pool.give(first)
  const second = await pool.take()
  expect(second).not.toBe(first)
  pool.give(second)
  opened[1]!.usable = false
  const third = await pool.take()
  expect(third).not.toBe(second)
  expect(third.usable).toBe(true)
  expect(opened).toHaveLength(3)
})

it('frees the place of a connection that cannot be opened', async () => {
  let attempts = 0
  const { pool } = poolOf(1, async () => {
    attempts++
    throw new Error('refused')
  })
  const all = await Promise.allSettled(Array.from({ length: 5 }, () => pool.take()))
  expect(all.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
  await expect(pool.take()).rejects.toThrow('refused')
  expect(attempts).toBe(6)
})

it('closes what rests, and later what was still in use', async () => {
  const { pool, opened } = poolOf(2)
  const [resting, working] = [await pool.take(), await pool.take()]
  pool.give(resting)
  await pool.close()
  expect(opened.map(({ closed }) => closed)).toEqual([true, false])
  // An open socket would keep the process alive for ever.
  pool.give(working)
  expect(opened.map(({ closed }) => closed)).toEqual([true, true])
})
