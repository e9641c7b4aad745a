import { describe, expect, it } from 'vitest'
import { attemptsOfUsers, namedUsers } from '../../../src/audit/evidence.js'
import { auditOf, runOf, startOf, stateOf, type Told } from '../../helpers/history.js'

describe('evidence', () => {
  it('names the users of failed and undecided rules, at most 20 each', () => {
    const users = Array.from({ length: 30 }, (_, i) => `u${i}`)
    const told = users.map((user): Told => [user, 'sold'])
    const { invariants } = auditOf({ state: stateOf(5, { zoe: 1 }), runs: [runOf(told)] })
    const named = namedUsers(invariants)
    // Those without a record are the first 20; those told too many come last; zoe is of no run.
    expect(named.has('u0') && named.has('u19') && named.has('zoe')).toBe(true)
    expect([...named].filter((user) => users.includes(user))).toHaveLength(40 - 15)
    expect(namedUsers(invariants.filter(({ verdict }) => verdict === 'pass')).size).toBe(0)
  })

  it('shows every attempt of those users, in the order of the logs, with its times', () => {
    const first = runOf(
      [
        ['bob', 'sold'],
        ['ann', 'sold', 2],
        ['ann', 'already_bought'],
      ],
      { minute: 1 },
    )
    const second = runOf([['ann', 'unknown']], { minute: 2, start: startOf(2, ['ann', 'bob']) })
    expect(attemptsOfUsers([first, second], new Set(['ann']))).toEqual([
      { runId: 'run-1', user: 'ann', copy: 0, quantity: 2, outcome: 'sold', sentAtMs: 1, doneAtMs: 1.5 },
      { runId: 'run-1', user: 'ann', copy: 1, quantity: 1, outcome: 'already_bought', sentAtMs: 2, doneAtMs: 2.5 },
      { runId: 'run-2', user: 'ann', copy: 0, quantity: 1, outcome: 'unknown', sentAtMs: 0, doneAtMs: 0.5 },
    ])
  })

  it('is empty where nobody is named', () => {
    expect(attemptsOfUsers([runOf([['ann', 'sold']])], new Set())).toEqual([])
  })
})
