import { describe, expect, it } from 'vitest'
import type { FailedJob } from '../../../src/sale/final-state.js'
import type { Outcome } from '../../../src/sale/outcome.js'
import { followed } from '../../helpers/followed.js'
import { auditOf, type History, heldAt, judged, runOf, startOf, stateOf } from '../../helpers/history.js'

const judge = (history: History) => judged('queued-is-decided', history)

describe('queued-is-decided', () => {
  it('passes where every decision is what is recorded', () => {
    const runs = [followed({ ann: 'sold', bob: 'sold_out', cyd: 'rejected' })]
    expect(judge({ state: stateOf(4, { ann: 1 }), runs })).toMatchObject({
      ...{ verdict: 'pass', observed: 0, expected: 0 },
      message: 'each of 3 buyers who waited was decided as it is recorded',
    })
  })

  it('is untested where nobody waited', () => {
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [runOf([['ann', 'sold']])] }).verdict).toBe('untested')
  })

  it('names those who were told "sold" in the end and are not recorded', () => {
    const runs = [followed({ ann: 'sold', bob: 'sold', cyd: 'sold_out' })]
    expect(judge({ state: stateOf(4, { ann: 1 }), runs })).toMatchObject({
      ...{ verdict: 'fail', users: ['bob'], observed: 1 },
      message: 'accepted, decided "sold", and not recorded: bob',
    })
  })

  it.each(['insufficient_stock', 'sold_out', 'not_open', 'rejected', 'error'] as const)(
    'names those who were told "%s" in the end and are recorded',
    (outcome) => {
      const runs = [followed({ ann: 'sold', bob: outcome })]
      expect(judge({ state: stateOf(3, { ann: 1, bob: 1 }), runs })).toMatchObject({
        ...{ verdict: 'fail', users: ['bob'] },
        message: 'accepted, refused in the end, and recorded nevertheless: bob',
      })
    },
  )

  it('a record from before, or of another attempt, is no contradiction', () => {
    const before = { start: heldAt(4, { bob: 1 }) }
    expect(
      judge({ state: stateOf(3, { ann: 1, bob: 1 }), runs: [followed({ ann: 'sold', bob: 'sold_out' }, before)] }),
    ).toMatchObject({ verdict: 'pass' })
    const twice = [followed({ ann: 'sold_out' }), runOf([['ann', 'sold']], { minute: 2 })]
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: twice }).verdict).toBe('pass')
  })

  it('what was not heard is known where the buyer has a new record', () => {
    const runs = [followed({ ann: null })]
    expect(judge({ state: stateOf(4, { ann: 1 }), runs }).verdict).toBe('pass')
    const before = [followed({ ann: null }, { start: heldAt(4, { ann: 1 }) })]
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: before }).verdict).toBe('inconclusive')
  })

  it.each<[Record<string, number>, number, Parameters<typeof runOf>[1]]>([
    [{ ann: 1 }, 1, { start: startOf(5, null, 3) }],
    [{}, 0, {}],
  ])('otherwise what was not heard proves nothing: %j', (records, recorded, wish) => {
    const history = { state: stateOf(5 - recorded, records), runs: [followed({ ann: null }, wish)] }
    expect(judge(history)).toMatchObject({
      ...{ verdict: 'inconclusive', users: ['ann'], observed: 1 },
      message: `what 1 buyer who waited came to was not heard, ${recorded} of them are recorded: ann`,
    })
    expect(auditOf(history).verdict).toBe('inconclusive')
  })

  it('a violation outweighs what was not heard', () => {
    expect(
      judge({ state: stateOf(4, { cyd: 1 }), runs: [followed({ ann: null, bob: 'sold', cyd: 'sold' })] }),
    ).toMatchObject({
      ...{ verdict: 'fail', users: ['bob'] },
    })
  })

  it('records that nobody can date, or a log that is cut, accuse nobody', () => {
    const state = stateOf(4, { ann: 1 })
    const undated = [followed({ ann: 'sold_out' }, { start: startOf(5, null, 3) })]
    expect(judge({ state, runs: undated }).verdict).toBe('inconclusive')
    expect(judge({ state, runs: [followed({ ann: 'sold_out' })], gap: 'a log is gone' }).verdict).toBe('inconclusive')
  })

  it('what cannot be read is not missing', () => {
    const runs = [followed({ ann: 'sold' })]
    expect(judge({ state: stateOf(4, { ann: 'x' }), runs })).toMatchObject({ verdict: 'inconclusive', users: ['ann'] })
  })

  it.each<[string, FailedJob['user'], Record<string, number>, Outcome | null, string]>([
    ['of a buyer who is not recorded', 'ann', {}, null, '1 job was given up: t1 (ann)'],
    ['of nobody knows whom', null, {}, null, '1 job was given up: t1'],
  ])('a failed job %s fails it by name', (_, user, records, outcome, message) => {
    const state = stateOf(5, records, { failedJobs: [{ id: 't1', user, reason: 'boom' }] })
    expect(judge({ state, runs: [followed({ ann: outcome })] })).toMatchObject({ verdict: 'fail', message })
  })

  it('a failed job whose buyer is recorded, or knows of the refusal, is none', () => {
    const failedJobs = [{ id: 't1', user: 'ann', reason: 'boom' }]
    expect(judge({ state: stateOf(4, { ann: 1 }, { failedJobs }), runs: [followed({ ann: 'sold' })] }).verdict).toBe(
      'pass',
    )
    expect(judge({ state: stateOf(5, {}, { failedJobs }), runs: [followed({ ann: 'error' })] }).verdict).toBe('pass')
  })

  it('a queue that still holds orders leaves it open, with its depth', () => {
    const history = { state: stateOf(5), runs: [followed({ ann: 'sold' })], moving: '3 waiting in bull:orders' }
    expect(judge(history)).toMatchObject({
      ...{ verdict: 'inconclusive', message: 'the sale was still moving: 3 waiting in bull:orders' },
    })
  })
})
