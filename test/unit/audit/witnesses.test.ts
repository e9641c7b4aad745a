import { describe, expect, it } from 'vitest'
import { DecisionTable } from '../../../src/history/decision-table.js'
import type { Run } from '../../../src/history/run.js'
import type { InvariantId } from '../../../src/sale/invariant.js'
import type { LayoutName } from '../../../src/sale/layout.js'
import {
  auditOf,
  type History,
  INITIAL,
  runOf,
  SEEDED_MS,
  saleOf,
  startOf,
  stateOf,
  type Told,
  verdictsOf,
  withoutRecords,
} from '../../helpers/history.js'
import { bookOf } from '../../helpers/order-book.js'

/** The witnesses of the contract's table, the store taken apart into its two keys. */
type Witness = 'stock' | 'records' | 'run'
const NEEDS: Readonly<Record<InvariantId, readonly Witness[]>> = {
  'no-oversell': ['records'],
  'no-negative-stock': ['stock'],
  'one-record-per-user': ['records'],
  'one-success-per-user': ['run'],
  'purchase-limit': ['records'],
  conservation: ['stock', 'records'],
  'acknowledged-is-recorded': ['records', 'run'],
  'recorded-is-acknowledged': ['records', 'run'],
  'reserved-is-recorded': ['records'],
  'queued-is-decided': ['records', 'run'],
  'no-undersell': ['stock', 'records', 'run'],
  'somebody-bought': ['run'],
  'real-time-order': ['run'],
  'no-sale-outside-window': ['run'],
}
const IDS = Object.keys(NEEDS) as (keyof typeof NEEDS)[]
const idsWith = (...witnesses: Witness[]) =>
  IDS.filter((id) => witnesses.some((witness) => NEEDS[id].includes(witness)))

/** Histories in which every rule was put to the test and held. */
const HELD: Readonly<Record<LayoutName, { told: Told[]; remaining: number; users: string[]; initial: number }>> =
  (() => {
    const told: Told[] = [
      ['zoe', 'not_open'],
      ['ann', 'sold', 2],
      ['bob', 'sold', 2],
      ['ann', 'already_bought', 2],
      ['eve', 'insufficient_stock', 2],
    ]
    const units = { told, remaining: 1, users: ['ann', 'bob'], initial: INITIAL }
    const basic: Told[] = [
      ['zoe', 'not_open'],
      ['ann', 'sold'],
      ['bob', 'sold'],
      ['ann', 'already_bought'],
      ['eve', 'sold_out'],
    ]
    return {
      list: units,
      counter: units,
      'list-basic': { told: basic, remaining: 0, users: ['ann', 'bob'], initial: 2 },
    }
  })()

/** The run begins a minute after the seeding, and its second attempt a millisecond later. */
const OPENS = { startMs: SEEDED_MS + 60_001, endMs: null }

const LAYOUTS = Object.keys(HELD) as LayoutName[]

/** The last user was told "queued" first. */
const afterWaiting = (run: Run): Run => {
  const row = run.attempts.length - 1
  const [userIndex, outcome] = [run.attempts.userIndex[row] as number, run.attempts.outcomeAt(row)]
  return {
    ...run,
    decisions: DecisionTable.of([{ userIndex, copy: 0, outcome, decidedAtUs: run.attempts.doneAtUs(row) }]),
  }
}

const heldOn = (layout: LayoutName, { torn = false } = {}) => {
  const { told, remaining, users, initial } = HELD[layout]
  const units = layout === 'list-basic' ? 1 : 2
  const records = units === 1 ? users : Object.fromEntries(users.map((user) => [user, units]))
  const orders = bookOf({ sold: users.map((user) => ['queue-naive', user, units] as const) })
  const sale = saleOf({ layout, initial, perUser: { orders: 1, units }, ttlSeconds: 60, window: OPENS })
  const history: History = {
    ...{ sale, state: stateOf(remaining, records, { ttlSeconds: 30, orders }), nowMs: SEEDED_MS + 30_000 },
    runs: [afterWaiting(runOf(told, { torn, start: startOf(initial) }))],
  }
  return { history, records, remaining, orders }
}

describe.each(LAYOUTS)('%s: no rule passes without its witness', (layout) => {
  const { history, records, remaining, orders } = heldOn(layout)

  it('with all of them, every rule passes', () => {
    expect(verdictsOf(auditOf(history))).toEqual(Object.fromEntries(IDS.map((id) => [id, 'pass'])))
  })

  const stateWith = (wish: Parameters<typeof stateOf>[2]) =>
    stateOf(remaining, records, { ttlSeconds: 30, orders, ...wish })
  const expectOpen = (changed: Partial<History>, ids: readonly InvariantId[]) => {
    const verdicts = verdictsOf(auditOf({ ...history, ...changed }))
    expect(Object.fromEntries(ids.map((id) => [id, verdicts[id]]))).toEqual(
      Object.fromEntries(ids.map((id) => [id, 'inconclusive'])),
    )
  }

  it('Redis out of reach', () => expectOpen({ state: null }, idsWith('stock', 'records')))

  it('a sale that still moves', () => expectOpen({ moving: 'it moves' }, idsWith('stock', 'records')))

  it('a stock key of another type', () =>
    expectOpen({ state: stateWith({ remaining: null, stockProblem: 'a set, not a stock' }) }, idsWith('stock')))

  it('a records key of another type', () => expectOpen({ state: withoutRecords(remaining) }, idsWith('records')))

  it('no run', () => expectOpen({ runs: [] }, idsWith('run')))

  it('a torn run', () => expectOpen(heldOn(layout, { torn: true }).history, idsWith('run')))

  it('the store alone: rules of the run are skipped, with the reason', () => {
    for (const { id, verdict, message } of auditOf({ ...history, runs: null }).invariants) {
      const needsRun = idsWith('run').includes(id)
      expect([id, verdict]).toEqual([id, needsRun ? 'skipped' : 'pass'])
      if (needsRun) expect(message).toContain('needs a run')
    }
  })

  it.skipIf(layout === 'list-basic')('an expired stock key with units unsold', () => {
    const gone =
      layout === 'counter' ? { remaining: null, stockProblem: 'there is no counter at goods_a' } : { remaining: 0 }
    const state = stateWith({ ...gone, ttlSeconds: null })
    expectOpen({ state, nowMs: SEEDED_MS + 60_000 }, ['conservation', 'no-undersell'])
  })

  it.skipIf(layout === 'list-basic')('a record that cannot be read may be of any number of units', () => {
    const verdicts = verdictsOf(auditOf({ ...history, state: stateOf(remaining, { ann: 2, bob: 'two' }) }))
    expect(verdicts['purchase-limit']).toBe('fail')
    const sums = ['no-oversell', 'conservation', 'acknowledged-is-recorded', 'recorded-is-acknowledged'] as const
    for (const id of sums) expect([id, verdicts[id]]).toEqual([id, 'inconclusive'])
  })
})

describe('answers that no rule understands', () => {
  /** Answered with a status of its own. */
  const answered = (told: Told[], status: number): Run => {
    const run = runOf(told)
    return {
      ...run,
      attempts: Object.assign(run.attempts.head(told.length), { status: run.attempts.status.map(() => status) }),
    }
  }
  const twelve: Told[] = Array.from({ length: 12 }, (_, i) => [`u${i}`, 'unknown'])
  const sold = stateOf(0, { u0: 1, u1: 1, u2: 1, u3: 1, u4: 1 })

  it.each([200, 500])('all of them, status %i: nothing passes', (status) => {
    const result = auditOf({ state: sold, runs: [answered(twelve, status)] })
    expect(result.verdict).toBe('inconclusive')
    expect(result.invariants.some(({ verdict }) => verdict === 'pass')).toBe(false)
  })

  it('some of them: whether too many were told "sold" is open', () => {
    const some: Told[] = [...twelve, ['bob', 'sold_out'], ['u0', 'unknown']]
    const result = verdictsOf(auditOf({ state: sold, runs: [answered(some, 200)] }))
    expect(result).toMatchObject({ 'no-oversell': 'inconclusive', 'one-success-per-user': 'inconclusive' })
    // That a request failed tells nobody that he got it.
    expect(verdictsOf(auditOf({ state: sold, runs: [answered(some, 500)] }))).toMatchObject({ 'no-oversell': 'pass' })
  })
})
