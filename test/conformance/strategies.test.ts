import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import type { InvariantId } from '../../src/sale/invariant.js'
import { LAYOUT_NAMES } from '../../src/sale/layout.js'
import type { Outcome } from '../../src/sale/outcome.js'
import { STRATEGIES } from '../../src/strategies/index.js'
import { type Shop, StockMissing, type Strategy } from '../../src/strategies/strategy.js'
import { Customers, failures, findingOf, freshSale, type SaleWish, seedFresh } from '../helpers/sale.js'
import { connect, knows, openOn, openProcesses } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const open = async (strategy: Strategy, wish: Omit<SaleWish, 'layout'>) => {
  const sale = await seedFresh(client.redis, { ...wish, layout: strategy.layout })
  return { sale, shop: await openOn(client, sale, strategy), customers: new Customers(sale) }
}

const names = (count: number, prefix = 'u'): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

const losesTheLastUnit = (strategy: Strategy): boolean => strategy.name === 'counter-naive'
const oneUnitOnly = (strategy: Strategy): boolean => strategy.layout === 'list-basic'
/** They decrement without a look before: nothing tells them an absent counter from an empty one. */
const claimsFirst = (strategy: Strategy): boolean => ['counter-undo', 'increx'].includes(strategy.name)
const maySellTwice = (strategy: Strategy): boolean => strategy.breaks.always.includes('one-success-per-user')

/** Under load nothing may fail but what the strategy declares. */
const expectOnlyDeclared = (strategy: Strategy, failed: readonly InvariantId[]) =>
  expect(failed.filter((id) => !strategy.breaks.always.includes(id))).toEqual([])

const exists = async (...keys: string[]): Promise<number> => Number(await client.redis.call('EXISTS', ...keys))

/** What a buyer is told, or `missing` where the shop says that there is no stock key. */
const ask = (shop: Shop, user: string, quantity: number): Promise<Outcome | 'missing'> =>
  shop.buy({ user, quantity }).catch((error: unknown) => {
    if (error instanceof StockMissing) return 'missing' as const
    throw error
  })

const untilGone = async (key: string): Promise<void> => {
  const deadline = performance.now() + 5_000
  await client.redis.call('PEXPIRE', key, 1)
  while ((await exists(key)) > 0) if (performance.now() > deadline) throw new Error(`${key} does not expire`)
}

describe.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))('%s', (_name, strategy) => {
  describe('alone', () => {
    it.each([1, 2, 7])('drains %i units to the last one', async (stock) => {
      const { shop, customers } = await open(strategy, { stock })
      for (const user of names(stock + 2)) await customers.buy(shop, user, 1)
      const result = await customers.audit(client.redis)
      expect(result.ledger.state?.remaining).toBe(0)
      if (losesTheLastUnit(strategy)) {
        expect(customers.count('sold')).toBe(stock - 1)
        const nobody = stock === 1 ? (['somebody-bought'] as const) : []
        expect(failures(result)).toEqual(['conservation', ...nobody, 'real-time-order'])
      } else {
        expect(customers.count('sold')).toBe(stock)
        expect(customers.count('sold_out')).toBe(2)
        expect(result.verdict).toBe('pass')
      }
    })

    it('tells a user who comes back, whatever is left', async () => {
      const { shop, customers } = await open(strategy, { stock: 3 })
      const answers = [await customers.buy(shop, 'ann', 1), await customers.buy(shop, 'ann', 1)]
      await customers.buy(shop, 'bob', 1)
      await customers.buy(shop, 'eve', 1)
      answers.push(await customers.buy(shop, 'ann', 1))
      expect(answers).toEqual(['sold', 'already_bought', 'already_bought'])
    })

    it('sells 2 and 1 of an odd stock', async () => {
      const { shop, customers } = await open(strategy, { stock: 3 })
      const answers: Outcome[] = []
      for (const [user, quantity] of Object.entries({ ann: 2, bob: 2, eve: 1, joe: 1 }))
        answers.push(await customers.buy(shop, user, quantity))
      const last = losesTheLastUnit(strategy) ? 'sold_out' : 'sold'
      expect(answers).toEqual(
        oneUnitOnly(strategy)
          ? ['rejected', 'rejected', 'sold', 'sold']
          : ['sold', 'insufficient_stock', last, 'sold_out'],
      )
      expect(failures(await customers.audit(client.redis))).toEqual(
        losesTheLastUnit(strategy) ? ['conservation', 'real-time-order'] : [],
      )
    })

    it('takes a user name as it is', async () => {
      const { sale, shop, customers } = await open(strategy, { stock: 10 })
      const users = ['王伟1', 'a b', '{x}', '-1', '', "');--", 'line\r\nbreak', '__proto__']
      for (const user of users) expect(await customers.buy(shop, user, 1)).toBe('sold')
      const result = await customers.audit(client.redis)
      expect(failures(result)).toEqual([])
      expect([...result.ledger.accounts.keys()].sort()).toEqual([...users].sort())
      expect(result.ledger.state?.records[0]?.key).toBe(sale.keys.records)
    })
  })

  describe('double click', () => {
    const ROUNDS = 40

    it('on one process', async () => {
      const { shop, customers } = await open(strategy, { stock: 4 * ROUNDS })
      for (const user of names(ROUNDS)) await Promise.all([customers.buy(shop, user, 1), customers.buy(shop, user, 1)])
      const result = await customers.audit(client.redis)
      expectOnlyDeclared(strategy, failures(result))
      if (maySellTwice(strategy)) expect(failures(result)).toContain('one-success-per-user')
      else expect(customers.count('sold')).toBe(ROUNDS)
    })

    it('on two processes', async () => {
      const { sale, customers } = await open(strategy, { stock: 4 * ROUNDS })
      const { shops, close } = await openProcesses(strategy, sale, 2)
      for (const user of names(ROUNDS)) await Promise.all(shops.map((shop) => customers.buy(shop, user, 1)))
      await close()
      expectOnlyDeclared(strategy, failures(await customers.audit(client.redis)))
      if (!maySellTwice(strategy)) expect(customers.count('sold')).toBe(ROUNDS)
    })

    it('for the last unit', async () => {
      for (let round = 0; round < 10; round++) {
        const { shop, customers } = await open(strategy, { stock: 1 })
        await Promise.all(['ann', 'ann', 'bob'].map((user) => customers.buy(shop, user, 1)))
        expectOnlyDeclared(strategy, failures(await customers.audit(client.redis)))
      }
    })
  })

  describe('burst', () => {
    const STOCK = 51
    const buyAtOnce = async (quantityOf: (i: number) => number, users: readonly string[]) => {
      const { sale, customers } = await open(strategy, { stock: STOCK })
      const { shops, close } = await openProcesses(strategy, sale, 4)
      await Promise.all(users.map((user, i) => customers.buy(shops[i % shops.length] as Shop, user, quantityOf(i))))
      await close()
      return customers
    }

    it('of 200 users for one unit each', async () => {
      const customers = await buyAtOnce(() => 1, names(200))
      expectOnlyDeclared(strategy, failures(await customers.audit(client.redis)))
      if (strategy.breaks.always.includes('no-oversell') || customers.count('throttled') > 0) return
      expect(customers.count('sold')).toBe(STOCK)
      expect(customers.count('sold_out')).toBe(200 - STOCK)
    })

    it('of 200 users for 1 or 2 units of an odd stock, some of whom click twice', async () => {
      const users = names(190).concat(names(10))
      // Every process asks for both: the first one to arrive could sell out with ones alone.
      const customers = await buyAtOnce((i) => 1 + ((i >> 2) % 2), users)
      expectOnlyDeclared(strategy, failures(await customers.audit(client.redis)))
    })
  })

  describe('without a stock key', () => {
    const lists = strategy.layout !== 'counter'

    it('sells nothing, records nothing, and writes nothing', async () => {
      const sale = freshSale({ layout: strategy.layout, stock: 10 })
      const shop = await openOn(client, sale, strategy)
      const answers = [await ask(shop, 'ann', 1), await ask(shop, 'bob', 1)]
      expect(answers).not.toContain('sold')
      expect(await exists(sale.keys.records)).toBe(0)
      // DECRBY and INCRBY back make a counter of 0 where there was none: as the document's readers would write it.
      const recreated = strategy.name === 'counter-undo'
      expect(await client.redis.call('EXISTS', sale.keys.stock)).toBe(recreated ? 1 : 0)
      if (recreated) expect(await client.redis.get(sale.keys.stock)).toBe('0')
      expect(await exists(sale.keys.lock)).toBe(0)
      expect(answers[1]).toBe(answers[0])
      if (!claimsFirst(strategy)) expect(answers[0]).toBe(lists ? 'sold_out' : 'missing')
    })

    it('expired in the middle, sells nothing more and accuses nobody', async () => {
      const { sale, shop, customers } = await open(strategy, { stock: 10, ttlSeconds: 100 })
      await customers.buy(shop, 'ann', 1)
      await customers.buy(shop, 'bob', 1)
      await untilGone(sale.keys.stock)
      expect(await customers.buy(shop, 'eve', 1)).not.toBe('sold')
      expect(await customers.buy(shop, 'joe', 1)).not.toBe('sold')
      const result = await customers.audit(client.redis, 101_000)
      expect(result.ledger.recordedUnits).toBe(2)
      expect(failures(result)).toEqual([])
      if (lists) expect(result.ledger.state?.remaining).toBe(0)
      else {
        expect(result.verdict).toBe('inconclusive')
        const conservation = findingOf(result, 'conservation')
        expect(conservation.verdict).toBe('inconclusive')
        expect(conservation.keys).toContain(sale.keys.stock)
        expect(conservation.message).toContain(sale.keys.stock)
      }
    })
  })

  it.each([0, 3, 1.5, -1, Number.NaN])('rejects a quantity of %d and writes nothing', async (quantity) => {
    const { sale, shop, customers } = await open(strategy, { stock: 10 })
    expect(await customers.buy(shop, 'ann', quantity)).toBe('rejected')
    expect(await exists(sale.keys.records)).toBe(0)
    expect((await customers.audit(client.redis)).ledger.state?.remaining).toBe(10)
    expect(await customers.buy(shop, 'ann', 1)).toBe('sold')
  })

  // Where the server lacks it, all of the above went through a script in its place.
  const { requires } = strategy
  if (requires) {
    it(`works with the server’s own ${requires.command}`, async ({ skip }) => {
      const lacks = !(await knows(client.redis, requires.command))
      skip(lacks, `not verified here: this server lacks ${requires.command} (${requires.servers})`)
      const { shop, customers } = await open(strategy, { stock: 3 })
      const answers = [await customers.buy(shop, 'ann', 2), await customers.buy(shop, 'bob', 2)]
      expect(answers).toEqual(['sold', 'insufficient_stock'])
      expect(failures(await customers.audit(client.redis))).toEqual([])
    })
  }
})

// The contract: "expiry that passed is named for both", the absent list and the absent counter.
it.each(LAYOUT_NAMES)('an expiry that passed is named by the audit: %s', async (layout) => {
  const sale = await seedFresh(client.redis, { layout, stock: 10, ttlSeconds: 100 })
  const customers = new Customers(sale)
  customers.told('ann', 1, 'sold_out')
  await untilGone(sale.keys.stock)
  const { message, hint } = findingOf(await customers.audit(client.redis, 101_000), 'conservation')
  expect(`${message} ${hint}`).toMatch(/expir|lifetime|TTL/i)
})
