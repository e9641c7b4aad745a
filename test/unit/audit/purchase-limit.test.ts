import { describe, expect, it } from 'vitest'
import { type History, judged, runOf, saleOf, stateOf, type Told, withoutRecords } from '../../helpers/history.js'

const judge = (history: Omit<History, 'runs'>) => judged('purchase-limit', { runs: null, ...history })

describe('purchase-limit', () => {
  it('passes for quantities in 1..2', () => {
    expect(judge({ state: stateOf(2, { ann: 1, bob: 2 }) })).toMatchObject({
      verdict: 'pass',
      message: 'every record is a quantity in 1..2',
      ...{ observed: 0, expected: 0, users: [], keys: ['a_users'] },
    })
  })

  it('is untested where nothing is recorded', () => {
    expect(judge({ state: stateOf(5) })).toMatchObject({ verdict: 'untested', message: 'nothing is recorded' })
  })

  it('is untested where nobody asked for as much as one may have, nor twice', () => {
    const verdictAfter = (told: Told[]) =>
      judged('purchase-limit', { state: stateOf(4, { ann: 1 }), runs: [runOf(told)] }).verdict
    expect(
      verdictAfter([
        ['ann', 'sold', 1],
        ['bob', 'error', 1],
      ]),
    ).toBe('untested')
    expect(
      verdictAfter([
        ['ann', 'sold', 1],
        ['bob', 'error', 2],
      ]),
    ).toBe('pass')
    expect(
      verdictAfter([
        ['ann', 'sold', 1],
        ['ann', 'already_bought', 1],
      ]),
    ).toBe('pass')
  })

  it.each([0, -1, 3, 10_000])('fails for %i units', (units) => {
    expect(judge({ state: stateOf(0, { ann: 1, bob: units }) })).toMatchObject({
      verdict: 'fail',
      message: '1 user holds a quantity outside 1..2: bob',
      ...{ observed: 1, expected: 0, users: ['bob'] },
    })
  })

  it('fails though the quantities of all add up to nothing', () => {
    expect(judge({ state: stateOf(5, { ann: 1, bob: -1 }) })).toMatchObject({ verdict: 'fail', users: ['bob'] })
  })

  it('adds up what one user holds, over its records, but not over places: each holds the whole truth', () => {
    const sale = saleOf({ layout: 'list-basic', perUser: { orders: 1, units: 1 } })
    expect(judge({ sale, state: stateOf(2, ['ann', 'bob', 'ann']) })).toMatchObject({ verdict: 'fail', users: ['ann'] })
    const [one] = stateOf(0, { ann: 2, bob: 1 }).records
    const [other] = stateOf(0, { ann: 1, bob: 1 }).records
    const state = stateOf(0, {}, { records: [one!, other!] })
    expect(judge({ state }).verdict).toBe('pass')
    const worse = stateOf(0, {}, { records: [one!, { ...other!, key: 'orders', quantities: [3, 1] }] })
    expect(judge({ state: worse })).toMatchObject({ verdict: 'fail', users: ['ann'], keys: ['orders'] })
  })

  it.each(['abc', '1.5', '"1"', ' 1', '', '1e3'])('fails for the value %j, shown as it stands', (raw) => {
    const found = judge({ state: stateOf(4, { ann: 1, bob: raw }) })
    expect(found).toMatchObject({
      ...{ verdict: 'fail', observed: raw, expected: '1..2', users: ['bob'], next: 'redis-cli HGET a_users bob' },
    })
    expect(found.message).toBe(`1 record cannot be read: bob has ${JSON.stringify(raw)} (not a whole number)`)
  })

  it('is judged on a torn log too: it needs no run', () => {
    const runs = [runOf([['bob', 'sold']], { torn: true })]
    expect(judged('purchase-limit', { state: stateOf(2, { bob: 3 }), runs }).verdict).toBe('fail')
    expect(judged('purchase-limit', { state: stateOf(4, { bob: 1 }), runs }).verdict).toBe('pass')
  })

  it('cannot tell without records, and says why', () => {
    expect(judge({ state: null })).toMatchObject({ verdict: 'inconclusive', message: 'Redis was not readable' })
    expect(judge({ state: withoutRecords(5) })).toMatchObject({
      verdict: 'inconclusive',
      message: 'records key a_users is a set, not a hash',
      keys: ['a_users'],
    })
  })

  describe('where no limit is stated', () => {
    const sale = saleOf({ limitAssumed: true })

    it('any number of units may be allowed: untested, and how to state one', () => {
      expect(judge({ sale, state: stateOf(0, { ann: 5 }) })).toMatchObject({
        verdict: 'untested',
        message: 'every record is a whole number of at least 1; no limit is stated: --limit',
      })
    })

    it.each([0, -1])('%i units are none', (units) => {
      expect(judge({ sale, state: stateOf(5, { ann: units }) })).toMatchObject({
        ...{ verdict: 'fail', users: ['ann'], message: '1 user holds a quantity below 1: ann' },
      })
    })

    it('what is no number is not readable all the same', () => {
      const found = judge({ sale, state: stateOf(5, { ann: 'many' }) })
      expect(found).toMatchObject({ verdict: 'fail', expected: 'a whole number of at least 1' })
    })
  })
})
