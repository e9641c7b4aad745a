import { expect, onTestFinished } from 'vitest'
import type { RedisPort } from '../../src/redis/port.js'
import { systemClock } from '../../src/sale/clock.js'
import { type SaleKeys, saleKeys } from '../../src/sale/keys.js'
import { readOwnQueue } from '../../src/store/own-queue.js'
import { queue } from '../../src/strategies/queue.js'
import { on, seckill } from './cli.js'
import { freshSaleId, testRedisUrl } from './redis.js'
import { connect } from './strategy.js'

/** A sale whose orders wait in a queue, written by `init`. */
export const queuedSale = async (stock: number, url = testRedisUrl()) => {
  const sale = freshSaleId()
  const init = await seckill(['init', '--layout', 'counter', '--stock', String(stock), ...on(sale, url)])
  expect(init.code).toBe(0)
  const client = await connect(url)
  onTestFinished(() => client.close())
  return { sale, client, redis: client.redis, keys: saleKeys(sale), flags: on(sale, url) }
}

/** Orders that wait in the stream, as a server leaves them. */
export const orderAll = async (redis: RedisPort, keys: SaleKeys, users: number) => {
  const shop = await queue.open({
    ...{ redis, keys, limit: 2, clock: systemClock, newToken: () => '' },
    dedicated: () => Promise.reject(new Error('unused')),
  })
  const names = Array.from({ length: users }, (_, i) => `u${i}`)
  const told = await Promise.all(names.map((user) => shop.buy({ user, quantity: 1 })))
  expect(new Set(told)).toEqual(new Set(['queued']))
}

/** What was taken, claimed and recorded is one and the same, and no job failed or waits. */
export const expectAllDecided = async (redis: RedisPort, keys: SaleKeys, initial: number, orders: number) => {
  const count = (key: string) => redis.call('HLEN', key)
  expect(await readOwnQueue(redis, keys)).toMatchObject({
    ...{ unrelayed: 0, waiting: 0, active: 0, completed: orders, failed: 0 },
  })
  expect([await count(keys.records), await count(keys.claims)]).toEqual([orders, orders])
  expect(await redis.get(keys.stock)).toBe(String(initial - orders))
}
