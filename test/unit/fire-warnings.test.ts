import { expect, it } from 'vitest'
import { lostAttempts, nothingTested } from '../../src/cli/fire-warnings.js'
import { silenceWatch } from '../../src/cli/silence.js'
import { Classifier } from '../../src/load/classify.js'
import { Measures } from '../../src/load/measures.js'
import { Tally } from '../../src/load/tally.js'
import type { Reply } from '../../src/load/transport.js'
import type { Outcome } from '../../src/sale/outcome.js'

/** So many answers of each kind, counted and grouped. */
const heard = (...replies: readonly (readonly [times: number, reply: Reply])[]) => {
  const [tally, classifier] = [new Tally(), new Classifier([])]
  for (const [times, reply] of replies) {
    for (let i = 0; i < times; i++) {
      const { outcome } = classifier.classify(reply)
      tally.add(outcome, 1, reply.kind === 'http' ? reply.status : 0, i)
    }
  }
  return [tally, classifier] as const
}
const told = (outcome: Outcome, note = ''): Reply => ({ kind: 'outcome', outcome, note })
const http = (status: number, text: string): Reply => ({
  ...{ kind: 'http', status, body: Buffer.from(text), contentType: 'text/plain' },
})

it('attempts without an answer are told with count, share and the usual reason', () => {
  const gone = heard([2, told('sold')], [95, told('not_sent', 'ECONNREFUSED')], [3, told('unknown', 'ECONNRESET')])
  expect(lostAttempts(...gone)).toMatch(/^98 of 100 attempts \(98 %\) got no answer: "ECONNREFUSED"; /)
  expect(lostAttempts(...gone, 'the connection is closed')).toContain('got no answer: "the connection is closed"')
})

it('a few are no news, and none answered at all is an error of its own', () => {
  expect(lostAttempts(...heard([999, told('sold')], [1, told('not_sent')]))).toBeNull()
  expect(lostAttempts(...heard([9, told('not_sent')]))).toBeNull()
  expect(lostAttempts(...heard([9, http(502, 'later')], [1, told('sold')]))).toBeNull()
})

it.each([
  [404, 'error', /status 404: "no such page"\); is the path right \(--path\)/],
  [409, 'error', /the layout that this path sells from/],
  [401, 'error', /docs\/users\.md/],
  [418, 'error', /seckill buy$/],
])('where status %i is all there is, nothing was tested', (status, outcome, saying) => {
  const warning = nothingTested(...heard([8, http(status, 'no such page')], [2, told('not_sent')]))
  expect(warning).toContain(`decided about none of 10 attempts (8 × ${outcome}, status ${status}`)
  expect(warning).toMatch(saying)
})

it('nor where every request is called invalid', () => {
  expect(nothingTested(...heard([8, told('rejected')]))).toMatch(/8 × rejected: .*see --quantity/)
})

it.each(['sold', 'sold_out', 'already_bought', 'not_open', 'queued'] as const)('one "%s" is a test', (outcome) => {
  expect(nothingTested(...heard([99, http(404, 'x')], [1, told(outcome)]))).toBeNull()
})

it('answers that nobody understood are another matter', () => {
  expect(nothingTested(...heard([9, http(200, 'hm')]))).toBeNull()
})

it('silence: attempts without any answer for so long end the run; an answer, or a pause, begins anew', () => {
  const measures = new Measures(false, 0)
  const watch = silenceWatch(2_000)
  const after = (elapsedMs: number, ...outcomes: Outcome[]) => {
    for (const outcome of outcomes) measures.tally.add(outcome, 1, 0, 0)
    watch.see({ elapsedMs, measures })
    return watch.signal.aborted
  }
  expect(after(250, 'sold')).toBe(false)
  expect(after(1_000, 'unknown')).toBe(false)
  expect(after(2_100, 'not_sent')).toBe(false)
  expect(after(2_200, 'not_sent', 'sold_out')).toBe(false)
  expect(after(4_000, 'not_sent')).toBe(false)
  expect(after(4_100)).toBe(false)
  expect(after(6_000, 'not_sent')).toBe(false)
  expect(after(6_100, 'not_sent')).toBe(true)
})
