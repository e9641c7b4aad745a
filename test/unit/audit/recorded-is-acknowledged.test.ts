import { describe, expect, it } from 'vitest'
import type { StartState } from '../../../src/history/run.js'
import { type History, heldAt, judged, runOf, startOf, stateOf, type Told } from '../../helpers/history.js'

const judge = (history: History) => judged('recorded-is-acknowledged', history)

describe('recorded-is-acknowledged', () => {
  it.each(['sold', 'unknown', 'queued', 'replayed'] as const)('"%s" explains a record', (outcome) => {
    expect(judge({ state: stateOf(3, { ann: 2 }), runs: [runOf([['ann', outcome, 2]])] })).toMatchObject({
      verdict: 'pass',
      message: 'every record has its answer',
    })
  })

  it.each([
    'already_bought',
    'insufficient_stock',
    'sold_out',
    'not_open',
    'rejected',
    'throttled',
    'error',
    'not_sent',
  ] as const)('"%s" does not, and the user is named', (outcome) => {
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [runOf([['ann', outcome]])] })).toMatchObject({
      verdict: 'fail',
      message: '1 user holds more than any answer gave them: ann',
      ...{ observed: 1, expected: 0, users: ['ann'], keys: ['a_users'] },
    })
  })

  it('is untested where nothing is recorded', () => {
    expect(judge({ state: stateOf(5), runs: [runOf([['ann', 'sold_out']])] })).toMatchObject({ verdict: 'untested' })
  })

  it('fails for more units than the answers gave', () => {
    expect(judge({ state: stateOf(3, { ann: 2 }), runs: [runOf([['ann', 'sold', 1]])] })).toMatchObject({
      ...{ verdict: 'fail', users: ['ann'] },
    })
  })

  it.each([
    [1, 'pass'],
    [3, 'pass'],
    [4, 'fail'],
  ])('sold 1 and unknown 2: %i recorded', (recorded, verdict) => {
    const told: Told[] = [
      ['ann', 'sold', 1],
      ['ann', 'unknown', 2],
    ]
    expect(judge({ state: stateOf(5 - recorded, { ann: recorded }), runs: [runOf(told)] }).verdict).toBe(verdict)
  })

  it('fails for a record of 0 units that nobody was told of', () => {
    const told: Told[] = [
      ['ann', 'sold_out'],
      ['bob', 'sold'],
    ]
    expect(judge({ state: stateOf(4, { ann: 0, bob: 1 }), runs: [runOf(told)] })).toMatchObject({
      ...{ verdict: 'fail', users: ['ann'] },
    })
  })

  it('cannot judge records of users that no run knows, and names them', () => {
    expect(judge({ state: stateOf(3, { ann: 1, zoe: 1 }), runs: [runOf([['ann', 'sold']])] })).toMatchObject({
      verdict: 'inconclusive',
      message: '1 record of users that no known run made: zoe',
      ...{ observed: 1, expected: 0, users: ['zoe'] },
    })
  })

  it('names its own users, not the foreign ones, where both are unexplained', () => {
    const told: Told[] = [
      ['ann', 'sold'],
      ['bob', 'sold_out'],
    ]
    const found = judge({ state: stateOf(2, { ann: 1, bob: 1, zoe: 1 }), runs: [runOf(told)] })
    expect(found).toMatchObject({ verdict: 'fail', users: ['bob'] })
  })

  describe('records from before the first run', () => {
    const told: Told[] = [
      ['ann', 'sold'],
      ['old', 'already_bought'],
    ]

    it('are explained by the run’s own note', () => {
      const run = runOf(told, { start: startOf(4, ['old']) })
      expect(judge({ state: stateOf(3, { old: 1, ann: 1 }), runs: [run] })).toMatchObject({
        verdict: 'pass',
        message: 'every record has its answer; 1 record is older than the runs',
      })
    })

    it('explain no more units than they had', () => {
      const more = (start: StartState) =>
        judge({ state: stateOf(2, { old: 2, ann: 1 }), runs: [runOf(told, { start })] })
      expect(more(heldAt(4, { old: 1 }))).toMatchObject({ verdict: 'fail', users: ['old'] })
      expect(more(heldAt(3, { old: 2 }))).toMatchObject({ verdict: 'pass' })
      // Older logs keep names alone.
      expect(more(startOf(4, ['old']))).toMatchObject({ verdict: 'pass' })
    })

    it('and grow by what was sold', () => {
      const again = runOf([['old', 'sold']], { start: heldAt(4, { old: 1 }) })
      expect(judge({ state: stateOf(3, { old: 2 }), runs: [again] }).verdict).toBe('pass')
      expect(judge({ state: stateOf(2, { old: 3 }), runs: [again] })).toMatchObject({ verdict: 'fail', users: ['old'] })
    })

    it('that grew for users whom no run knows are foreign', () => {
      const run = runOf([['ann', 'sold']], { start: heldAt(4, { old: 1 }) })
      expect(judge({ state: stateOf(2, { old: 2, ann: 1 }), runs: [run] })).toMatchObject({
        ...{ verdict: 'inconclusive', users: ['old'] },
      })
    })

    it('count from the earliest run, whatever the order of the logs', () => {
      const first = runOf([['ann', 'sold']], { minute: 1, start: startOf(4, ['old']) })
      const second = runOf([['bob', 'sold']], { minute: 2, start: startOf(3, ['old', 'ann']) })
      const state = stateOf(2, { old: 1, ann: 1, bob: 1 })
      for (const runs of [
        [first, second],
        [second, first],
      ])
        expect(judge({ state, runs }).verdict).toBe('pass')
      const between = stateOf(1, { old: 1, ann: 1, bob: 1, zoe: 1 })
      for (const runs of [
        [first, second],
        [second, first],
      ])
        expect(judge({ state: between, runs })).toMatchObject({ verdict: 'inconclusive', users: ['zoe'] })
    })

    it('of users who only then come are foreign where the run kept no names', () => {
      const run = runOf([['ann', 'sold']], { start: startOf(4, null, 1) })
      expect(judge({ state: stateOf(3, { old: 1, ann: 1 }), runs: [run] })).toMatchObject({
        ...{ verdict: 'inconclusive', users: ['old'] },
      })
    })

    // A second blast with the same seed, judged alone: its users bought in the first one.
    it.each([
      ['too many to be named', startOf(5, null, 2_000)],
      ['not readable', null],
    ])('convict nobody who comes back, where they were %s', (_why, start) => {
      const found = judge({ state: stateOf(3, { old: 1, ann: 1 }), runs: [runOf(told, { start })] })
      expect(found).toMatchObject({ verdict: 'inconclusive', users: ['old'] })
    })
  })

  it('two blasts after one seeding, and a buy before a blast, accuse nobody', () => {
    const buy = runOf([['ann', 'sold']], { minute: 1 })
    const blast = runOf(
      [
        ['bob', 'sold'],
        ['ann', 'already_bought'],
      ],
      { minute: 2, start: startOf(4, ['ann']) },
    )
    const again = runOf([['bob', 'already_bought']], { minute: 3, start: startOf(3, ['ann', 'bob']) })
    const state = stateOf(3, { ann: 1, bob: 1 })
    for (const runs of [[buy, blast, again], [blast, again], [again]])
      expect(judge({ state, runs }).verdict).toBe('pass')
  })

  it('cannot judge a torn log: the answer may be among what is missing', () => {
    const torn = runOf(
      [
        ['ann', 'sold'],
        ['bob', 'sold_out'],
      ],
      { torn: true },
    )
    expect(judge({ state: stateOf(3, { ann: 1, bob: 1 }), runs: [torn] })).toMatchObject({
      ...{ verdict: 'inconclusive', users: ['bob'], message: expect.stringContaining('ends early') },
    })
  })

  it('does not say that nothing is recorded where a record cannot be read', () => {
    const found = judge({ state: stateOf(4, { ann: 'one' }), runs: [runOf([['ann', 'sold']])] })
    expect(found.message).not.toBe('nothing is recorded')
  })
})
