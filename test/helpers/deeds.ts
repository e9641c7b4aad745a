import type { Run } from '../../src/history/run.js'
import type { FinalState } from '../../src/sale/final-state.js'
import { LAYOUT_NAMES, type LayoutName } from '../../src/sale/layout.js'
import { OUTCOMES, type Outcome } from '../../src/sale/outcome.js'
import { isQuantity } from '../../src/sale/purchase.js'
import { fc } from './fc.js'
import { type History, runOf, saleOf, startOf, stateOf, type Told } from './history.js'

/** What a shop did to a sale, before it is cut into runs. */
export interface Deeds {
  readonly layout: LayoutName
  readonly initial: number
  readonly limit: number
  readonly told: readonly Told[]
  /** Who held a record before the first attempt, and how much was left then. */
  readonly before: readonly string[]
  readonly stockBefore: number
  readonly records: ReadonlyMap<string, number>
  readonly remaining: number
  /** Rows at which a new run begins. */
  readonly cuts: readonly number[]
}

export const stateFrom = ({ layout, remaining, records }: Deeds): FinalState =>
  stateOf(remaining, layout === 'list-basic' ? [...records.keys()] : Object.fromEntries(records))

/** Each run notes what stood in Redis when it began; here only the first note has to be right. */
export const runsFrom = ({ told, before, stockBefore, cuts }: Deeds, torn = false): Run[] => {
  const edges = [0, ...[...new Set(cuts)].sort((a, b) => a - b), told.length]
  return edges.slice(1).map((end, i) => {
    const start = i === 0 ? startOf(stockBefore, before) : null
    return runOf(told.slice(edges[i], end), { minute: i + 1, start, torn: torn && i === 0 })
  })
}

export const historyFrom = (deeds: Deeds): History => ({
  sale: saleOf({ layout: deeds.layout, initial: deeds.initial, perUser: { orders: 1, units: deeds.limit } }),
  state: stateFrom(deeds),
  runs: runsFrom(deeds),
})

const USERS = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', '王伟', '__proto__']

interface Wish {
  readonly user: string
  readonly quantity: number
  readonly fate: 'reaches' | 'throttled' | 'error' | 'not_sent'
}

const wish: fc.Arbitrary<Wish> = fc.record({
  user: fc.constantFrom(...USERS),
  quantity: fc.integer({ min: 0, max: 3 }),
  fate: fc.oneof(
    { weight: 6, arbitrary: fc.constant('reaches' as const) },
    fc.constantFrom('throttled', 'error', 'not_sent'),
  ),
})

/** A shop that serves one purchase after the other, by the rules of the document. */
const serve = (
  wishes: readonly Wish[],
  stock: number,
  limit: number,
  idempotent: boolean,
  records: Map<string, number>,
) => {
  let remaining = stock
  const answer = ({ user, quantity, fate }: Wish): Outcome => {
    if (fate !== 'reaches') return fate
    if (!isQuantity(quantity, limit)) return 'rejected'
    if (records.has(user)) return idempotent && records.get(user) === quantity ? 'replayed' : 'already_bought'
    if (remaining <= 0) return 'sold_out'
    if (remaining < quantity) return 'insufficient_stock'
    remaining -= quantity
    records.set(user, quantity)
    return 'sold'
  }
  const told = wishes.map((each): Told => [each.user, answer(each), each.quantity])
  return { told, remaining }
}

export const honest: fc.Arbitrary<Deeds> = fc
  .record({
    layout: fc.constantFrom(...LAYOUT_NAMES),
    initial: fc.integer({ min: 1, max: 8 }),
    unitLimit: fc.integer({ min: 1, max: 2 }),
    idempotent: fc.boolean(),
    earlier: fc.oneof(fc.constant([]), fc.array(wish, { maxLength: 3 })),
    wishes: fc.array(wish, { minLength: 1, maxLength: 20 }),
    cuts: fc.array(fc.nat(20), { maxLength: 2 }),
  })
  .map(({ layout, initial, unitLimit, idempotent, earlier, wishes, cuts }) => {
    const limit = layout === 'list-basic' ? 1 : unitLimit
    const records = new Map<string, number>()
    const { remaining: stockBefore } = serve(earlier, initial, limit, idempotent, records)
    const before = [...records.keys()]
    const { told, remaining } = serve(wishes, stockBefore, limit, idempotent, records)
    return {
      ...{ layout, initial, limit, told, before, stockBefore, records, remaining },
      cuts: cuts.filter((cut) => cut > 0 && cut < told.length),
    }
  })

export const buyersOf = ({ told }: Deeds) => told.flatMap(([user, outcome]) => (outcome === 'sold' ? [user] : []))
export const honestWithBuyer = honest.filter((deeds) => buyersOf(deeds).length > 0)

/** Anything may have been told and recorded. */
export const anyDeeds: fc.Arbitrary<Deeds> = fc.record({
  layout: fc.constantFrom(...LAYOUT_NAMES),
  initial: fc.integer({ min: 0, max: 6 }),
  limit: fc.integer({ min: 1, max: 2 }),
  told: fc.array(
    fc.tuple(
      fc.constantFrom(...USERS.slice(0, 5)),
      fc.oneof(fc.constantFrom(...OUTCOMES), fc.constantFrom<Outcome[]>('sold', 'unknown', 'sold_out')),
      fc.integer({ min: 1, max: 3 }),
    ),
    { minLength: 1, maxLength: 10 },
  ),
  before: fc.uniqueArray(fc.constantFrom(...USERS.slice(3, 7)), { maxLength: 2 }),
  stockBefore: fc.integer({ min: 0, max: 6 }),
  records: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...USERS.slice(0, 7)), fc.integer({ min: 0, max: 3 })), {
      selector: ([user]) => user,
      maxLength: 6,
    })
    .map((entries) => new Map(entries)),
  remaining: fc.integer({ min: -2, max: 6 }),
  cuts: fc.constant([]),
})

/** Another answer in place of some "sold". */
export const relabelled = (deeds: Deeds, mask: readonly boolean[], outcome: Outcome): Deeds => ({
  ...deeds,
  told: deeds.told.map(
    ([user, was, quantity = 1], row): Told => [
      user,
      was === 'sold' && mask[row % mask.length] ? outcome : was,
      quantity,
    ],
  ),
})
