import { describe, expect, it } from 'vitest'
import { unitLimit } from '../../../src/sale/sale.js'
import { type History, judged, runOf, saleOf, stateOf, type Told } from '../../helpers/history.js'

const BASIC = saleOf({ layout: 'list-basic', perUser: { orders: 1, units: 1 } })
const judge = (history: History) => judged('one-record-per-user', { sale: BASIC, ...history })

const TWICE: Told[] = [
  ['ann', 'sold'],
  ['ann', 'already_bought'],
]

describe('one-record-per-user', () => {
  it('a hash has it by construction, and says what tells more', () => {
    const found = judge({ sale: saleOf(), state: stateOf(4, { ann: 1 }), runs: [runOf(TWICE)] })
    expect(found.verdict).toBe('pass')
    expect(found.message).toMatch(/by construction.*one-success-per-user.*conservation/)
  })

  it('where a record is a unit, orders cannot be told: the units of each user are judged', () => {
    const state = stateOf(3, ['ann', 'ann'])
    const records = state.records.map((source) => ({ ...source, type: 'hash-units' as const }))
    const place = { type: 'hash-units' as const, key: 'a_users', user: null, quantity: null }
    const sale = saleOf({ layout: 'custom', places: { ...saleOf().places, records: [place] } })
    const history = { sale, state: { ...state, records }, runs: null }
    expect(judge(history)).toMatchObject({
      verdict: 'skipped',
      message: expect.stringContaining('a unit, not an order'),
    })
    expect(judged('purchase-limit', history).verdict).toBe('pass')
    expect(unitLimit(sale)).toBe(2)
    const three = {
      ...state,
      records: records.map((source) => ({ ...source, users: ['ann', 'ann', 'ann'], quantities: [1, 1, 1] })),
    }
    expect(judged('purchase-limit', { ...history, state: three })).toMatchObject({ verdict: 'fail', users: ['ann'] })
  })

  it('passes where a double click left one record', () => {
    expect(judge({ state: stateOf(4, ['ann']), runs: [runOf(TWICE)] })).toMatchObject({
      verdict: 'pass',
      message: 'no user holds more than 1 record',
      ...{ observed: 0, expected: 0, users: [] },
    })
  })

  it('is untested where nobody tried twice, but judges the store alone', () => {
    const once = judge({ state: stateOf(4, ['ann']), runs: [runOf([['ann', 'sold']])] })
    expect(once).toMatchObject({ verdict: 'untested', message: expect.stringContaining('nobody tried twice') })
    expect(judge({ state: stateOf(4, ['ann']), runs: null }).verdict).toBe('pass')
  })

  it('fails for two records and names who holds them, tried twice or not', () => {
    for (const runs of [null, [runOf([['ann', 'sold']])], [runOf(TWICE)]]) {
      expect(judge({ state: stateOf(2, ['ann', 'bob', 'ann']), runs })).toMatchObject({
        verdict: 'fail',
        message: '1 user holds more than 1 record: ann',
        ...{ observed: 1, expected: 0, users: ['ann'], keys: ['a_users'] },
      })
    }
  })

  it('counts as the sale allows', () => {
    const sale = saleOf({ layout: 'list-basic', perUser: { orders: 2, units: 2 } })
    expect(judge({ sale, state: stateOf(3, ['ann', 'ann']), runs: null }).verdict).toBe('pass')
    const many = ['a', 'b', 'c', 'd'].flatMap((user) => [user, user, user])
    expect(judge({ sale, state: stateOf(0, many), runs: null })).toMatchObject({
      verdict: 'fail',
      message: '4 users hold more than 2 records: a, b, c and 1 more',
    })
  })

  it('does not claim that nobody tried twice where a torn log hides attempts', () => {
    const found = judge({ state: stateOf(4, ['ann']), runs: [runOf([['ann', 'sold']], { torn: true })] })
    expect(found.message).not.toContain('nobody tried twice')
  })
})
