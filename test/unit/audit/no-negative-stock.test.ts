import { describe, expect, it } from 'vitest'
import { type History, judged, runOf, saleOf, stateOf, type Told } from '../../helpers/history.js'

const judge = (history: History) => judged('no-negative-stock', history)

/** More is asked for than there is. */
const TOLD: Told[] = [
  ['ann', 'sold'],
  ['bob', 'error', 9],
]
const sampled = (lowest: number, samples = 7, intervalMs = 20) =>
  runOf(TOLD, { samples: { lowest, last: 4, samples, intervalMs } })

describe('no-negative-stock', () => {
  it('passes and tells samples and interval', () => {
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [sampled(0)] })).toMatchObject({
      verdict: 'pass',
      message: 'the stock was never seen below zero (4 at the end; 7 samples during the load, every 20 ms)',
      ...{ observed: 0, expected: 0, keys: ['goods_a'] },
    })
  })

  it('of the store alone passes on the end, and says that there were no samples', () => {
    const found = judge({ state: stateOf(4, { ann: 1 }), runs: null })
    expect(found).toMatchObject({ verdict: 'pass', observed: 4 })
    expect(found.message).toContain('no samples during the load')
  })

  it('is inconclusive where nobody watched the run: a dip may have been made good again', () => {
    const found = judge({ state: stateOf(4, { ann: 1 }), runs: [runOf(TOLD, { samples: null })] })
    expect(found).toMatchObject({ verdict: 'inconclusive', message: expect.stringContaining('a dip') })
  })

  it('is untested where no more than the stock was asked for', () => {
    const found = judge({ state: stateOf(4, { ann: 1 }), runs: [runOf(TOLD.slice(0, 1))] })
    expect(found).toMatchObject({ verdict: 'untested', message: expect.stringContaining('asked for') })
  })

  it('fails for one counter below zero, which the sum of all hides', () => {
    const lowestPart = { name: 'counter at st:0', units: -3 }
    expect(judge({ state: stateOf(47, { ann: 1 }, { lowestPart }), runs: null })).toMatchObject({
      verdict: 'fail',
      message: 'counter at st:0 went down to -3, 47 at the end over all counters (no samples during the load)',
      observed: -3,
    })
    const samples = { lowest: 4, lowestPart, last: 4, samples: 2, intervalMs: 20 }
    const repaired = judge({ state: stateOf(4, { ann: 1 }), runs: [runOf(TOLD, { samples })] })
    expect(repaired).toMatchObject({ verdict: 'fail', message: expect.stringContaining('counter at st:0') })
  })

  it('fails for a negative end', () => {
    expect(judge({ state: stateOf(-2, { ann: 1 }), runs: null })).toMatchObject({
      verdict: 'fail',
      message: 'the stock went down to -2 (no samples during the load)',
      ...{ observed: -2, expected: 0, next: 'seckill race --strategy counter-lua' },
    })
  })

  it('fails for a dip that was made good, in any of the runs', () => {
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [sampled(1, 7, 20), sampled(-3, 5, 50)] })).toMatchObject({
      verdict: 'fail',
      message: 'the stock went down to -3, 4 at the end (12 samples during the load, every 50 ms)',
      observed: -3,
    })
  })

  it('cannot tell without a counter', () => {
    const found = judge({ state: stateOf(null, { ann: 1 }), runs: [sampled(2)] })
    expect(found).toMatchObject({ verdict: 'inconclusive', message: 'there is no counter at goods_a' })
  })

  it.each([
    ['the counter is gone', { state: stateOf(null, { ann: 1 }), runs: [sampled(-3)] }],
    ['Redis is gone', { state: null, runs: [sampled(-3)] }],
  ] satisfies [string, History][])('a sample below zero convicts even where %s', (_when, history) => {
    expect(judge(history)).toMatchObject({ verdict: 'fail', observed: -3 })
  })

  it('a list is never negative, if it is one', () => {
    const sale = saleOf({ layout: 'list' })
    expect(judge({ sale, state: stateOf(0, { ann: 1 }), runs: [runOf(TOLD)] })).toMatchObject({
      verdict: 'pass',
      message: expect.stringContaining('by construction'),
    })
    const noList = stateOf(null, { ann: 1 }, { stockProblem: 'stock key goods_a is a string, not a list' })
    expect(judge({ sale, state: noList, runs: [runOf(TOLD)] })).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('is a string, not a list'),
    })
  })
})
