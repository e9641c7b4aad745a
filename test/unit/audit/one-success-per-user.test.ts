import { describe, expect, it } from 'vitest'
import { type History, judged, runOf, saleOf, startOf, stateOf, type Told } from '../../helpers/history.js'

const judge = (history: History) => judged('one-success-per-user', history)

const DOUBLE: Told[] = [
  ['ann', 'sold'],
  ['ann', 'sold'],
  ['bob', 'sold'],
]

describe('one-success-per-user', () => {
  it('passes where a double click was sold once', () => {
    const told: Told[] = [
      ['ann', 'sold'],
      ['ann', 'already_bought'],
    ]
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [runOf(told)] })).toMatchObject({
      ...{ verdict: 'pass', observed: 0, expected: 0, users: [] },
    })
  })

  it.each(['unknown', 'queued', 'replayed'] as const)('"sold" and "%s" are no two successes', (outcome) => {
    const told: Told[] = [
      ['ann', 'sold'],
      ['ann', outcome],
    ]
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [runOf(told)] }).verdict).toBe('pass')
  })

  it('is untested where nobody tried twice, and says how to', () => {
    const found = judge({ state: stateOf(4, { ann: 1 }), runs: [runOf([['ann', 'sold']])] })
    expect(found).toMatchObject({ verdict: 'untested', next: 'seckill blast memory --duplicates 5%' })
  })

  it.each([
    ['with Redis', stateOf(3, { ann: 1, bob: 1 }), null],
    ['without', null, null],
    ['while it moves', stateOf(3, { ann: 1, bob: 1 }), '3 left'],
  ])('fails for a user sold to twice, %s', (_when, state, moving) => {
    expect(judge({ state, moving, runs: [runOf(DOUBLE)] })).toMatchObject({
      verdict: 'fail',
      message: '1 user was told "sold" more than once: ann',
      ...{ observed: 1, expected: 0, users: ['ann'] },
    })
  })

  it('fails over two runs, and over a torn one', () => {
    const second = runOf([['ann', 'sold']], { minute: 2, start: startOf(4, ['ann']) })
    for (const runs of [[runOf([['ann', 'sold']]), second], [runOf(DOUBLE, { torn: true })]])
      expect(judge({ state: stateOf(3, { ann: 1 }), runs })).toMatchObject({ verdict: 'fail', users: ['ann'] })
  })

  it('a user who comes back in a second run has tried twice', () => {
    const second = runOf([['ann', 'already_bought']], { minute: 2, start: startOf(4, ['ann']) })
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [runOf([['ann', 'sold']]), second] }).verdict).toBe('pass')
  })

  it('counts as the sale allows', () => {
    const sale = saleOf({ perUser: { orders: 2, units: 2 } })
    expect(judge({ sale, state: stateOf(3, { ann: 2 }), runs: [runOf(DOUBLE)] }).verdict).toBe('pass')
    const thrice: Told[] = [...DOUBLE, ['ann', 'sold']]
    expect(judge({ sale, state: stateOf(3, { ann: 2 }), runs: [runOf(thrice)] })).toMatchObject({
      verdict: 'fail',
      message: '1 user was told "sold" more than 2 times: ann',
    })
  })

  it('is skipped for the store alone, and open without a run or on a torn one', () => {
    expect(judge({ state: stateOf(5), runs: null })).toMatchObject({
      verdict: 'skipped',
      message: expect.stringContaining('needs a run'),
    })
    expect(judge({ state: stateOf(5), runs: [] })).toMatchObject({
      verdict: 'inconclusive',
      next: 'seckill audit --run none',
    })
    const torn = runOf(
      [
        ['ann', 'sold'],
        ['ann', 'already_bought'],
      ],
      { torn: true },
    )
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [torn] })).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('ends early'),
    })
  })
})
