import { describe, expect, it } from 'vitest'
import { type AnswerGroup, MAX_GROUPS } from '../../src/history/attempt.js'
import { AttemptTable } from '../../src/history/attempt-table.js'
import { parseOutcomeRule } from '../../src/history/outcome-rules.js'
import { reclassify } from '../../src/history/reclassify.js'
import type { Run } from '../../src/history/run.js'
import { Classifier } from '../../src/load/classify.js'
import type { Reply } from '../../src/load/transport.js'
import { DOCUMENT_MESSAGES } from '../../src/sale/http-contract.js'
import type { Outcome } from '../../src/sale/outcome.js'
import { auditOf, runOf, stateOf } from '../helpers/history.js'

const http = (body: string, status = 200): Reply => ({
  ...{ kind: 'http', status, body: Buffer.from(body), contentType: 'application/json' },
})
const rulesOf = (sources: readonly string[]) => sources.map(parseOutcomeRule)

/** What a blast with these rules notes of these answers: user `u<i>` gets answer i. */
const blastOf = (replies: readonly Reply[], sources: readonly string[] = []): Run => {
  const classifier = new Classifier(rulesOf(sources))
  const attempts = replies.map((reply, userIndex) => {
    const { outcome, group } = classifier.classify(reply)
    const status = reply.kind === 'http' ? reply.status : 0
    const times = { intendedAtUs: 0, sentAtUs: 0, doneAtUs: 500 }
    return { userIndex, copy: 0, quantity: 1, outcome, status, group, ...times }
  })
  const run = runOf(replies.map((_, i) => [`u${i}`, 'error']))
  return { ...run, attempts: AttemptTable.of(attempts), groups: classifier.groups() }
}

const outcomesOf = ({ attempts }: Run): Outcome[] => Array.from(attempts.outcome, (_, row) => attempts.outcomeAt(row))
const told = (run: Run, ...sources: string[]) => outcomesOf(reclassify(run, rulesOf(sources)))

describe('reclassify', () => {
  const run = blastOf([http('{"code":0}'), http('{"code":1}'), http('{"code":0}'), http('slow down', 429)])

  it('tells every attempt anew from the answer of its group', () => {
    expect(outcomesOf(run)).toEqual(['unknown', 'unknown', 'unknown', 'throttled'])
    expect(told(run, 'sold=json:$.code=0', 'sold_out=json:$.code=1')).toEqual(['sold', 'sold_out', 'sold', 'throttled'])
  })

  it('changes nothing without rules, and never the run that it was given', () => {
    expect(reclassify(run, [])).toBe(run)
    reclassify(run, rulesOf(['sold=status:200']))
    expect(outcomesOf(run)).toEqual(['unknown', 'unknown', 'unknown', 'throttled'])
  })

  it('keeps the rest of every attempt', () => {
    const { attempts } = reclassify(run, rulesOf(['sold=json:$.code=0']))
    expect(attempts.length).toBe(run.attempts.length)
    for (const column of ['userIndex', 'quantity', 'copy', 'status', 'group', 'serviceUs'] as const)
      expect(attempts[column]).toEqual(run.attempts[column])
    expect(attempts.doneAtUs(0)).toBe(500)
  })

  it('asks the given rules first, then the document’s messages, then the status', () => {
    const document = blastOf([
      http(JSON.stringify(DOCUMENT_MESSAGES.sold)),
      http('?', 404),
      http('?', 500),
      http('!', 418),
    ])
    expect(told(document, 'queued=status:418')).toEqual(['sold', 'error', 'unknown', 'queued'])
    expect(told(document, 'queued=text:恭喜')).toEqual(['queued', 'error', 'unknown', 'error'])
    expect(told(document, 'sold_out=status:4xx', 'sold=status:404')).toEqual([
      'sold',
      'sold_out',
      'unknown',
      'sold_out',
    ])
  })

  it('leaves alone what had no response, and what a strategy told in-process', () => {
    const replies: Reply[] = [
      { kind: 'failed', outcome: 'unknown', note: 'timeout' },
      { kind: 'failed', outcome: 'not_sent', note: 'ECONNREFUSED' },
      { kind: 'outcome', outcome: 'sold', note: '' },
    ]
    expect(told(blastOf(replies), 'sold_out=text:t', 'error=regex:.*')).toEqual(['unknown', 'not_sent', 'sold'])
  })

  it('leaves alone what overflowed the groups: nobody knows what those answers were', () => {
    const word = (i: number) =>
      String.fromCharCode(...[...String(i).padStart(4, '0')].map((digit) => 97 + Number(digit)))
    const many = blastOf(Array.from({ length: MAX_GROUPS + 3 }, (_, i) => http(word(i), 404)))
    const now = told(many, 'sold=status:404')
    expect(now.slice(0, MAX_GROUPS).every((outcome) => outcome === 'sold')).toBe(true)
    expect(now.slice(MAX_GROUPS)).toEqual(['error', 'error', 'error'])
  })

  it('leaves alone attempts whose group a cut log lost', () => {
    const cut: Run = { ...run, groups: run.groups.slice(0, 1), footer: null }
    expect(told(cut, 'sold=status:2xx', 'error=status:429')).toEqual(['sold', 'unknown', 'sold', 'throttled'])
  })

  it.each([
    ['a number in a JSON object', '{"code":0}', 'sold=json:$.code=0'],
    ['a nested value', '{"data":{"state":"SOLD"}}', 'sold=json:$.data.state="SOLD"'],
    ['part of a text', '<p>抢到</p>', 'sold=text:抢到'],
    ['a whole text', ' ok ', 'sold=text=ok'],
    ['an escaped text', '"\\u62a2\\u5230"', 'sold=text=抢到'],
    ['a bare number', '1', 'sold=json:$=1'],
    ['a bare truth', 'true', 'sold=json:$'],
    ['a JSON string', '"ok"', 'sold=json:$="ok"'],
    ['a JSON string of digits', '"1"', 'sold=json:$="1"'],
    ['a member behind a long one', `{"pad":"${'x'.repeat(600)}","code":0}`, 'sold=json:$.code=0'],
    ['a long whole text', 'y'.repeat(600), `sold=text=${'y'.repeat(600)}`],
  ])('tells what a blast with the same rule told: %s', (_what, body, rule) => {
    const fired = blastOf([http(body)], [rule])
    expect(outcomesOf(fired)).toEqual(['sold'])
    expect(told(fired, rule)).toEqual(['sold'])
  })

  it('an audit judges what the answers now mean', () => {
    const shop = blastOf([http('{"code":0}'), http('{"code":0}'), http('{"code":2}')])
    const state = stateOf(4, { u0: 1 })
    const lost = (judgedRun: Run) =>
      auditOf({ state, runs: [judgedRun] }).invariants.find(({ id }) => id === 'acknowledged-is-recorded')
    expect(lost(shop)?.verdict).toBe('untested')
    expect(lost(reclassify(shop, rulesOf(['sold=json:$.code=0'])))).toMatchObject({ verdict: 'fail', users: ['u1'] })
  })

  it('the groups of a log keep what classified them then', () => {
    const groups: readonly AnswerGroup[] = reclassify(run, rulesOf(['sold=json:$.code=0'])).groups
    expect(groups).toBe(run.groups)
  })
})
