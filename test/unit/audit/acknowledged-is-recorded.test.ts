import { describe, expect, it } from 'vitest'
import type { StartState } from '../../../src/history/run.js'
import { type History, heldAt, judged, runOf, saleOf, startOf, stateOf, type Told } from '../../helpers/history.js'

const judge = (history: History) => judged('acknowledged-is-recorded', history)

describe('acknowledged-is-recorded', () => {
  it('passes where every "sold" has its record', () => {
    const told: Told[] = [
      ['ann', 'sold', 2],
      ['bob', 'sold'],
    ]
    expect(judge({ state: stateOf(2, { ann: 2, bob: 1 }), runs: [runOf(told)] })).toMatchObject({
      verdict: 'pass',
      message: 'each of 2 "sold" has its record',
      ...{ observed: 0, expected: 0, users: [], keys: ['a_users'] },
    })
  })

  it('is untested where nobody was told "sold"', () => {
    const told: Told[] = [
      ['ann', 'sold_out'],
      ['bob', 'unknown'],
      ['eve', 'queued'],
      ['joe', 'replayed'],
    ]
    expect(judge({ state: stateOf(4, { bob: 1 }), runs: [runOf(told)] })).toMatchObject({ verdict: 'untested' })
  })

  it('fails for a lost record and names its user', () => {
    const told: Told[] = [
      ['ann', 'sold', 2],
      ['bob', 'sold'],
    ]
    expect(judge({ state: stateOf(2, { bob: 1 }), runs: [runOf(told)] })).toMatchObject({
      verdict: 'fail',
      message: '1 user was told "sold" for 2 units that no record shows: ann',
      ...{ observed: 1, expected: 0, users: ['ann'], next: 'redis-cli HGET a_users ann' },
    })
  })

  it('fails for a record of fewer units than acknowledged', () => {
    const found = judge({ state: stateOf(3, { ann: 1 }), runs: [runOf([['ann', 'sold', 2]])] })
    expect(found).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining('for 1 unit that'),
      users: ['ann'],
    })
  })

  it('fails for the first of two successes that the second overwrote', () => {
    const told: Told[] = [
      ['ann', 'sold', 2],
      ['ann', 'sold', 1],
    ]
    const found = judge({ state: stateOf(2, { ann: 1 }), runs: [runOf(told)] })
    expect(found).toMatchObject({ verdict: 'fail', message: expect.stringContaining('2 units'), users: ['ann'] })
    expect(found.hint).toContain('overwrote')
  })

  it.each([
    ['no more than was sold', 2, 'pass'],
    ['all of it', 3, 'pass'],
    ['less than was sold', 1, 'fail'],
  ])('sold 2 and unknown 1: recorded is %s', (_what, recorded, verdict) => {
    const told: Told[] = [
      ['ann', 'sold', 2],
      ['ann', 'unknown', 1],
    ]
    expect(judge({ state: stateOf(5 - recorded, { ann: recorded }), runs: [runOf(told)] }).verdict).toBe(verdict)
  })

  it('adds up over runs after one seeding', () => {
    const runs = [
      runOf([['ann', 'sold']], { minute: 1 }),
      runOf(
        [
          ['bob', 'sold'],
          ['ann', 'already_bought'],
        ],
        { minute: 2, start: startOf(4, ['ann']) },
      ),
    ]
    expect(judge({ state: stateOf(3, { ann: 1, bob: 1 }), runs }).verdict).toBe('pass')
    expect(judge({ state: stateOf(3, { ann: 1 }), runs })).toMatchObject({ verdict: 'fail', users: ['bob'] })
  })

  it('a torn log still convicts, but acquits nobody', () => {
    const torn = runOf(
      [
        ['ann', 'sold'],
        ['bob', 'sold'],
      ],
      { torn: true },
    )
    expect(judge({ state: stateOf(3, { ann: 1 }), runs: [torn] })).toMatchObject({ verdict: 'fail', users: ['bob'] })
    expect(judge({ state: stateOf(3, { ann: 1, bob: 1 }), runs: [torn] }).verdict).toBe('inconclusive')
  })

  it('looks a list of users up as a list', () => {
    const sale = saleOf({ layout: 'list-basic' })
    const found = judge({
      sale,
      state: stateOf(3, ['bob']),
      runs: [
        runOf([
          ['ann', 'sold'],
          ['bob', 'sold'],
        ]),
      ],
    })
    expect(found).toMatchObject({ verdict: 'fail', next: 'redis-cli LPOS a_users ann' })
  })

  it('does not call a record lost that is there but cannot be read', () => {
    const told: Told[] = [
      ['ann', 'sold'],
      ['bob', 'sold'],
    ]
    const unreadable = stateOf(3, { ann: '"1"', bob: 1 })
    const found = judge({ state: unreadable, runs: [runOf(told)] })
    expect(found.users).not.toContain('bob')
    expect(found.verdict).toBe('inconclusive')
    const lost = judge({ state: stateOf(3, { ann: '"1"' }), runs: [runOf(told)] })
    expect(lost).toMatchObject({ verdict: 'fail', users: ['bob'] })
  })

  it('asks for what a user held before as well', () => {
    const overwritten = (start: StartState) =>
      judge({ state: stateOf(4, { ann: 1 }), runs: [runOf([['ann', 'sold']], { start })] })
    expect(overwritten(heldAt(3, { ann: 2 }))).toMatchObject({
      ...{ verdict: 'fail', users: ['ann'] },
      message: '1 user was told "sold" for 2 units that no record shows, on top of what was recorded before: ann',
    })
    // Older logs keep names alone.
    expect(overwritten(startOf(3, ['ann'])).verdict).toBe('pass')
  })
})
