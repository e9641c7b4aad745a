import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import type { RecordsPlace, StockPlace } from '../../src/sale/layout.js'
import type { Sale } from '../../src/sale/sale.js'
import { readMeta } from '../../src/store/meta.js'
import { clearPlaces } from '../../src/store/places.js'
import { seedSale } from '../../src/store/seed.js'
import { lookAt } from '../../src/store/settle.js'
import { readFinalState } from '../../src/store/snapshot.js'
import { freshSale, seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const call = (name: string, ...args: (string | number)[]) => client.redis.call(name, ...args)
const read = (sale: Sale) => readFinalState(client.redis, sale.places)

type Deed = readonly [name: string, ...args: (string | number)[]]

/** Runs commands in which `ID` stands for the sale's id. */
const run = async ({ id }: Sale, deeds: readonly Deed[]): Promise<void> => {
  for (const [name, ...args] of deeds) await call(name, ...args.map((arg) => String(arg).replaceAll('ID', id)))
}

const STOCKS: readonly [StockPlace, taking: Deed, left: number][] = [
  [{ type: 'list', key: 'ID:s' }, ['LPOP', 'ID:s'], 9],
  [{ type: 'set', key: 'ID:s' }, ['SPOP', 'ID:s', 3], 7],
  [{ type: 'zset', key: 'ID:s' }, ['ZPOPMIN', 'ID:s', 2], 8],
  [{ type: 'string-down', key: 'ID:s' }, ['DECRBY', 'ID:s', 12], -2],
  [{ type: 'string-up', key: 'ID:s', capacity: 12 }, ['INCRBY', 'ID:s', 4], 6],
  [{ type: 'hash-field', key: 'ID:s', field: 'left' }, ['HINCRBY', 'ID:s', 'left', -1], 9],
  [{ type: 'hash-pair', key: 'ID:s', total: 'all', sold: 'out' }, ['HINCRBY', 'ID:s', 'out', 11], -1],
  [{ type: 'hash-sum', key: 'ID:s', fields: ['a', 'b', 'c'] }, ['HINCRBY', 'ID:s', 'b', -2], 8],
  [{ type: 'hash-sum', key: 'ID:s', fields: null }, ['HINCRBY', 'ID:s', '0', -2], 8],
  [{ type: 'sum', keys: ['ID:s:0', 'ID:s:1', 'ID:s:2'] }, ['DECRBY', 'ID:s:2', 3], 7],
  [{ type: 'none', capacity: 10 }, ['HSET', 'ID:r', 'ann', 3], 7],
]

const wish = (stock: StockPlace, records: Partial<RecordsPlace> = {}) => ({
  stock: 10,
  places: { stock, records: [{ type: 'hash' as const, key: 'ID:r', user: null, quantity: 'value', ...records }] },
})

describe('stock', () => {
  it.each(STOCKS)('%j is seeded, read, remembered and taken away', async (stock, taking, left) => {
    const sale = await seedFresh(client.redis, wish(stock))
    expect(await read(sale)).toMatchObject({ remaining: 10, stockProblem: null })
    await run(sale, [taking])
    expect(await read(sale)).toMatchObject({ remaining: left, stockProblem: null })
    expect(await readMeta(client.redis, sale.id)).toMatchObject({ layout: sale.layout, places: sale.places })
    for (const clear of clearPlaces(sale.places)) await client.redis.execute(clear)
    for (const key of ['s', 'r', 's:0', 's:2']) expect(await call('EXISTS', `${sale.id}:${key}`)).toBe(0)
  })

  it.each<[StockPlace, Deed, string]>([
    [{ type: 'sum', keys: ['ID:s:0', 'ID:s:1'] }, ['SET', 'ID:s:1', -3], 'counter at ID:s:1'],
    [{ type: 'hash-sum', key: 'ID:s', fields: ['a', 'b'] }, ['HSET', 'ID:s', 'b', -3], 'field b in ID:s'],
    [{ type: 'hash-sum', key: 'ID:s', fields: null }, ['HSET', 'ID:s', 'b', -3], 'field b in ID:s'],
  ])('%j tells its lowest part', async (stock, taking, name) => {
    const sale = await seedFresh(client.redis, wish(stock))
    await run(sale, [taking])
    expect(await read(sale)).toMatchObject({ lowestPart: { name: name.replaceAll('ID', sale.id), units: -3 } })
  })

  it('an absent counter of units taken is full until something is recorded, then it cannot be told', async () => {
    const sale = await seedFresh(client.redis, wish({ type: 'string-up', key: 'ID:s', capacity: 10 }))
    await run(sale, [['DEL', 'ID:s']])
    expect(await read(sale)).toMatchObject({ remaining: 10, stockProblem: null })
    await run(sale, [['HSET', 'ID:r', 'ann', 1]])
    const stockProblem = `there is no counter at ${sale.id}:s, yet there are records`
    expect(await read(sale)).toMatchObject({ remaining: null, stockProblem })
  })

  it('in a hash leaves what else the hash says about the goods', async () => {
    const sale = freshSale(wish({ type: 'hash-field', key: 'ID:s', field: 'left' }))
    await run(sale, [['HSET', 'ID:s', 'title', 'shoes']])
    await seedSale(client.redis, sale, { now: new Date() })
    expect(await call('HGETALL', sale.keys.stock)).toEqual(['title', 'shoes', 'left', '10'])
    for (const clear of clearPlaces(sale.places)) await client.redis.execute(clear)
    expect(await call('HGETALL', sale.keys.stock)).toEqual(['title', 'shoes'])
  })

  it.each<[string, StockPlace, Deed[], string]>([
    ['of another type', { type: 'set', key: 'ID:s' }, [['SET', 'ID:s', 1]], 'stock key ID:s is a string, not a set'],
    ['with a fraction', { type: 'string-down', key: 'ID:s' }, [['SET', 'ID:s', '9.5']], '"9.5": not a whole number'],
    [
      'with a field too few',
      { type: 'hash-pair', key: 'ID:s', total: 'all', sold: 'out' },
      [['HSET', 'ID:s', 'all', 1]],
      'no field out in ID:s',
    ],
    ['with a shard too few', { type: 'sum', keys: ['ID:s', 'ID:t'] }, [['SET', 'ID:s', 1]], 'no counter at ID:t'],
    [
      'with a shard of another type',
      { type: 'sum', keys: ['ID:s', 'ID:t'] },
      [
        ['SET', 'ID:s', 1],
        ['SADD', 'ID:t', 1],
      ],
      'ID:t is a set, not a string',
    ],
    [
      'that is no hash',
      { type: 'hash-sum', key: 'ID:s', fields: null },
      [['RPUSH', 'ID:s', 1]],
      'ID:s is a list, not a hash',
    ],
  ])('%s cannot be told, and says why', async (_what, stock, deeds, problem) => {
    const sale = freshSale(wish(stock))
    await run(sale, deeds)
    const { remaining, stockProblem } = await read(sale)
    expect(remaining).toBeNull()
    expect(stockProblem).toContain(problem.replaceAll('ID', sale.id))
  })

  it('written by Java’s serializer says which serializer to use', async () => {
    const sale = freshSale(wish({ type: 'string-down', key: 'ID:s' }))
    const java = "return redis.call('SET', KEYS[1], '\\172\\237\\0\\5t\\0\\00210')"
    await client.redis.script({ name: 'java', keys: ['s'], lua: java }, [sale.keys.stock], [])
    const { stockProblem } = await read(sale)
    expect(stockProblem).toContain('\\xac\\xed\\x00\\x05')
    expect(stockProblem).toContain('StringRedisSerializer')
  })
})

type RecordsCase = readonly [Partial<RecordsPlace>, deeds: readonly Deed[], held: Record<string, number>]

const RECORDS: readonly RecordsCase[] = [
  [{ type: 'hash', quantity: 'value' }, [['HSET', 'ID:r', 'ann', 2, 'bob', 1]], { ann: 2, bob: 1 }],
  [{ type: 'hash', quantity: null }, [['HSET', 'ID:r', 'ann', '2026-11-11T20:00:01Z']], { ann: 1 }],
  [{ type: 'hash', quantity: '$.n' }, [['HSET', 'ID:r', 'ann', '{"n":2}']], { ann: 2 }],
  [
    { type: 'list', user: '$.id', quantity: '$.n' },
    [['RPUSH', 'ID:r', '{"id":1729382256910270465,"n":2}', '{"id":1729382256910270466,"n":1}']],
    { '1729382256910270465': 2, '1729382256910270466': 1 },
  ],
  [
    { type: 'hash-units', quantity: null },
    [['HSET', 'ID:r', 'u1', 'ann', 'u2', 'ann', 'u3', 'bob']],
    { ann: 2, bob: 1 },
  ],
  [{ type: 'set', quantity: null }, [['SADD', 'ID:r', 'ann', 'bob']], { ann: 1, bob: 1 }],
  [{ type: 'list', quantity: null }, [['RPUSH', 'ID:r', 'ann', 'bob', 'ann']], { ann: 2, bob: 1 }],
  [
    { type: 'list', user: '$.buyer.id', quantity: '$.units' },
    [['RPUSH', 'ID:r', '{"buyer":{"id":"ann"},"units":2}', '{"buyer":{"id":7},"units":"1"}']],
    { ann: 2, 7: 1 },
  ],
  [{ type: 'zset', quantity: null }, [['ZADD', 'ID:r', 1700000000123, 'ann', 5, 'bob']], { ann: 1, bob: 1 }],
  [{ type: 'zset', quantity: 'score' }, [['ZADD', 'ID:r', 2, 'ann', 1, 'bob']], { ann: 2, bob: 1 }],
  [
    { type: 'stream', user: 'userId', quantity: 'n' },
    [
      ['XADD', 'ID:r', '*', 'userId', 'ann', 'n', 2],
      ['XADD', 'ID:r', '*', 'n', 1, 'userId', 'bob'],
    ],
    { ann: 2, bob: 1 },
  ],
  [
    { type: 'keys', key: 'ID:[*]:{user}:bought', quantity: null },
    [
      ['SET', 'ID:[*]:ann:bought', 1],
      ['SET', 'ID:x:bob:bought', 1],
    ],
    { ann: 1 },
  ],
  [{ type: 'keys', key: 'ID:u:{user}', quantity: 'value' }, [['SET', 'ID:u:ann', 2]], { ann: 2 }],
  [{ type: 'keys', key: 'ID:u:{user}', quantity: 'p7' }, [['HSET', 'ID:u:ann', 'p7', 2]], { ann: 2 }],
]

/** Units by user. */
const held = (sources: Awaited<ReturnType<typeof read>>['records']): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const { users, quantities } of sources)
    for (const [i, user] of users.entries()) sums[user] = (sums[user] ?? 0) + (quantities[i] as number)
  return sums
}

describe('records', () => {
  const COUNTER: StockPlace = { type: 'string-down', key: 'ID:s' }

  it.each(RECORDS)('%j', async (place, deeds, expected) => {
    const sale = freshSale(wish(COUNTER, place))
    await run(sale, deeds)
    const { records, recordsProblem } = await read(sale)
    expect(recordsProblem).toBeNull()
    expect(held(records)).toEqual(expected)
    expect(records[0]?.unreadableCount).toBe(0)
  })

  it.each<[string, Partial<RecordsPlace>, Deed, string, string]>([
    [
      'no JSON',
      { type: 'list', user: '$.id', quantity: null },
      ['RPUSH', 'ID:r', 'ann'],
      'ann',
      'JSON with a user at $.id',
    ],
    ['no such path', { type: 'set', user: '$.id', quantity: null }, ['SADD', 'ID:r', '{"uid":1}'], '{"uid":1}', '$.id'],
    ['no number', { type: 'hash', quantity: 'value' }, ['HSET', 'ID:r', 'ann', '1.5'], '1.5', 'not a whole number'],
    [
      'no field',
      { type: 'stream', user: 'userId', quantity: null },
      ['XADD', 'ID:r', '*', 'uid', 'ann'],
      '["uid","ann"]',
      'not an entry with a field userId',
    ],
    [
      'no field with the units',
      { type: 'stream', user: 'uid', quantity: 'n' },
      ['XADD', 'ID:r', '*', 'uid', 'ann'],
      '["uid","ann"]',
      'not a whole number',
    ],
    [
      'another type',
      { type: 'keys', key: 'ID:r{user}', quantity: 'value' },
      ['SADD', 'ID:r1', 'x'],
      '',
      'not a whole number',
    ],
  ])('that cannot be read are shown as they stand: %s', async (_what, place, deed, raw, why) => {
    const sale = freshSale(wish(COUNTER, place))
    await run(sale, [deed])
    const [source] = (await read(sale)).records
    expect(source?.unreadableCount).toBe(1)
    expect(source?.unreadable[0]).toMatchObject({ raw, why: expect.stringContaining(why) })
    expect(source?.quantities[0]).toBeNaN()
  })

  it('written by Java’s serializer are shown with their bytes', async () => {
    const sale = freshSale(wish(COUNTER, { type: 'set', quantity: null }))
    const java = "return redis.call('SADD', KEYS[1], '\\172\\237\\0\\5t\\0\\3ann')"
    await client.redis.script({ name: 'java', keys: ['s'], lua: java }, [sale.keys.records], [])
    const [source] = (await read(sale)).records
    expect(source?.unreadable[0]).toMatchObject({
      raw: '\\xac\\xed\\x00\\x05t\\x00\\x03ann',
      why: expect.stringContaining('StringRedisSerializer'),
    })
  })

  it('in several places are read each by itself; folded names are one user', async () => {
    const sale = freshSale({
      stock: 10,
      places: {
        stock: COUNTER,
        records: [
          { type: 'set', key: 'ID:r', user: null, quantity: null },
          { type: 'list', key: 'ID:o', user: null, quantity: null },
        ],
        fold: ['lower', 'trim'],
      },
    })
    await run(sale, [
      ['SADD', 'ID:r', 'Ann', 'ann '],
      ['RPUSH', 'ID:o', ' ANN', 'bob'],
    ])
    const { records } = await read(sale)
    expect(records.map(({ users, distinct }) => [users, distinct])).toEqual([
      [['ann', 'ann'], false],
      [['bob', 'ann'], false],
    ])
    expect(await lookAt(client.redis, sale.places)).toMatchObject({ seen: '? left, 2 + 2 records' })
  })

  it.each<[string, Partial<RecordsPlace>, (i: number) => Deed]>([
    ['set', { type: 'set', quantity: null }, (i) => ['SADD', 'ID:r', `u${i}`]],
    ['zset', { type: 'zset', quantity: null }, (i) => ['ZADD', 'ID:r', i, `u${i}`]],
    ['stream', { type: 'stream', user: 'u', quantity: null }, (i) => ['XADD', 'ID:r', '*', 'u', `u${i}`]],
    ['keys', { type: 'keys', key: 'ID:r:{user}', quantity: 'value' }, (i) => ['SET', `ID:r:u${i}`, 1]],
    ['hash-units', { type: 'hash-units', quantity: null }, (i) => ['HSET', 'ID:r', i, `u${i}`]],
  ])('of many pages come once each: %s', async (_type, place, deed) => {
    const sale = freshSale(wish(COUNTER, place))
    await Promise.all(Array.from({ length: 4_500 }, (_, i) => run(sale, [deed(i)])))
    const [source] = (await read(sale)).records
    expect(source?.users).toHaveLength(4_500)
    expect(new Set(source?.users).size).toBe(4_500)
  })
})
