import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import { RedisPort } from '../../src/redis/port.js'
import type { Outcome } from '../../src/sale/outcome.js'
import { isQuantity, type Purchase } from '../../src/sale/purchase.js'
import { readFinalState } from '../../src/store/snapshot.js'
import { counterBatch } from '../../src/strategies/counter-batch.js'
import { fc } from '../helpers/fc.js'
import { seedFresh } from '../helpers/sale.js'
import { connect, openOn } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

/** The same purchases one after the other, by the rules of the document. */
class Oracle {
  readonly records = new Map<string, number>()
  remaining: number
  readonly #limit: number

  constructor(stock: number, limit: number) {
    this.remaining = stock
    this.#limit = limit
  }

  buy({ user, quantity }: Purchase): Outcome {
    if (!isQuantity(quantity, this.#limit)) return 'rejected'
    if (this.records.has(user)) return 'already_bought'
    if (this.remaining <= 0) return 'sold_out'
    if (this.remaining < quantity) return 'insufficient_stock'
    this.remaining -= quantity
    this.records.set(user, quantity)
    return 'sold'
  }
}

interface Sale {
  readonly stock: number
  readonly limit: number
  readonly waves: readonly (readonly Purchase[])[]
}

const saleWith = (maxPurchases: number, minPurchases: number): fc.Arbitrary<Sale> =>
  fc.integer({ min: 1, max: 12 }).chain((limit) =>
    fc.record({
      stock: fc.integer({ min: 1, max: Math.max(10, maxPurchases) }),
      limit: fc.constant(limit),
      waves: fc.array(
        fc.array(
          fc.record({
            // Few names and odd ones: duplicates within a batch are the point.
            user: fc.oneof(
              fc.nat(maxPurchases).map((i) => `u${i}`),
              fc.constantFrom('', '王伟', '__proto__', '0', 'a b', '"]'),
            ),
            quantity: fc.integer({ min: 0, max: limit + 1 }),
          }),
          { minLength: minPurchases, maxLength: maxPurchases, size: 'max' },
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  )

/** Buys in waves, each at once; tells how many script calls it took. */
const buyAll = async ({ stock, limit, waves }: Sale) => {
  const sale = await seedFresh(client.redis, { layout: 'counter', stock, limit })
  const calls: number[] = []
  const counting = new RedisPort((unit) => {
    if (unit.kind === 'script') calls.push((JSON.parse(String(unit.args[0])) as unknown[]).length)
    return client.redis.execute(unit)
  })
  const shop = await openOn({ ...client, redis: counting }, sale, counterBatch)
  const outcomes: Outcome[] = []
  for (const wave of waves) outcomes.push(...(await Promise.all(wave.map((purchase) => shop.buy(purchase)))))
  const state = await readFinalState(client.redis, sale.places)
  return { outcomes, state, calls }
}

const equalsOracle = async (sale: Sale): Promise<number[]> => {
  const oracle = new Oracle(sale.stock, sale.limit)
  const expected = sale.waves.flat().map((purchase) => oracle.buy(purchase))
  const { outcomes, state, calls } = await buyAll(sale)
  expect(outcomes).toEqual(expected)
  expect(state.remaining).toBe(oracle.remaining)
  const [source] = state.records
  expect(new Map(source?.users.map((user, i) => [user, source.quantities[i]]))).toEqual(oracle.records)
  return calls
}

it('a batch is what its purchases are one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(saleWith(40, 0), async (sale) => {
      await equalsOracle(sale)
    }),
    { numRuns: 200 },
  )
})

it('more purchases than a batch holds keep their order over several calls', async () => {
  await fc.assert(
    fc.asyncProperty(saleWith(1_700, 600), async (sale) => {
      const calls = await equalsOracle(sale)
      const perWave = sale.waves.map((wave) => wave.filter(({ quantity }) => isQuantity(quantity, sale.limit)).length)
      expect(calls.reduce((sum, size) => sum + size, 0)).toBe(perWave.reduce((sum, size) => sum + size, 0))
      expect(calls.length).toBe(perWave.reduce((sum, size) => sum + Math.ceil(size / 500), 0))
      expect(Math.max(0, ...calls)).toBeLessThanOrEqual(500)
    }),
    { numRuns: 12 },
  )
})

it('large quantities are exact', async () => {
  const purchases = Array.from({ length: 30 }, (_, i) => ({ user: `u${i}`, quantity: 1_000 - i }))
  await equalsOracle({ stock: 20_001, limit: 1_000, waves: [purchases] })
})

it('what waits at the same time shares a call', async () => {
  const purchases = Array.from({ length: 100 }, (_, i) => ({ user: `u${i}`, quantity: 1 }))
  expect((await buyAll({ stock: 50, limit: 1, waves: [purchases] })).calls).toEqual([100])
})
