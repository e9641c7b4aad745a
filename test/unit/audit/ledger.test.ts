import { describe, expect, it } from 'vitest'
import { buildLedger } from '../../../src/audit/ledger.js'
import { runOf, startOf, stateOf, type Told } from '../../helpers/history.js'

const NOTHING = {
  recordedOrders: 0,
  recordedUnits: 0,
  soldOrders: 0,
  soldUnits: 0,
  openOrders: 0,
  openUnits: 0,
  unreadOrders: 0,
  unreadableOrders: 0,
}

describe('buildLedger', () => {
  const told: Told[] = [
    ['ann', 'sold', 2],
    ['ann', 'sold', 1],
    ['bob', 'unknown', 2],
    ['bob', 'queued', 1],
    ['eve', 'replayed', 1],
    ['joe', 'sold_out', 2],
  ]
  const ledger = buildLedger(stateOf(0, { ann: 3, old: 1, odd: 'x' }), [runOf(told)], null)

  it('keeps one account for each user who holds or may hold something', () => {
    expect(Object.fromEntries(ledger.accounts)).toEqual({
      ann: { ...NOTHING, recordedOrders: 1, recordedUnits: 3, soldOrders: 2, soldUnits: 3 },
      old: { ...NOTHING, recordedOrders: 1, recordedUnits: 1 },
      odd: { ...NOTHING, recordedOrders: 1, unreadableOrders: 1 },
      bob: { ...NOTHING, openOrders: 2, openUnits: 3 },
      eve: { ...NOTHING, openOrders: 1, openUnits: 1 },
    })
  })

  it('adds up', () => {
    expect(ledger).toMatchObject({
      ...{ recordedUnits: 4, acknowledgedUnits: 3, attempts: 6, soldOrders: 2, unknownAttempts: 1, demandedUnits: 9 },
      ...{ gap: null, repeatedUsers: true },
    })
  })

  it('takes user names as they are', () => {
    const names = ['__proto__', '', '王伟1', 'constructor']
    const { accounts } = buildLedger(null, [runOf(names.map((name): Told => [name, 'sold']))], null)
    expect([...accounts.keys()]).toEqual(names)
    for (const account of accounts.values()) expect(account).toEqual({ ...NOTHING, soldOrders: 1, soldUnits: 1 })
  })

  it('is complete only where every run has its end', () => {
    const whole = runOf([['ann', 'sold']])
    const torn = runOf([['bob', 'sold']], { minute: 2, torn: true })
    expect(buildLedger(null, [whole, torn]).gap).toBe('a run log ends early, so attempts are missing')
    expect(buildLedger(null, [whole, whole]).gap).toBe(null)
    expect(buildLedger(null, [whole], null, null, 'a run log is gone').gap).toBe('a run log is gone')
  })

  it('knows whether some user tried twice, in a run or over runs', () => {
    const once = runOf([
      ['ann', 'sold'],
      ['bob', 'sold'],
    ])
    const others = runOf([['eve', 'sold']], { minute: 2, start: startOf(3, ['ann', 'bob']) })
    const again = runOf([['ann', 'already_bought']], { minute: 3, start: startOf(2, null, 3) })
    expect(buildLedger(null, [once], null).repeatedUsers).toBe(false)
    expect(buildLedger(null, [once, others], null).repeatedUsers).toBe(false)
    expect(buildLedger(null, [once, others, again], null).repeatedUsers).toBe(true)
    expect(
      buildLedger(
        null,
        [
          runOf([
            ['ann', 'sold'],
            ['ann', 'sold'],
          ]),
        ],
        null,
      ).repeatedUsers,
    ).toBe(true)
  })

  it('users with one story share an account, others have their own', () => {
    const told: Told[] = [
      ['ann', 'sold'],
      ['bob', 'sold'],
      ['eve', 'sold', 2],
    ]
    const { accounts } = buildLedger(stateOf(1, { ann: 1, bob: 1, eve: 2 }), [runOf(told)])
    expect(accounts.get('ann')).toBe(accounts.get('bob'))
    expect(accounts.get('eve')).toMatchObject({ recordedUnits: 2, soldUnits: 2, soldOrders: 1 })
    // Quantities that nobody orders are told apart all the same.
    const odd = buildLedger(stateOf(1, { ann: 5_000, bob: 5_000, eve: -1 }), []).accounts
    expect([...odd.values()].map(({ recordedUnits }) => recordedUnits)).toEqual([5_000, 5_000, -1])
  })
})
