import { expect, it } from 'vitest'
import type { Judged } from '../../src/audit/audit.js'
import { fail, inconclusive, pass, skipped, untested } from '../../src/audit/finding.js'
import { githubAnnotations, githubSummary } from '../../src/report/render/github.js'
import { junitXml } from '../../src/report/render/junit.js'
import { INVARIANTS, type InvariantId } from '../../src/sale/invariant.js'
import { saleOf } from '../helpers/history.js'

const JUDGED: Judged[] = [
  { id: 'no-oversell', ...fail('6 > 5: "a" & <b>\u0001', { users: ['ann'], hint: 'a | b', next: 'seckill audit' }) },
  { id: 'conservation', ...inconclusive('100%\nunknown') },
  { id: 'purchase-limit', ...pass('fine') },
  { id: 'no-undersell', ...untested('nobody') },
  { id: 'somebody-bought', ...skipped('no run') },
]
const RESULT = { verdict: 'fail' as const, tested: 2, rules: 5, invariants: JUDGED }

it('JUnit: a case a rule, escaped, counted', () => {
  expect(junitXml(saleOf(), JUDGED)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="5" failures="1" errors="1" skipped="2">
  <testsuite name="seckill audit a" tests="5" failures="1" errors="1" skipped="2">
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
    <testcase classname="seckill.a" name="somebody-bought">
      <skipped message="no run"/>
    </testcase>
  </testsuite>
</testsuites>
`)
})

it('what only warns fails no build', () => {
  const warned: Judged[] = [{ id: 'no-undersell', onlyWarns: true, ...fail('3 left') }]
  expect(junitXml(saleOf(), warned)).toContain('<skipped message="only warns: 3 left"/>')
  expect(junitXml(saleOf(), warned)).toContain('failures="0"')
  expect(githubAnnotations(saleOf(), { invariants: warned }, [])).toEqual([
    '::warning title=no-undersell (sale a)::3 left',
  ])
})

it('GitHub: failures first, escaped, at most ten, and how many more there are', () => {
  expect(githubAnnotations(saleOf(), RESULT, ['a: b'])).toEqual([
    '::error title=no-oversell (sale a)::6 > 5: "a" & <b>\u0001',
    '::warning title=conservation (sale a)::100%25%0Aunknown',
    '::warning title=sale a::a: b',
  ])
  const ids = Object.keys(INVARIANTS) as InvariantId[]
  const many = githubAnnotations(saleOf(), { invariants: ids.map((id) => ({ id, ...fail('x') })) }, ['y'])
  expect(many).toHaveLength(10)
  expect(many.at(-1)).toContain(`and ${ids.length + 1 - 9} more`)
})

it('GitHub: a summary in Markdown', () => {
  const summary = githubSummary(saleOf(), RESULT, ['careful'])
  expect(summary).toContain('### ❌ seckill audit of sale a: fail (2 of 5 rules tested)')
  expect(summary).toContain(
    '| ❌ fail | `no-oversell` 超卖 | 6 > 5: "a" & &lt;b>\u0001<br>next: <code>seckill audit</code> |',
  )
  expect(summary).toContain('- ⚠️ careful')
})
