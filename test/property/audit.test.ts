import { describe, expect, it } from 'vitest'
import type { AuditResult } from '../../src/audit/audit.js'
import { RULES } from '../../src/audit/rules/index.js'
import { AttemptTable } from '../../src/history/attempt-table.js'
import type { Run } from '../../src/history/run.js'
import type { Outcome } from '../../src/sale/outcome.js'
import {
  anyDeeds,
  buyersOf,
  historyFrom,
  honest,
  honestWithBuyer,
  relabelled,
  runsFrom,
  stateFrom,
} from '../helpers/deeds.js'
import { fc } from '../helpers/fc.js'
import { auditOf, judged, runOf, startOf, verdictsOf } from '../helpers/history.js'

const RUNS = { numRuns: 500 }

const failed = (result: AuditResult) =>
  result.invariants.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)

const mask = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 })

describe('a shop that serves one after the other', () => {
  it('never fails a rule', () => {
    fc.assert(
      fc.property(honest, (deeds) => {
        expect(failed(auditOf(historyFrom(deeds)))).toEqual([])
        expect(failed(auditOf({ ...historyFrom(deeds), runs: null }))).toEqual([])
      }),
      RUNS,
    )
  })

  it('nor where some of its answers were lost, or came as "queued" or "told before"', () => {
    fc.assert(
      fc.property(honest, mask, fc.constantFrom<Outcome[]>('unknown', 'queued', 'replayed'), (deeds, lost, outcome) => {
        expect(failed(auditOf(historyFrom(relabelled(deeds, lost, outcome))))).toEqual([])
      }),
      RUNS,
    )
  })

  it('nor where Redis is out of reach, or its records are', () => {
    fc.assert(
      fc.property(honest, mask, (deeds, lost) => {
        const history = historyFrom(relabelled(deeds, lost, 'unknown'))
        const noRecords = { ...stateFrom(deeds), records: [], recordsProblem: 'a set, not a hash' }
        for (const state of [null, noRecords]) expect(failed(auditOf({ ...history, state }))).toEqual([])
      }),
      RUNS,
    )
  })

  it('nor where only its last run is judged', () => {
    fc.assert(
      fc.property(honest, fc.boolean(), (deeds, named) => {
        const [first = 0] = deeds.cuts
        const records = new Map(deeds.before.map((user) => [user, 1]))
        for (const [user, outcome] of deeds.told.slice(0, first)) if (outcome === 'sold') records.set(user, 1)
        const units = deeds.told
          .slice(0, first)
          .reduce((sum, [, outcome, n = 1]) => sum + (outcome === 'sold' ? n : 0), 0)
        const users = named ? [...records.keys()] : null
        const start = startOf(deeds.stockBefore - units, users, records.size)
        const runs = [runOf(deeds.told.slice(first), { start })]
        expect(failed(auditOf({ ...historyFrom(deeds), runs }))).toEqual([])
      }),
      RUNS,
    )
  })
})

describe('a wrong that was done to an honest history is found', () => {
  const pick = fc.nat(100)

  it('a lost record', () => {
    fc.assert(
      fc.property(honestWithBuyer, pick, (deeds, nth) => {
        const buyers = buyersOf(deeds)
        const victim = buyers[nth % buyers.length] as string
        const records = new Map(deeds.records)
        records.delete(victim)
        const history = historyFrom({ ...deeds, records })
        expect(failed(auditOf(history))).toEqual(expect.arrayContaining(['acknowledged-is-recorded', 'conservation']))
        expect(judged('acknowledged-is-recorded', history).users).toEqual([victim])
      }),
      RUNS,
    )
  })

  it('a unit made up, a unit lost', () => {
    fc.assert(
      fc.property(honest, fc.constantFrom(1, -1), (deeds, change) => {
        const result = auditOf(historyFrom({ ...deeds, remaining: deeds.remaining + change }))
        expect(failed(result)).toContain('conservation')
      }),
      RUNS,
    )
  })

  it('a second success, seen with or without Redis', () => {
    fc.assert(
      fc.property(honestWithBuyer, pick, fc.boolean(), (deeds, nth, reachable) => {
        const buyers = buyersOf(deeds)
        const user = buyers[nth % buyers.length] as string
        const history = historyFrom({ ...deeds, told: [...deeds.told, [user, 'sold', 1]] })
        const found = judged('one-success-per-user', reachable ? history : { ...history, state: null })
        expect([found.verdict, found.users]).toEqual(['fail', [user]])
      }),
      RUNS,
    )
  })

  it('more recorded than there was', () => {
    fc.assert(
      fc.property(honest, fc.boolean(), (deeds, storeOnly) => {
        const over = Array.from({ length: deeds.remaining + 1 }, (_, i): [string, number] => [`more${i}`, 1])
        const history = historyFrom({ ...deeds, records: new Map([...deeds.records, ...over]) })
        expect(judged('no-oversell', storeOnly ? { ...history, runs: null } : history).verdict).toBe('fail')
      }),
      RUNS,
    )
  })
})

/** The same attempts in other rows, each with its own times. */
const shuffledRows = (run: Run, order: readonly number[]): Run => {
  const { attempts } = run
  const rows = Array.from({ length: attempts.length }, (_, row) => row).sort(
    (a, b) => (order[a % order.length] as number) - (order[b % order.length] as number) || b - a,
  )
  const moved = rows.map((row) => ({
    ...{ userIndex: attempts.userIndex[row]!, copy: attempts.copy[row]!, quantity: attempts.quantity[row]! },
    ...{ outcome: attempts.outcomeAt(row), status: attempts.status[row]!, group: attempts.group[row]! },
    ...{
      intendedAtUs: attempts.intendedAtUs[row]!,
      sentAtUs: attempts.sentAtUs(row),
      doneAtUs: attempts.doneAtUs(row),
      connectUs: attempts.connectUs[row]!,
    },
  }))
  return { ...run, attempts: AttemptTable.of(moved) }
}

describe('whatever was told and recorded', () => {
  it('the order of attempts, of runs and of records changes no verdict', () => {
    const cut = fc.array(fc.nat(10), { maxLength: 2 })
    fc.assert(
      fc.property(anyDeeds, cut, fc.array(fc.nat(), { minLength: 3, maxLength: 10 }), (any, cuts, order) => {
        const deeds = { ...any, cuts: cuts.filter((row) => row > 0 && row < any.told.length) }
        const history = historyFrom(deeds)
        const runs = runsFrom(deeds).map((run) => shuffledRows(run, order))
        const state = stateFrom({ ...deeds, records: new Map([...deeds.records].reverse()) })
        const expected = verdictsOf(auditOf(history))
        for (const other of [runs, runs.toReversed(), [...runs.slice(1), runs[0]!]])
          expect(verdictsOf(auditOf({ ...history, state, runs: other }))).toEqual(expected)
      }),
      RUNS,
    )
  })

  it('cutting a run in two fails no rule that held, and acquits none that failed', () => {
    fc.assert(
      fc.property(anyDeeds, fc.integer({ min: 1, max: 9 }), (deeds, row) => {
        const cuts = row < deeds.told.length ? [row] : []
        expect(failed(auditOf(historyFrom({ ...deeds, cuts })))).toEqual(failed(auditOf(historyFrom(deeds))))
      }),
      RUNS,
    )
  })

  it('a torn log turns no fail into a pass, and no rule that needs the run passes on it', () => {
    fc.assert(
      fc.property(anyDeeds, fc.integer({ min: 1, max: 9 }), (any, row) => {
        const deeds = { ...any, cuts: row < any.told.length ? [row] : [] }
        const whole = verdictsOf(auditOf(historyFrom(deeds)))
        const torn = verdictsOf(auditOf({ ...historyFrom(deeds), runs: runsFrom(deeds, true) }))
        for (const { id, needs } of RULES) {
          if (whole[id] === 'fail') expect([id, torn[id]]).not.toEqual([id, 'pass'])
          if (needs.includes('run')) expect([id, torn[id]]).not.toEqual([id, 'pass'])
          if (torn[id] === 'fail') expect([id, whole[id]]).toEqual([id, 'fail'])
        }
      }),
      RUNS,
    )
  })

  it('every failure comes with a cause and a next step, every sentence is one line', () => {
    fc.assert(
      fc.property(anyDeeds, (deeds) => {
        for (const { verdict, message, hint, next, users } of auditOf(historyFrom(deeds)).invariants) {
          expect(message).toMatch(/^[^\n]+$/)
          expect(new Set(users).size).toBe(users.length)
          if (verdict === 'fail') expect([hint, next]).not.toContain(null)
        }
      }),
      RUNS,
    )
  })
})
