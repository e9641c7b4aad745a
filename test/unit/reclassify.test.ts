import { describe, expect, it } from 'vitest'
import { AttemptTable } from '../../src/history/attempt-table.js'
import { parseOutcomeRule } from '../../src/history/outcome-rules.js'
import { reclassify } from '../../src/history/reclassify.js'
import { RUN_FORMAT, RUN_VERSION, type Run } from '../../src/history/run.js'
import { Classifier } from '../../src/load/classify.js'

/** A run that got these answers, one user each, classified by the document's rules alone. */
const runOf = (bodies: readonly string[], status = 200): Run => {
  const classifier = new Classifier([])
  const attempts = bodies.map((body, userIndex) => {
    const reply = { kind: 'http', status, body: Buffer.from(body), contentType: 'application/json' } as const
    const { outcome, group } = classifier.classify(reply)
    const times = { intendedAtUs: 0, sentAtUs: 0, doneAtUs: 1, connectUs: 0 }
    return { userIndex, copy: 0, quantity: 1, outcome, status, group, ...times }
  })
  return {
    path: 'x.run',
    header: {
      ...{ format: RUN_FORMAT, version: RUN_VERSION, runId: 'r', command: 'blast', startedAt: '2026-11-11T12:00:00Z' },
      ...{ sale: 'a', saleUuid: null, target: 't', seed: 1, users: { kind: 'sequential' }, concurrency: 1 },
      ...{ timeoutMs: 1_000, atStart: null },
    },
    attempts: AttemptTable.of(attempts),
    groups: classifier.groups(),
    footer: null,
    tornBytes: 0,
  }
}

const told = (bodies: readonly string[], ...rules: string[]) => {
  const { run, undecided } = reclassify(runOf(bodies), rules.map(parseOutcomeRule))
  return { outcomes: bodies.map((_, row) => run.attempts.outcomeAt(row)), undecided }
}

/** What a run would have told at once: the same rules while firing. */
const atOnce = (bodies: readonly string[], ...rules: string[]) => {
  const classifier = new Classifier(rules.map(parseOutcomeRule))
  return bodies.map((body) => {
    const reply = { kind: 'http', status: 200, body: Buffer.from(body), contentType: 'application/json' } as const
    return classifier.classify(reply).outcome
  })
}

describe('reclassify', () => {
  it('without rules changes nothing', () => {
    const run = runOf(['{"code":0}'])
    expect(reclassify(run, [])).toEqual({ run, undecided: 0 })
  })

  it.each([
    ['json of an object', ['{"code":0}', '{"code":1}'], ['sold=json:$.code=0', 'sold_out=json:$.code=1']],
    ['json of a string', ['"\\u606d\\u559c"', '"no"'], ['sold=json:$=恭喜', 'sold_out=json:$=no']],
    ['a text inside a JSON string', ['"\\u606d\\u559c"'], ['sold=text:恭喜']],
    ['a string that looks like JSON once it is read', ['"{\\"code\\":0}"', '{"code":0}'], ['sold=json:$.code=0']],
    ['a boolean', ['true', 'false'], ['sold=json:$', 'sold_out=text=false']],
    ['text past the first 500 characters', [`${'x'.repeat(900)}sold`, `${'x'.repeat(900)}gone`], ['sold=text:sold']],
  ])('tells what the same rules would have told at once: %s', (_name, bodies, rules) => {
    expect(told(bodies, ...rules)).toEqual({ outcomes: atOnce(bodies, ...rules), undecided: 0 })
  })

  it('calls answers unknown where a rule asks for what they differ in', () => {
    const bodies = ['{"code":0,"left":5}', '{"code":0,"left":0}']
    expect(told(bodies, 'sold_out=json:$.left=0', 'sold=json:$.code=0')).toEqual({
      outcomes: ['unknown', 'unknown'],
      undecided: 2,
    })
    expect(told(bodies, 'sold=json:$.code=0')).toEqual({ outcomes: ['sold', 'sold'], undecided: 0 })
  })

  it('decides by what differs where a group holds one answer', () => {
    expect(told(['{"code":0,"left":5}'], 'sold=json:$.left=5')).toEqual({ outcomes: ['sold'], undecided: 0 })
  })

  it('calls cut answers unknown, unless the status alone decides', () => {
    const long = [`{"pad":"${'x'.repeat(5_000)}","code":0}`, `{"pad":"${'x'.repeat(5_000)}","code":1}`]
    expect(told(long, 'sold=json:$.code=0')).toEqual({ outcomes: ['unknown', 'unknown'], undecided: 2 })
    expect(told(long, 'sold=status:200')).toEqual({ outcomes: ['sold', 'sold'], undecided: 0 })
  })

  it('leaves alone what was never answered', () => {
    const run = runOf(['a'], 0)
    expect(reclassify(run, [parseOutcomeRule('sold=text:a')]).run.attempts.outcomeAt(0)).toBe('unknown')
  })
})
