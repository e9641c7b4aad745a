import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import { type Execute, RedisFailure, RedisPort } from '../../src/redis/port.js'
import { seedingKey, traceKeys } from '../../src/sale/keys.js'
import { LAYOUT_NAMES } from '../../src/sale/layout.js'
import type { Sale } from '../../src/sale/sale.js'
import { readExisting } from '../../src/store/existing.js'
import { readMeta } from '../../src/store/meta.js'
import { seedSale } from '../../src/store/seed.js'
import { freshSale, seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

const seedingOf = (sale: Sale): string => seedingKey(sale.keys.stock, sale.uuid as string)

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const call = (name: string, ...args: (string | number)[]) => client.redis.call(name, ...args)
const seed = (sale: Sale, options: Partial<Parameters<typeof seedSale>[2]> = {}, redis = client.redis) =>
  seedSale(redis, sale, { now: new Date('2026-11-11T12:00:00Z'), ...options })

const unitsOf = async ({ layout, keys }: Sale): Promise<number> =>
  Number(layout === 'counter' ? await client.redis.get(keys.stock) : await client.redis.llen(keys.stock))

/** A port that refuses some of its units. */
const failing = (fails: (name: string, nth: number) => boolean): RedisPort => {
  const counts = new Map<string, number>()
  const execute: Execute = async (unit) => {
    const name = unit.kind === 'command' ? unit.name : unit.kind
    const nth = (counts.get(name) ?? 0) + 1
    counts.set(name, nth)
    if (fails(name, nth)) throw new RedisFailure('unknown', 'Command timed out')
    return client.redis.execute(unit)
  }
  return new RedisPort(execute)
}

describe.each(LAYOUT_NAMES)('%s', (layout) => {
  it.each([1, 9_999, 10_000, 10_001, 45_678])('holds exactly %i units, and nothing else', async (stock) => {
    const sale = freshSale({ layout, stock })
    const progress: number[] = []
    await seed(sale, { onProgress: (done) => progress.push(done) })
    expect(await unitsOf(sale)).toBe(stock)
    expect(await call('EXISTS', sale.keys.records, sale.keys.lock, seedingOf(sale))).toBe(0)
    if (layout !== 'counter') {
      expect(await client.redis.lrange(sale.keys.stock, 0, 0)).toEqual(['1'])
      expect(progress.at(-1)).toBe(stock)
      expect([...progress].sort((a, b) => a - b)).toEqual(progress)
    }
  })

  it('reads back what it wrote', async () => {
    const sale = freshSale({ layout, stock: 50, limit: 3, ttlSeconds: 600, keys: { hashTag: true } })
    await seed(sale)
    expect(await readMeta(client.redis, sale.id)).toEqual({ ...sale, seededAt: '2026-11-11T12:00:00.000Z' })
    const ttl = Number(await call('TTL', sale.keys.stock))
    expect(ttl).toBeGreaterThan(590)
    expect(ttl).toBeLessThanOrEqual(600)
  })

  it('replaces an earlier sale whole: stock, records, lock, orders, lifetime', async () => {
    const old = await seedFresh(client.redis, { layout, stock: 7, ttlSeconds: 600 })
    if (layout === 'list-basic') await client.redis.lpush(old.keys.records, 'ann')
    else await client.redis.hset(old.keys.records, 'ann', 1)
    for (const key of traceKeys(old.keys)) await call('SET', key, 'x')
    const sale = freshSale({ layout, stock: 3, id: old.id })
    await seed(sale)
    expect(await unitsOf(sale)).toBe(3)
    expect(await call('EXISTS', sale.keys.records, ...traceKeys(sale.keys), seedingOf(sale))).toBe(0)
    expect(await call('TTL', sale.keys.stock)).toBe(-1)
    expect((await readMeta(client.redis, sale.id))?.uuid).toBe(sale.uuid)
  })

  it('removes the keys of an earlier seeding elsewhere', async () => {
    const old = await seedFresh(client.redis, { layout, stock: 7 })
    const sale = freshSale({
      layout,
      stock: 3,
      id: old.id,
      keys: { stockKey: `${old.id}:s`, recordsKey: `${old.id}:r` },
    })
    await seed(sale, { obsolete: old.places })
    expect(await call('EXISTS', old.keys.stock)).toBe(0)
    expect(await unitsOf(sale)).toBe(3)
    await seed(sale, { obsolete: sale.places })
    expect(await unitsOf(sale)).toBe(3)
  })

  it('leaves the old sale where the last step fails', async () => {
    const old = await seedFresh(client.redis, { layout, stock: 7 })
    const sale = freshSale({ layout, stock: 3, id: old.id })
    await expect(
      seed(
        sale,
        {},
        failing((name) => name === 'transaction'),
      ),
    ).rejects.toThrow('timed out')
    expect(await unitsOf(old)).toBe(7)
    expect(await readMeta(client.redis, old.id)).toMatchObject(old)
    expect(await call('EXISTS', seedingOf(sale))).toBe(0)
  })

  it('two at a time: one of them wins, whole, or none', async () => {
    const first = freshSale({ layout, stock: 20_000 })
    const second = freshSale({ layout, stock: 20_000, id: first.id })
    await Promise.allSettled([seed(first), seed(second)])
    const meta = await readMeta(client.redis, first.id)
    expect(await unitsOf(first)).toBe(meta?.initial ?? 0)
    expect(await call('EXISTS', seedingOf(first))).toBe(0)
  })
})

describe('a long list', () => {
  it('interrupted, leaves the old sale and nothing half-written', async () => {
    const old = await seedFresh(client.redis, { layout: 'list', stock: 7 })
    const sale = freshSale({ layout: 'list', stock: 400_000, id: old.id })
    const stop = new AbortController()
    const seeding = seed(sale, { signal: stop.signal, onProgress: (done) => done >= 30_000 && stop.abort() })
    await expect(seeding).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 })
    // Replies come in order: whatever was under way is done.
    await call('PING')
    expect(await call('EXISTS', seedingOf(sale))).toBe(0)
    expect(await unitsOf(old)).toBe(7)
    expect(await readMeta(client.redis, old.id)).toMatchObject(old)
  })

  it('of which one piece fails, leaves nothing half-written', async () => {
    const sale = freshSale({ layout: 'list', stock: 400_000 })
    await expect(
      seed(
        sale,
        {},
        failing((name, nth) => name === 'RPUSH' && nth === 3),
      ),
    ).rejects.toThrow('timed out')
    // Time for pieces that are sent although the seeding is over.
    for (let i = 0; i < 50; i++) await call('PING')
    expect(await call('EXISTS', seedingOf(sale))).toBe(0)
    expect(await call('EXISTS', sale.keys.stock)).toBe(0)
  })

  it('never holds Redis with one huge command', async () => {
    const sizes: number[] = []
    const watching = new RedisPort((unit) => {
      if (unit.kind === 'command') sizes.push(unit.args.length)
      return client.redis.execute(unit)
    })
    await seed(freshSale({ layout: 'list', stock: 100_001 }), {}, watching)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10_001)
  })
})

describe('meta', () => {
  it('that is absent is null', async () =>
    expect(await readMeta(client.redis, freshSale({ layout: 'list', stock: 1 }).id)).toBeNull())

  it('of a newer version is refused by name', async () => {
    const sale = await seedFresh(client.redis, { layout: 'list', stock: 1 })
    await client.redis.hset(sale.keys.meta, 'version', 2)
    await expect(readMeta(client.redis, sale.id)).rejects.toMatchObject({ code: 'meta_newer', exitCode: 2 })
  })

  it.each([
    ['version', ''],
    ['layout', 'queue'],
    ['stock', 'many'],
    ['stock', ''],
    ['limit', 'abc'],
    ['stockKey', ''],
  ])('with %s %j is refused', async (field, value) => {
    const sale = await seedFresh(client.redis, { layout: 'list', stock: 1 })
    await client.redis.hset(sale.keys.meta, field, value)
    await expect(readMeta(client.redis, sale.id)).rejects.toMatchObject({ code: 'wrong_type' })
  })

  it('of another type is told', async () => {
    const sale = freshSale({ layout: 'list', stock: 1 })
    await call('SET', sale.keys.meta, 'x')
    await expect(readMeta(client.redis, sale.id)).rejects.toMatchObject({ prefix: 'WRONGTYPE' })
  })
})

describe('what lies under the keys', () => {
  const look = async (sale: Sale) => readExisting(client.redis, sale, await readMeta(client.redis, sale.id))

  it('is nothing', async () =>
    expect(await look(freshSale({ layout: 'list', stock: 1 }))).toEqual({ stock: null, records: null, foreign: null }))

  it('is an earlier sale of ours, whatever its layout', async () => {
    const old = await seedFresh(client.redis, { layout: 'counter', stock: 12 })
    await client.redis.hset(old.keys.records, 'ann', 1)
    const sale = freshSale({ layout: 'list', stock: 1, id: old.id })
    expect(await look(sale)).toEqual({ stock: '12', records: 1, foreign: null })
  })

  it.each([
    ['SET', 'x', '1'],
    ['RPUSH', '1', '2'],
    ['HSET', 'a', '1'],
    ['SADD', 'a', 'b'],
  ])('is foreign without meta: %s', async (name, ...args) => {
    const sale = freshSale({ layout: 'list', stock: 1 })
    const values = name === 'SET' ? [args[0] as string] : args
    await call(name, sale.keys.records, ...values)
    expect((await look(sale)).foreign).toContain(sale.keys.records)
  })

  it('is foreign where the type is not what init wrote, or the key another one', async () => {
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 12 })
    await client.redis.lpush(sale.keys.records, 'ann')
    expect((await look(sale)).foreign).toMatch(/another type/)
    const other = `${sale.id}:other`
    await call('SET', other, 5)
    const elsewhere = freshSale({ layout: 'counter', stock: 1, id: sale.id, keys: { stockKey: other } })
    expect((await look(elsewhere)).foreign).toContain(other)
  })
})
