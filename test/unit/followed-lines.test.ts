import { describe, expect, it } from 'vitest'
import { followedLines, undecidedWhy } from '../../src/cli/poll.js'
import { liveText } from '../../src/cli/render-run.js'
import { stepLine } from '../../src/cli/render-scenario.js'
import { Decisions, type Followed, followedOf } from '../../src/load/decisions.js'
import { LatencyRecorder } from '../../src/load/latency.js'
import { Measures } from '../../src/load/measures.js'
import { outcomesInTheEnd } from '../../src/report/followed.js'

const none = followedOf(new Decisions(), new LatencyRecorder())
const timesOf = (p50: number, p99: number, max: number) => ({ ...none.decisionMs, p50, p99, max })
const followed: Followed = { ...none, queued: 3, polls: 9, undecided: 3, decisionMs: timesOf(1, 2, 3) }

describe('what became of queued attempts', () => {
  it('says how long decisions took only where there are any, and acceptance beside it', () => {
    expect(followedLines(followed)).toEqual(['3 attempts queued: undecided 3; 9 polls'])
    expect(
      followedLines({
        ...{ ...followed, undecided: 2, outcomes: { sold: 1 }, throttled: 4, acceptanceMs: timesOf(0.1, 0.2, 0.3) },
      }),
    ).toEqual([
      '3 attempts queued: sold 1, undecided 2; 9 polls, 4 told to come later',
      'time to acceptance: p50 0.1 ms, p99 0.2 ms, max 0.3 ms',
      'time to decision:   p50 1.0 ms, p99 2.0 ms, max 3.0 ms',
    ])
    expect(followedLines({ ...followed, polls: null, throttled: null })).toEqual(['3 attempts queued: undecided 3'])
    expect(followedLines({ ...followed, queued: 0 })).toEqual(['nothing was queued, nothing was polled'])
  })

  it('says why some stayed undecided, as far as it is known', () => {
    expect(undecidedWhy({ ...followed, undecided: 0, failures: [{ count: 1, reason: 'timeout' }] })).toBeNull()
    expect(undecidedWhy(followed)).toBeNull()
    const failures = [
      { count: 7, reason: 'WRONGTYPE\n' },
      { count: 1, reason: 'timeout' },
    ]
    const unmatched = [{ count: 1, sample: '404 {}' }]
    expect(undecidedWhy({ ...followed, unmatched })).toBe(
      '3 attempts stayed undecided; no rule knows the answer to 1 poll (--poll-outcome): 404 {}',
    )
    expect(undecidedWhy({ ...followed, notFollowed: 1, failures })).toBe(
      '3 attempts stayed undecided; 1 were not followed: their answers held no ticket (--ticket), or too many were open; 7 polls brought no answer: WRONGTYPE\\x0a',
    )
  })

  it('counts attempts by their decision, in the order of the vocabulary', () => {
    expect(outcomesInTheEnd({ queued: 5, error: 1 }, null)).toEqual(Object.entries({ queued: 5, error: 1 }))
    expect(outcomesInTheEnd({ queued: 5, sold: 1 }, { outcomes: { sold_out: 2, sold: 1 } })).toEqual(
      Object.entries({ sold: 2, sold_out: 2, queued: 2 }),
    )
    expect(outcomesInTheEnd({ queued: 1 }, { outcomes: { sold: 1 } })).toEqual([['sold', 1]])
  })

  it('shows the same while the run goes on, and in the line of a step', () => {
    const [measures, decisions] = [new Measures(false, 0), new Decisions()]
    const times = { intendedAtUs: 0, sentAtUs: 0, doneAtUs: 1_000, connectUs: 0 }
    for (const userIndex of [0, 1]) {
      measures.add({ userIndex, copy: 0, quantity: 1, outcome: 'queued', status: 202, group: 0, ...times })
      decisions.count('queued')
      decisions.count('polls', 2)
    }
    measures.decide({ quantity: 1, outcome: 'sold', intendedAtUs: 0, sentAtUs: 0, decidedAtUs: 9 })
    const progress = { elapsedMs: 1_000, planned: 2, durationMs: null, stockLeft: null, measures, followed: decisions }
    expect(liveText(progress).split('\n').at(-1)).toBe('sold 1   queued 1   4 polls')
    const told = { attempts: 2, requestsPerSecond: 2, outcomes: { queued: 2 }, latencyMs: { response: { p99: 1 } } }
    expect(stepLine('blast', { ...told, followed: { outcomes: { sold: 2 } } })).toMatch(/: 2 sold$/)
    expect(stepLine('blast', { ...told, followed: null })).toMatch(/: 2 queued$/)
  })
})
