import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import { RedisPort } from '../../src/redis/port.js'
import type { LayoutName } from '../../src/sale/layout.js'
import { readFinalState, recordedUnits } from '../../src/store/snapshot.js'
import { freshSale, seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const call = (name: string, ...args: (string | number)[]) => client.redis.call(name, ...args)
const seeded = (layout: LayoutName, stock = 10) => seedFresh(client.redis, { layout, stock })
const read = (sale: Awaited<ReturnType<typeof seeded>>, redis = client.redis) => readFinalState(redis, sale.places)

describe('stock', () => {
  it.each(['list', 'list-basic', 'counter'] as const)('of a fresh %s', async (layout) => {
    const sale = await seeded(layout)
    expect(await read(sale)).toMatchObject({
      remaining: 10,
      stockProblem: null,
      recordsProblem: null,
      ttlSeconds: null,
    })
    expect((await read(sale)).records.map(({ key, users }) => [key, [...users]])).toEqual([[sale.keys.records, []]])
  })

  it('below zero is a number', async () => {
    const sale = await seeded('counter')
    await client.redis.decrby(sale.keys.stock, 13)
    expect(await read(sale)).toMatchObject({ remaining: -3 })
  })

  it.each(['abc', '', '1.5', '1e3', ' 5', '0x10', '99999999999999999999'])('%j is no whole number', async (text) => {
    const sale = await seeded('counter')
    await call('SET', sale.keys.stock, text)
    const state = await read(sale)
    expect(state.remaining).toBeNull()
    expect(state.stockProblem).toContain(sale.keys.stock)
  })

  it('absent is 0 in a list, unreadable in a counter', async () => {
    expect(await read(freshSale({ layout: 'list', stock: 1 }))).toMatchObject({ remaining: 0, stockProblem: null })
    const sale = freshSale({ layout: 'counter', stock: 1 })
    const { remaining, stockProblem } = await read(sale)
    expect(remaining).toBeNull()
    expect(stockProblem).toContain(sale.keys.stock)
  })

  it('of another type is named with both types', async () => {
    const sale = await seeded('list')
    await call('DEL', sale.keys.stock)
    await call('SADD', sale.keys.stock, 'x')
    expect((await read(sale)).stockProblem).toMatch(/set.*list/)
  })

  it('tells its lifetime', async () => {
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 1, ttlSeconds: 500 })
    expect((await read(sale)).ttlSeconds).toBeGreaterThan(490)
  })
})

describe('records', () => {
  it('of a hash, whatever the names', async () => {
    const sale = await seeded('counter')
    const wanted = new Map([
      ['王伟1', 2],
      ['', 1],
      ['a b', 1],
      ['__proto__', 2],
      ['x'.repeat(5_000), 1],
    ])
    for (const [user, quantity] of wanted) await client.redis.hset(sale.keys.records, user, quantity)
    const [source] = (await read(sale)).records
    expect(new Map(source?.users.map((user, i) => [user, source.quantities[i]]))).toEqual(wanted)
    expect(source && recordedUnits(source)).toBe(7)
  })

  it('of many pages come once each', async () => {
    const sale = await seeded('counter')
    const fields = Array.from({ length: 5_000 }, (_, i) => [`u${i}`, String(1 + (i % 2))])
    await call('HSET', sale.keys.records, ...fields.flat())
    const [source] = (await read(sale)).records
    expect(new Set(source?.users).size).toBe(5_000)
    expect(source?.users).toHaveLength(5_000)
    expect(source && recordedUnits(source)).toBe(7_500)
  })

  it('shown twice by HSCAN count once, with their latest value', async () => {
    const pages = [
      ['7', ['ann', '1', 'bob', 'x']],
      ['0', ['bob', '2', 'ann', '2', 'eve', '1']],
    ]
    const scanning = new RedisPort(async (unit) => {
      if (unit.kind === 'command' && unit.name === 'HSCAN') return pages.shift() as never
      return client.redis.execute(unit)
    })
    const sale = await seeded('counter')
    await client.redis.hset(sale.keys.records, 'ann', 1)
    const [source] = (await read(sale, scanning)).records
    expect(source?.users).toEqual(['ann', 'bob', 'eve'])
    expect(Array.from(source?.quantities ?? [])).toEqual([2, 2, 1])
    // bob's value became readable meanwhile: nothing unreadable is left to complain about.
    expect(source?.unreadable).toEqual([])
  })

  it('that are no whole numbers are kept as they stand, at most 20', async () => {
    const sale = await seeded('counter')
    const raw = ['1.5', 'two', '', '"1"', '1e3', ' 1']
    for (const [i, value] of raw.entries()) await client.redis.hset(sale.keys.records, `u${i}`, value)
    await client.redis.hset(sale.keys.records, 'minus', '-2')
    const [few] = (await read(sale)).records
    expect(few?.unreadable.map(({ user, raw: text }) => [user, text]).sort()).toEqual(
      raw.map((text, i) => [`u${i}`, text]),
    )
    expect(few && recordedUnits(few)).toBe(-2)
    for (let i = 10; i < 50; i++) await client.redis.hset(sale.keys.records, `u${i}`, 'x')
    const [many] = (await read(sale)).records
    expect(many?.unreadable).toHaveLength(20)
    expect(Array.from(many?.quantities ?? []).filter(Number.isNaN)).toHaveLength(46)
  })

  it.each([0, 1, 999, 1_000, 1_001, 2_000, 2_500])('of a list: %i buyers, each once, in order', async (count) => {
    const sale = await seeded('list-basic')
    const users = Array.from({ length: count }, (_, i) => `u${i}`)
    if (count > 0) await call('LPUSH', sale.keys.records, ...users)
    const [source] = (await read(sale)).records
    expect(source?.users).toEqual(users)
    expect(source && recordedUnits(source)).toBe(count)
  })

  it('of a list that grows at its head while it is read: none twice, none left out', async () => {
    const sale = await seeded('list-basic')
    const users = Array.from({ length: 3_500 }, (_, i) => `u${i}`)
    await call('LPUSH', sale.keys.records, ...users)
    const growing = new RedisPort(async (unit) => {
      const reply = await client.redis.execute(unit)
      if (unit.kind === 'command' && unit.name === 'LRANGE') await client.redis.lpush(sale.keys.records, 'late')
      return reply
    })
    const seen = (await read(sale, growing)).records[0]?.users ?? []
    expect(seen.slice(0, 3_500)).toEqual(users)
    expect(new Set(seen.slice(3_500))).toEqual(new Set(['late']))
  })

  it('of another type are a problem, not none', async () => {
    const sale = await seeded('counter')
    await client.redis.lpush(sale.keys.records, 'ann')
    const state = await read(sale)
    expect(state.records).toEqual([])
    expect(state.recordsProblem).toMatch(/list.*hash/)
    expect(state.remaining).toBe(10)
  })
})
