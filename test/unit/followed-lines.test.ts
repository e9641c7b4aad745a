import { expect, it } from 'vitest'
import { followedLines } from '../../src/cli/poll.js'
import { Decisions } from '../../src/load/decisions.js'

it('says how long decisions took only where there are any', () => {
  const decisionMs = { ...new Decisions().summary().decisionMs, p50: 1, p99: 2, max: 3 }
  const followed = { queued: 3, undecided: 3, notFollowed: 0, polls: 9, outcomes: {}, decisionMs }
  expect(followedLines(followed)).toEqual(['3 attempts queued: undecided 3; 9 polls'])
  expect(followedLines({ ...followed, undecided: 2, outcomes: { sold: 1 } })).toEqual([
    '3 attempts queued: sold 1, undecided 2; 9 polls',
    'time to decision: p50 1.0 ms, p99 2.0 ms, max 3.0 ms',
  ])
  expect(followedLines({ ...followed, queued: 0 })).toEqual(['nothing was queued, nothing was polled'])
})
