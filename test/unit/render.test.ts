import { describe, expect, it } from 'vitest'
import { type Case, verdictsOf } from '../../src/report/cases.js'
import { githubAnnotations, githubSummary } from '../../src/report/render/github.js'
import { junitXml } from '../../src/report/render/junit.js'
import { prometheusText } from '../../src/report/render/prometheus.js'

const caseOf = (name: string, verdict: Case['verdict'], message: string, more: Partial<Case> = {}): Case => ({
  ...{ suite: 'seckill.a', name, verdict, message, onlyWarns: false, users: [], hint: null, next: null },
  ...more,
})

const CASES = [
  caseOf('no-oversell', 'fail', '6 > 5: "a" & <b>\u0001', { users: ['ann'], hint: 'a | b', next: 'seckill audit' }),
  caseOf('conservation', 'inconclusive', '100%\nunknown'),
  caseOf('purchase-limit', 'pass', 'fine'),
  caseOf('no-undersell', 'untested', 'nobody'),
  caseOf('p99 < 3ms', 'skipped', 'no run'),
]
const JUDGED = {
  ...{ subject: 'audit of sale a', verdict: 'fail' as const, extent: '2 of 5 rules tested', cases: CASES },
  warnings: ['a: b'],
}

it('JUnit: a case a rule, escaped, counted', () => {
  expect(junitXml(JUDGED)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="5" failures="1" errors="1" skipped="2">
  <testsuite name="seckill audit of sale a" tests="5" failures="1" errors="1" skipped="2">
    <testcase classname="seckill.a" name="no-oversell">
      <failure message="6 &gt; 5: &quot;a&quot; &amp; &lt;b&gt;\ufffd">users: ann
hint: a | b
next: seckill audit</failure>
    </testcase>
    <testcase classname="seckill.a" name="conservation">
      <error message="100%
unknown"/>
    </testcase>
    <testcase classname="seckill.a" name="purchase-limit"/>
    <testcase classname="seckill.a" name="no-undersell">
      <skipped message="nobody"/>
    </testcase>
    <testcase classname="seckill.a" name="p99 &lt; 3ms">
      <skipped message="no run"/>
    </testcase>
  </testsuite>
</testsuites>
`)
})

it('what only warns fails no build', () => {
  const warned = { ...JUDGED, cases: [caseOf('no-undersell', 'fail', '3 left', { onlyWarns: true })], warnings: [] }
  expect(junitXml(warned)).toContain('<skipped message="only warns: 3 left"/>')
  expect(junitXml(warned)).toContain('failures="0"')
  expect(githubAnnotations(warned)).toEqual(['::warning title=no-undersell (audit of sale a)::3 left'])
})

it('GitHub: failures first, escaped, at most ten, and how many more there are', () => {
  expect(githubAnnotations(JUDGED)).toEqual([
    '::error title=no-oversell (audit of sale a)::6 > 5: "a" & <b>\u0001',
    '::warning title=conservation (audit of sale a)::100%25%0Aunknown',
    '::warning title=audit of sale a::a: b',
  ])
  const cases = Array.from({ length: 20 }, (_, i) => caseOf(`rule-${i}`, 'fail', 'x'))
  const many = githubAnnotations({ ...JUDGED, cases })
  expect(many).toHaveLength(10)
  expect(many.at(-1)).toContain('and 12 more')
})

it('GitHub: a summary in Markdown, within what GitHub takes', () => {
  const summary = githubSummary(JUDGED)
  expect(summary).toContain('### ❌ seckill audit of sale a: fail (2 of 5 rules tested)')
  expect(summary).toContain(
    '| ❌ fail | `no-oversell` 超卖 | 6 > 5: "a" & &lt;b>\u0001<br>next: <code>seckill audit</code> |',
  )
  expect(summary).toContain('- ⚠️ a: b')
  const cases = Array.from({ length: 9_000 }, (_, i) => caseOf(`rule-${i}`, 'fail', '超卖'.repeat(40)))
  const cut = githubSummary({ ...JUDGED, cases })
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1_024 * 1_024)
  expect(cut).toMatch(/\nand \d+ more lines\n$/)
})

const THRESHOLD = { expression: 'p99 < 3ms', observed: 4, unit: 'ms', verdict: 'fail', message: '4 ms' }
const latency = { p50: 1, p90: 2, p99: 4, p999: 5, max: 1_500, mean: 2 }
const BLAST = {
  ...{ target: 'http://h/"x"', outcomes: { sold: 5, unknown: 1 }, requestsPerSecond: 70, unitsAcknowledged: 5 },
  ...{
    generator: { verdict: 'valid', reasons: [] },
    latencyMs: { response: latency, service: latency, connect: latency },
  },
  thresholds: [THRESHOLD],
}
const rule = (verdict: string) => ({
  ...{ id: 'conservation', verdict, onlyWarns: false, message: '1 lost', hint: null, next: null },
  evidence: { users: ['ann'] },
})
const AUDIT = {
  ...{ sale: 'a', verdict: 'fail', tested: 1, rules: 2, invariants: [rule('fail')], warnings: [] },
  ...{ stock: { initial: 5, remaining: 0, sold: 4 }, thresholds: [] },
}
const SETTING = { users: ['alice', 'bob'], quantities: [1, 2], stock: 2 }
const RACE = {
  ...{ strategy: 'list-naive', schedules: 4, thresholds: [] },
  settings: [{ ...SETTING, verdict: 'fail', broken: ['no-oversell'] }],
  violations: [{ message: '3 of 2', hint: 'lock', flags: '--replay 12', setting: SETTING }],
}

describe('what a document judges', () => {
  it('of a load its generator and thresholds', () => {
    const { cases = [], verdict } = verdictsOf('blast', BLAST) ?? {}
    expect(cases.map((it) => [it.name, it.verdict])).toEqual([
      ['generator', 'pass'],
      ['p99 < 3ms', 'fail'],
    ])
    expect(verdict).toBe('fail')
  })

  it('of a race its settings, with the order that breaks', () => {
    expect(verdictsOf('race', RACE)?.cases).toMatchObject([
      {
        name: 'alice 1, bob 2; stock 2',
        verdict: 'fail',
        message: 'no-oversell: 3 of 2',
        next: 'seckill race --strategy list-naive --replay 12',
      },
    ])
    expect(verdictsOf('race', { independence: {} })).toBeNull()
  })

  it('of every strategy whether it breaks what it declares', () => {
    const raced = {
      strategy: 'queue',
      lockExpiry: false,
      workers: 2,
      crash: true,
      broken: ['no-oversell'],
      declared: [],
    }
    const of = (more: object) => verdictsOf('race', { strategies: [{ ...raced, ...more }] })
    expect(of({ verified: true, asDeclared: false })).toMatchObject({
      verdict: 'fail',
      cases: [{ name: 'queue --workers 2 --crash', verdict: 'fail', message: 'breaks no-oversell, declares -' }],
    })
    expect(of({ verified: true, asDeclared: true })?.verdict).toBe('pass')
    expect(of({ verified: false, asDeclared: true })?.cases[0]?.verdict).toBe('skipped')
  })

  it('of a scenario everything; what had to break is no failure, a missed threshold is', () => {
    const run = {
      scenario: 's.yaml',
      verdict: 'fail',
      blast: BLAST,
      audit: AUDIT,
      race: { error: {} },
      thresholds: [THRESHOLD],
    }
    const of = (more: object) =>
      verdictsOf('run', { ...run, ...more })?.cases.map(({ name, verdict }) => `${name} ${verdict}`)
    expect(of({ expected: 'pass', asExpected: false })).toEqual([
      ...['expect fail', 'generator pass', 'p99 < 3ms fail', 'conservation fail'],
    ])
    expect(of({ expected: ['conservation'], asExpected: true })).toEqual([
      ...['expect pass', 'generator pass', 'p99 < 3ms fail', 'conservation skipped'],
    ])
    const open = { ...AUDIT, invariants: [rule('inconclusive')] }
    const doubtful = { ...BLAST, generator: { verdict: 'invalid', reasons: ['slow'] } }
    expect(of({ expected: ['conservation'], asExpected: true, audit: open, blast: doubtful })).toEqual([
      ...['expect pass', 'generator inconclusive', 'p99 < 3ms fail', 'conservation skipped'],
    ])
  })
})

/** One line of the text format, strictly. */
const SAMPLE = /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,(?!\})|(?=\})))*\})? (-?\d+(?:\.\d+)?|NaN)$/

it('Prometheus: every family is announced once, every line is one', () => {
  const run = {
    scenario: 's\n.yaml',
    verdict: 'fail',
    expected: 'pass',
    asExpected: false,
    blast: BLAST,
    audit: AUDIT,
    race: RACE,
  }
  const text = prometheusText('run', run, 1_700_000_000_500)
  const lines = text.trimEnd().split('\n')
  const announced = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2])
  expect(new Set(announced).size).toBe(announced.length)
  for (const line of lines.filter((it) => !it.startsWith('#'))) {
    expect(line).toMatch(SAMPLE)
    expect(announced).toContain(SAMPLE.exec(line)?.[1])
  }
  expect(lines).toContain('seckill_latency_seconds{target="http://h/\\"x\\"",kind="response",quantile="1"} 1.5')
  expect(lines).toContain('seckill_finished_timestamp_seconds{command="run"} 1700000000.5')
  expect(lines).toContain('seckill_stock_units{sale="a",state="sold"} 4')
  expect(lines).toContain('seckill_case_broken{suite="seckill.a",name="conservation",verdict="fail"} 1')
  expect(lines).toContain('seckill_race_violations 1')
})

it('Prometheus: what queued attempts came to, where somebody asked after them; no time where nothing was decided', () => {
  const followed = { outcomes: { sold: 3 }, undecided: 2, polls: 40, decisionMs: { ...latency, p99: 2_500 } }
  const linesOf = (more: object) => prometheusText('blast', { ...BLAST, ...more }, 0).split('\n')
  const target = 'target="http://h/\\"x\\""'
  expect(linesOf({ followed })).toEqual(
    expect.arrayContaining([
      `seckill_decisions{${target},outcome="sold"} 3`,
      `seckill_undecided{${target}} 2`,
      `seckill_polls{${target}} 40`,
      `seckill_latency_seconds{${target},kind="decision",quantile="0.99"} 2.5`,
    ]),
  )
  expect(linesOf({ followed: { ...followed, outcomes: {} } }).join('\n')).not.toContain('kind="decision"')
  for (const none of [{}, { followed: null }]) expect(linesOf(none).join('\n')).not.toMatch(/undecided|polls/)
})
