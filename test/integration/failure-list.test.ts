import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../src/audit/audit.js'
import type { Run } from '../../src/history/run.js'
import type { RedisClient } from '../../src/redis/client.js'
import type { Places, RecordsPlace, StockPlace } from '../../src/sale/layout.js'
import type { Outcome } from '../../src/sale/outcome.js'
import type { Sale } from '../../src/sale/sale.js'
import { lifetimeWarnings, lostServer, serverWarnings } from '../../src/sale/server-facts.js'
import { readLifetimes, readServer } from '../../src/store/environment.js'
import { lookAt } from '../../src/store/settle.js'
import { readFinalState } from '../../src/store/snapshot.js'
import { StockWatch } from '../../src/store/watch.js'
import { startPrivateRedis } from '../helpers/private-redis.js'
import { Customers, failures, findingOf, freshSale, seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

/**
 * Failures of real systems, each made on a real Redis by the commands that such a shop sends, in the order in which they go
 * wrong. Numbers are those of the list of failures that the audit was built for.
 */
let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const call = (name: string, ...args: (string | number)[]) => client.redis.call(name, ...args)

const STOCK: StockPlace = { type: 'string-down', key: 'ID:stock' }
const place = (type: RecordsPlace['type'], key = 'ID:buyers', more: Partial<RecordsPlace> = {}): RecordsPlace => ({
  ...{ type, key, user: null, quantity: type === 'hash' ? 'value' : null },
  ...more,
})

/** A seeded sale, its customers, and its keys by their short names. */
const sale = async (stock: number, places: Partial<Places> = {}, limit = 2) => {
  const seeded = await seedFresh(client.redis, {
    ...{ stock, limit },
    places: { stock: STOCK, records: [place('hash')], ...places },
  })
  const key = (name: string) => `${seeded.id}:${name}`
  return { sale: seeded, customers: new Customers(seeded), key, judge: () => judge(seeded) }
}

/** What the store alone says. */
const judge = async (of: Sale) =>
  audit({ sale: of, state: await readFinalState(client.redis, of.places), moving: null, nowMs: Date.now(), runs: null })

/** A shop that answers as its code does. */
const shop = (buy: (user: string, quantity: number) => Promise<Outcome>) => ({
  buy: ({ user, quantity }: { user: string; quantity: number }) => buy(user, quantity),
})

const users = (count: number): string[] => Array.from({ length: count }, (_, i) => `u${i}`)

describe('stock and records', () => {
  it('1: the counter looks right, the orders do not', async () => {
    const { customers, key } = await sale(10, { records: [place('list', 'ID:orders')] }, 1)
    const cap = shop(async (user) => {
      await call('RPUSH', key('orders'), user)
      if (Number(await call('GET', key('stock'))) > 0) await call('DECR', key('stock'))
      return 'sold'
    })
    for (const user of users(43)) await customers.buy(cap, user, 1)
    const result = await customers.audit(client.redis)
    expect(await call('GET', key('stock'))).toBe('0')
    expect(failures(result)).toEqual(expect.arrayContaining(['no-oversell', 'conservation']))
    expect(findingOf(result, 'no-oversell').message).toContain('43')
  })

  it('1: of two places of records one holds more than the other', async () => {
    const { customers, key } = await sale(10, { records: [place('set'), place('list', 'ID:orders')] }, 1)
    for (const user of users(10)) {
      await call('DECR', key('stock'))
      await call('SADD', key('buyers'), user)
      customers.told(user, 1, 'sold')
    }
    for (const user of users(43)) await call('RPUSH', key('orders'), `u${user.length % 10}`)
    const { verdict, witnesses } = await customers.audit(client.redis)
    expect(verdict).toBe('fail')
    expect(witnesses.disagreements.map(({ between, units }) => [...between, units])).toEqual([
      ['told', `recorded in ${key('orders')}`, 33],
      [`recorded in ${key('buyers')}`, `recorded in ${key('orders')}`, 33],
      [`recorded in ${key('orders')}`, 'left the stock', 33],
    ])
  })

  it('2: a lost update leaves stock that was sold', async () => {
    const { customers, key } = await sale(5)
    const seen = [await call('GET', key('stock')), await call('GET', key('stock'))]
    for (const [i, user] of ['ann', 'bob'].entries()) {
      await call('SET', key('stock'), Number(seen[i]) - 1)
      await call('HSET', key('buyers'), user, 1)
      customers.told(user, 1, 'sold')
    }
    const result = await customers.audit(client.redis)
    expect(findingOf(result, 'conservation')).toMatchObject({ verdict: 'fail', observed: 6, expected: 5 })
  })

  it('3: LREM removes fewer units than the record says', async () => {
    const { customers, key } = await sale(3, { stock: { type: 'list', key: 'ID:stock' } })
    for (const user of ['ann', 'bob']) {
      await call('LREM', key('stock'), 2, 1)
      await call('HSET', key('buyers'), user, 2)
      customers.told(user, 2, 'sold')
    }
    const result = await customers.audit(client.redis)
    expect(failures(result)).toEqual(expect.arrayContaining(['no-oversell', 'conservation']))
    expect(findingOf(result, 'conservation').message).toContain('1 unit made up')
  })

  it('4: the last unit is lost where a reply of 0 is read as sold out', async () => {
    const { customers, key } = await sale(2)
    const zero = shop(async (user) => {
      if (Number(await call('DECR', key('stock'))) <= 0) return 'sold_out'
      await call('HSET', key('buyers'), user, 1)
      return 'sold'
    })
    for (const user of ['ann', 'bob']) await customers.buy(zero, user, 1)
    const found = findingOf(await customers.audit(client.redis), 'conservation')
    expect(found).toMatchObject({ verdict: 'fail', message: expect.stringContaining('1 unit lost') })
    expect(found.hint).toContain('reply of 0')
  })

  it('5: one too many where 0 left is enough to sell', async () => {
    const { customers, key } = await sale(2)
    const open = shop(async (user) => {
      if (Number(await call('GET', key('stock'))) < 0) return 'sold_out'
      await call('DECR', key('stock'))
      await call('HSET', key('buyers'), user, 1)
      return 'sold'
    })
    for (const user of users(4)) await customers.buy(open, user, 1)
    const result = await customers.audit(client.redis)
    expect(findingOf(result, 'no-oversell')).toMatchObject({ verdict: 'fail', observed: 3, expected: 2, users: ['u2'] })
  })

  it('6: more than what is left is sold where only the sign of the stock is checked', async () => {
    const { customers, key } = await sale(1)
    const sign = shop(async (user, quantity) => {
      if (Number(await call('GET', key('stock'))) <= 0) return 'sold_out'
      await call('DECRBY', key('stock'), quantity)
      await call('HSET', key('buyers'), user, quantity)
      return 'sold'
    })
    await customers.buy(sign, 'ann', 2)
    expect(failures(await customers.audit(client.redis))).toEqual(
      expect.arrayContaining(['no-oversell', 'no-negative-stock']),
    )
  })

  it('7: decrement and undo: a dip below zero that was repaired, and an honest buyer sent away', async () => {
    const { sale: it7, customers, key } = await sale(1)
    const watch = new StockWatch(client.redis, it7.places.stock, 1)
    await call('DECRBY', key('stock'), 2)
    watch.start()
    await call('DECR', key('stock'))
    customers.told('bob', 1, 'sold_out')
    await call('INCRBY', key('stock'), 2)
    customers.told('ann', 2, 'insufficient_stock')
    await call('INCR', key('stock'))
    const run = customers.run()
    const stock = await watch.stop()
    const runs: Run[] = [{ ...run, footer: run.footer && { ...run.footer, stock } }]
    const state = await readFinalState(client.redis, it7.places)
    const result = audit({ sale: it7, state, moving: null, nowMs: Date.now(), runs })
    expect(state.remaining).toBe(1)
    expect(findingOf(result, 'no-negative-stock')).toMatchObject({
      verdict: 'fail',
      message: expect.stringMatching(/went down to -\d, 1 at the end \(\d+ samples during the load, every 1 ms\)/),
    })
    expect(findingOf(result, 'no-undersell')).toMatchObject({ verdict: 'fail', users: ['bob'] })
    expect(failures(result)).toContain('somebody-bought')
  })

  it('8: without its stock key the shop sells for ever, or nothing at all', async () => {
    const { customers, key, judge: alone } = await sale(10)
    await call('DEL', key('stock'))
    expect(findingOf(await alone(), 'conservation')).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining(`there is no counter at ${key('stock')}`),
    })
    const nil = shop(async (user) => {
      if ((await call('GET', key('stock'))) === '0') return 'sold_out'
      await call('DECR', key('stock'))
      await call('HSET', key('buyers'), user, 1)
      return 'sold'
    })
    for (const user of users(3)) await customers.buy(nil, user, 1)
    expect(findingOf(await customers.audit(client.redis), 'no-negative-stock').observed).toBe(-3)
  })

  it('9: stock and buyers share a key, or nobody reads the stream of orders', async () => {
    const {
      sale: it9,
      customers,
      key,
    } = await sale(10, {
      queues: [{ key: 'ID:orders', type: 'stream' }],
    })
    await call('DEL', key('stock'))
    await call('SADD', key('stock'), 'ann')
    const shared = shop(() =>
      call('DECR', key('stock')).then(
        () => 'sold' as const,
        () => 'error' as const,
      ),
    )
    for (const user of users(3)) await customers.buy(shared, user, 1)
    const result = await customers.audit(client.redis)
    expect(findingOf(result, 'conservation')).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining(`stock key ${key('stock')} is a set, not a string`),
    })
    expect(result.verdict).toBe('inconclusive')
    await call('XADD', key('orders'), '*', 'user', 'ann')
    expect((await lookAt(client.redis, it9.places)).waiting).toBe(
      `1 in ${key('orders')}, which no consumer group reads`,
    )
  })

  it('10: nobody can buy: 0 is true in Lua', async () => {
    const { customers, key } = await sale(5, { records: [place('set')] }, 1)
    const lua = "if redis.call('SISMEMBER', KEYS[1], ARGV[1]) then return 'already_bought' end return 'sold'"
    const script = { name: 'zero is true', keys: ['buyers'], lua }
    const truthy = shop((user) => client.redis.script(script, [key('buyers')], [user]) as Promise<Outcome>)
    for (const user of users(4)) await customers.buy(truthy, user, 1)
    expect(findingOf(await customers.audit(client.redis), 'somebody-bought')).toMatchObject({
      verdict: 'fail',
      hint: expect.stringContaining('Lua truth test on 0'),
    })
  })

  it('11: a double click buys twice where check and mark are apart; the set hides it', async () => {
    const { customers, key } = await sale(5, { records: [place('set')] }, 1)
    for (const copy of [0, 1]) {
      await call('DECR', key('stock'))
      await call('SADD', key('buyers'), 'ann')
      customers.told('ann', 1, 'sold', { copy })
    }
    const result = await customers.audit(client.redis)
    expect(findingOf(result, 'one-success-per-user')).toMatchObject({ verdict: 'fail', users: ['ann'] })
    expect(failures(result)).toContain('conservation')
    expect(findingOf(result, 'one-record-per-user').message).toContain('by construction')
  })

  it('12: a rollback deletes the mark of a real buyer', async () => {
    const { customers, key } = await sale(1, { records: [place('keys', 'ID:bought:{user}')] }, 1)
    await call('DECR', key('stock'))
    await call('SET', key('bought:ann'), 1)
    customers.told('ann', 1, 'sold')
    await call('DEL', key('bought:ann'))
    customers.told('ann', 1, 'sold_out', { copy: 1 })
    expect(findingOf(await customers.audit(client.redis), 'acknowledged-is-recorded')).toMatchObject({
      verdict: 'fail',
      users: ['ann'],
    })
  })

  it('13: a mark is set before the stock is looked at, and stays', async () => {
    const { customers, key } = await sale(1, { records: [place('keys', 'ID:tried:{user}')] }, 1)
    const first = shop(async (user) => {
      await call('SET', key(`tried:${user}`), 1, 'EX', 3_600)
      return Number(await call('GET', key('stock'))) > 0 && Number(await call('DECR', key('stock'))) >= 0
        ? 'sold'
        : 'sold_out'
    })
    for (const user of ['ann', 'bob']) await customers.buy(first, user, 1)
    expect(findingOf(await customers.audit(client.redis), 'recorded-is-acknowledged')).toMatchObject({
      verdict: 'fail',
      users: ['bob'],
    })
  })

  it('14: the shop dies between taking and recording: a range, and who it may have been', async () => {
    const { customers, key } = await sale(5)
    await call('DECR', key('stock'))
    customers.told('ann', 1, 'unknown')
    await call('DECR', key('stock'))
    await call('HSET', key('buyers'), 'bob', 1)
    customers.told('bob', 1, 'sold')
    expect(findingOf(await customers.audit(client.redis), 'conservation')).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining('1 unit lost; without an answer and without a record: ann'),
      users: ['ann'],
    })
  })
})

describe('the server', () => {
  it('18: a mark expires and its user buys again; the lifetime is named before it does', async () => {
    const { sale: it18, customers, key } = await sale(5, { records: [place('keys', 'ID:bought:{user}')] }, 1)
    await call('DECR', key('stock'))
    await call('SET', key('bought:ann'), 1, 'EX', 300)
    customers.told('ann', 1, 'sold')
    expect(lifetimeWarnings(await readLifetimes(client.redis, it18.places), null, Date.now())).toEqual([
      expect.stringMatching(/:bought:ann expires in \d+ s, no sale\.window\.end/),
    ])
    // A moment that is over: the key expires at once.
    await call('EXPIREAT', key('bought:ann'), 1)
    await call('DECR', key('stock'))
    await call('SET', key('bought:ann'), 1, 'EX', 300)
    customers.told('ann', 1, 'sold', { copy: 1 })
    expect(findingOf(await customers.audit(client.redis), 'one-success-per-user').users).toEqual(['ann'])
  })

  it('19: a server that evicts, and one that did', async () => {
    const server = await startPrivateRedis()
    const own = await connect(server.url)
    try {
      const start = (await readServer(own.redis)).mark
      await own.redis.call('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru')
      await own.redis.call('SET', 'goods', 5, 'EX', 1_000)
      await own.redis.call('CONFIG', 'SET', 'maxmemory', 1)
      await own.redis.call('SET', 'more', 1).catch(() => {})
      expect(await own.redis.get('goods')).toBeNull()
      expect(serverWarnings(await readServer(own.redis), start, true)).toEqual([
        expect.stringMatching(/may evict keys of the sale: maxmemory 0 MB with policy volatile-lru/),
        expect.stringMatching(/evicted 1 keys since the run began/),
      ])
    } finally {
      await own.close()
      await server.stop()
    }
  })

  it('20: after a failover the store is no witness', async () => {
    const { sale: it20, customers, key } = await sale(5)
    await call('DECR', key('stock'))
    customers.told('ann', 1, 'sold')
    const [before, after] = [await startPrivateRedis(), await startPrivateRedis()]
    const clients = [await connect(before.url), await connect(after.url)] as const
    try {
      const [{ mark }, facts] = [await readServer(clients[0].redis), await readServer(clients[1].redis)]
      const state = await readFinalState(client.redis, it20.places)
      const lost = lostServer(facts, mark)
      const result = audit({ sale: it20, state, moving: null, lost, nowMs: Date.now(), runs: [customers.run()] })
      expect(findingOf(result, 'acknowledged-is-recorded')).toMatchObject({
        verdict: 'inconclusive',
        message: expect.stringContaining('restarted or failed over'),
      })
      expect(result.verdict).toBe('inconclusive')
    } finally {
      for (const { close } of clients) await close()
      await before.stop()
      await after.stop()
    }
  })
})

describe('seeding and load', () => {
  it.each<[string, (key: (name: string) => string) => Promise<unknown>, number]>([
    ['appends to an old list', (key) => call('RPUSH', key('stock'), 1, 1, 1), 13],
    ['leaves old buyers', (key) => call('HSET', key('buyers'), 'old', 2), 12],
    ['keeps an old stock', (key) => call('LTRIM', key('stock'), 0, 3), 4],
  ])('24: a seeding that %s', async (_how, spoil, units) => {
    const { key, judge: alone } = await sale(10, { stock: { type: 'list', key: 'ID:stock' } })
    await spoil(key)
    expect(findingOf(await alone(), 'conservation')).toMatchObject({ verdict: 'fail', observed: units, expected: 10 })
  })

  it('25: the shop ignores the name, or changes it', async () => {
    const { customers, key } = await sale(5)
    for (const [i, user] of ['Ann', 'Bob'].entries()) {
      await call('DECR', key('stock'))
      await call('HSET', key('buyers'), `uid-${i}`, 1)
      customers.told(user, 1, 'sold')
    }
    const result = await customers.audit(client.redis)
    expect(findingOf(result, 'acknowledged-is-recorded').users).toEqual(['Ann', 'Bob'])
    expect(findingOf(result, 'recorded-is-acknowledged')).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('users that no known run made'),
    })
  })

  it('25: names that differ in case only are one user, where the sale says so', async () => {
    for (const [fold, failed] of [
      [['lower', 'trim'], []],
      [[], ['acknowledged-is-recorded']],
    ] as const) {
      const { customers, key } = await sale(5, { fold })
      await call('DECR', key('stock'))
      await call('HSET', key('buyers'), 'ANN ', 1)
      customers.told('ann', 1, 'sold')
      expect(failures(await customers.audit(client.redis))).toEqual(failed)
    }
  })

  it('26: a limiter that lets nobody through tests nothing', async () => {
    const { customers } = await sale(5)
    const busy = shop(async () => 'throttled')
    for (const user of users(50)) await customers.buy(busy, user, 1)
    const result = await customers.audit(client.redis)
    expect(result.verdict).toBe('inconclusive')
    expect(findingOf(result, 'somebody-bought')).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('50 throttled'),
    })
  })

  it('27: an exhausted pool is told as sold out', async () => {
    const { customers, key } = await sale(5)
    let connections = 2
    const leaking = shop(async (user) => {
      if (connections-- <= 0) return 'sold_out'
      await call('DECR', key('stock'))
      await call('HSET', key('buyers'), user, 1)
      return 'sold'
    })
    for (const user of users(4)) await customers.buy(leaking, user, 1)
    expect(findingOf(await customers.audit(client.redis), 'no-undersell')).toMatchObject({
      verdict: 'fail',
      users: ['u2', 'u3'],
      message: expect.stringContaining('3 units left'),
    })
  })

  it.each<[string, StockPlace, (sale: Sale) => Promise<unknown>, string]>([
    [
      'a fraction',
      { type: 'hash-field', key: 'ID:stock', field: 'left' },
      ({ keys }) => call('HINCRBYFLOAT', keys.stock, 'left', -0.5),
      '"9.5": not a whole number',
    ],
    ['a blob', STOCK, ({ keys }) => call('SET', keys.stock, '\u0001\u0002blob'), '"\\x01\\x02blob"'],
  ])('30: %s in place of a number is shown as it stands', async (_what, stock, spoil, shown) => {
    const { sale: it30, judge: alone } = await sale(10, { stock })
    await spoil(it30)
    expect(findingOf(await alone(), 'conservation')).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining(shown),
    })
  })

  it('30: a key with spaces in its name is read like any other', async () => {
    const named = freshSale({
      stock: 3,
      places: { stock: { type: 'string-down', key: 'ID Film A' }, records: [place('set')] },
    })
    await call('SET', named.keys.stock, 3)
    expect((await readFinalState(client.redis, named.places)).remaining).toBe(3)
  })
})
