import { describe, expect, it } from 'vitest'
import type { AuditResult } from '../../../src/audit/audit.js'
import { RULES } from '../../../src/audit/rules/index.js'
import { INVARIANTS } from '../../../src/sale/invariant.js'
import {
  auditOf,
  type History,
  judged,
  runOf,
  saleOf,
  startOf,
  stateOf,
  type Told,
  verdictsOf,
} from '../../helpers/history.js'

/** Every rule put to the test, and nothing wrong: 4 of 5 sold, the last buyer wanted 2. */
const TOLD: Told[] = [
  ['ann', 'sold', 2],
  ['bob', 'sold', 2],
  ['ann', 'already_bought', 2],
  ['eve', 'insufficient_stock', 2],
]
const FOUR = { ann: 2, bob: 2 }

describe('audit', () => {
  it('judges every rule, in the order of the report, each once', () => {
    const ids = auditOf({ state: stateOf(1, FOUR), runs: [runOf(TOLD)] }).invariants.map(({ id }) => id)
    expect(ids).toEqual(RULES.map(({ id }) => id))
    expect(ids).toEqual(Object.keys(INVARIANTS).filter((id) => ids.includes(id as never)))
    expect(new Set(ids).size).toBe(14)
  })

  it('counts the rules that could have failed', () => {
    expect(auditOf({ state: stateOf(1, FOUR), runs: [runOf(TOLD)] })).toMatchObject({
      ...{ verdict: 'pass', tested: 11, rules: 14 },
    })
    expect(auditOf({ state: stateOf(1, FOUR), runs: [runOf(TOLD.slice(0, 2))] })).toMatchObject({
      ...{ verdict: 'pass', tested: 6, rules: 14 },
    })
  })

  it('one failed rule outweighs open ones; one open rule outweighs the rest', () => {
    const failed = auditOf({ state: stateOf(null, FOUR), runs: [runOf([...TOLD, ['joe', 'sold', 2]])] })
    expect(Object.values(verdictsOf(failed))).toContain('inconclusive')
    expect(failed.verdict).toBe('fail')
    expect(auditOf({ state: stateOf(null, FOUR), runs: [runOf(TOLD)] }).verdict).toBe('inconclusive')
  })

  it('judges the store alone where asked to, and says which rules need a run', () => {
    const result = auditOf({ state: stateOf(1, FOUR), runs: null })
    expect(result).toMatchObject({ verdict: 'pass', tested: 5 })
    const skipped = result.invariants.filter(({ verdict }) => verdict === 'skipped')
    expect(skipped.map(({ id }) => id)).toEqual([
      'one-success-per-user',
      'acknowledged-is-recorded',
      'recorded-is-acknowledged',
      'queued-is-decided',
      'no-undersell',
      'somebody-bought',
      'real-time-order',
      'no-sale-outside-window',
    ])
    for (const { message } of skipped) expect(message).toContain('needs a run')
  })

  it('leaves out what is switched off, and fails nothing for what only warns', () => {
    const history = { state: stateOf(0, FOUR), runs: [runOf(TOLD)] }
    expect(auditOf(history).verdict).toBe('fail')
    const found = (to: 'off' | 'warn') => {
      const { verdict, invariants } = auditOf({ ...history, switches: { conservation: to } })
      return [verdict, invariants.find(({ id }) => id === 'conservation')]
    }
    expect(found('warn')).toEqual(['pass', expect.objectContaining({ verdict: 'fail', onlyWarns: true })])
    expect(found('off')).toEqual(['pass', expect.objectContaining({ verdict: 'skipped' })])
  })

  it('is inconclusive without any run', () => {
    const result = auditOf({ state: stateOf(1, FOUR), runs: [] })
    expect(result.verdict).toBe('inconclusive')
    expect(judged('no-undersell', { state: stateOf(1, FOUR), runs: [] })).toMatchObject({
      ...{ message: 'there is no run of this sale', next: 'seckill audit --run none' },
    })
  })

  it('fails the store alone as well', () => {
    expect(auditOf({ state: stateOf(0, FOUR), runs: null }).verdict).toBe('fail')
  })

  it('two runs after one seeding, and a buy before a blast, pass', () => {
    const buy = runOf([['ann', 'sold', 2]], { minute: 1 })
    const blast = runOf(TOLD.slice(1), { minute: 2, start: startOf(3, ['ann']) })
    const told: Told[] = [
      ['zoe', 'sold'],
      ['ann', 'already_bought'],
    ]
    const blastAgain = runOf(told, { minute: 3, start: startOf(1, ['ann', 'bob']) })
    expect(auditOf({ state: stateOf(1, FOUR), runs: [buy, blast] }).verdict).toBe('pass')
    const state = stateOf(0, { ...FOUR, zoe: 1 })
    expect(auditOf({ state, runs: [buy, blast, blastAgain] }).verdict).toBe('pass')
  })

  it('an unsettled sale leaves every rule of the store open, and says what moved', () => {
    const result = auditOf({ state: stateOf(1, FOUR), runs: [runOf(TOLD)], moving: '1 left, 2 records a moment ago' })
    for (const { id, verdict, message } of result.invariants) {
      if (['one-success-per-user', 'somebody-bought', 'real-time-order', 'no-sale-outside-window'].includes(id))
        continue
      expect([id, verdict]).toEqual([id, 'inconclusive'])
      expect(message).toContain('1 left, 2 records a moment ago')
    }
  })

  describe('sold elsewhere', () => {
    const told: Told[] = [
      ['ann', 'sold'],
      ['bob', 'sold'],
      ['ann', 'already_bought'],
    ]
    const elsewhere: History = { state: stateOf(5), runs: [runOf(told)] }

    it('names the keys that never moved, in place of accusing the shop', () => {
      const result = auditOf(elsewhere)
      expect(result.verdict).toBe('inconclusive')
      expect(judged('acknowledged-is-recorded', elsewhere)).toMatchObject({
        verdict: 'inconclusive',
        message: 'buyers were told "sold" 2 times, yet neither goods_a nor a_users ever moved',
        ...{ keys: ['goods_a', 'a_users'], hint: expect.stringContaining('another Redis, database or key prefix') },
      })
    })

    it.each([
      ['the stock moved', { state: stateOf(3), runs: [runOf(told)] }],
      ['a record came', { state: stateOf(5, { ann: 1 }), runs: [runOf(told)] }],
      ['a record went', { state: stateOf(5), runs: [runOf(told, { start: startOf(5, ['old']) })] }],
      [
        'the stock was seen to move and came back',
        { state: stateOf(5), runs: [runOf(told, { samples: { lowest: 3, last: 3, samples: 9, intervalMs: 50 } })] },
      ],
    ] satisfies [string, History][])('accuses where %s', (_what, history) => {
      expect(judged('acknowledged-is-recorded', history).verdict).toBe('fail')
    })

    it('compares with the start of the earliest run', () => {
      const first = runOf([['zoe', 'sold']], { minute: 1 })
      const second = runOf(told, { minute: 2, start: startOf(4, ['zoe']) })
      for (const runs of [
        [first, second],
        [second, first],
      ])
        expect(judged('acknowledged-is-recorded', { state: stateOf(4, { zoe: 1 }), runs }).verdict).toBe('fail')
    })

    it('what did not move at all while nobody was told "sold" is judged', () => {
      const verdicts = verdictsOf(auditOf({ state: stateOf(5), runs: [runOf([['ann', 'sold_out']])] }))
      expect(verdicts).toMatchObject({ 'no-undersell': 'fail', 'somebody-bought': 'fail', conservation: 'pass' })
    })
  })

  it('attempts that are missing are missed: what they would show is not passed, what is seen still convicts', () => {
    const gap = 'a run log is gone'
    const runs = [runOf([['ann', 'sold']])]
    const verdicts = verdictsOf(auditOf({ state: stateOf(4, { ann: 1 }), runs, gap }))
    expect(verdicts).toMatchObject({ 'no-oversell': 'inconclusive', 'acknowledged-is-recorded': 'inconclusive' })
    expect(verdicts).toMatchObject({ conservation: 'pass' })
    expect(judged('acknowledged-is-recorded', { state: stateOf(5), runs, gap }).verdict).not.toBe('pass')
    expect(judged('conservation', { state: stateOf(3, { ann: 1 }), runs, gap }).verdict).toBe('fail')
    expect(judged('somebody-bought', { state: stateOf(5), runs: [], gap }).message).toBe(gap)
  })

  it('a request that never reached the shop puts no rule to the test', () => {
    for (const outcome of ['not_sent', 'throttled'] as const) {
      const told: Told[] = ['ann', 'bob', 'eve', 'ann', 'bob', 'eve'].map((user) => [user, outcome, 2])
      for (const layout of ['counter', 'list-basic'] as const) {
        const state = layout === 'counter' ? stateOf(5) : stateOf(5, [])
        const result = auditOf({ sale: saleOf({ layout }), state, runs: [runOf(told)] })
        const passed = result.invariants.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id)
        for (const id of ['no-oversell', 'one-success-per-user', 'conservation'] as const)
          expect(passed).not.toContain(id)
      }
    }
  })
})

describe('records that are nowhere', () => {
  const sale = saleOf({ uuid: null })
  const told: Told[] = [
    ['ann', 'sold'],
    ['bob', 'sold_out'],
  ]
  const of = (wish: Partial<History> = {}) => auditOf({ sale, state: stateOf(4), runs: [runOf(told)], ...wish })
  const failed = (result: AuditResult) =>
    result.invariants.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)

  it('of a sale that seckill did not seed may have another key: nobody is convicted, and the key is named', () => {
    const result = of()
    // What buyers were told speaks for itself.
    expect(failed(result).filter((id) => id !== 'real-time-order')).toEqual([])
    expect(result.invariants.find(({ id }) => id === 'conservation')).toMatchObject({
      verdict: 'inconclusive',
      message: '4 of 5 units are left, and there is no key a_users: who bought cannot be told',
      ...{ keys: ['a_users'], hint: expect.stringContaining('--records-key') },
    })
    expect(of({ runs: null }).verdict).toBe('inconclusive')
  })

  it('are lost where they were there before, where seckill seeded the sale, and where others are there', () => {
    const ours = of({ sale: saleOf() })
    expect(failed(ours)).toContain('conservation')
    const before = of({ runs: [runOf(told, { start: startOf(4, ['zoe']) })], state: stateOf(3) })
    expect(failed(before)).toContain('conservation')
    expect(failed(of({ state: stateOf(3, { ann: 1 }) }))).toContain('conservation')
  })

  it('do not hide a stock below zero', () => {
    expect(failed(of({ state: stateOf(-1) }))).toContain('no-negative-stock')
  })
})
