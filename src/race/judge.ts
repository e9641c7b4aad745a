import { audit } from '../audit/audit.js'
import { RULES } from '../audit/rules/index.js'
import { AttemptTable } from '../history/attempt-table.js'
import { RUN_FORMAT, RUN_VERSION, type Run } from '../history/run.js'
import type { FinalState } from '../sale/final-state.js'
import type { InvariantId } from '../sale/invariant.js'
import type { Outcome } from '../sale/outcome.js'
import type { Sale } from '../sale/sale.js'
import type { Setting } from './setting.js'

/** What can go wrong beside the invariants of the audit. */
export const ANOMALIES = {
  deadlock: '死锁',
  'never-settles': '没有回答',
  threw: '程序出错',
  nondeterminism: '不可重放',
} as const

export type RaceRule = InvariantId | keyof typeof ANOMALIES

/** Of the rules that a strategy is said to break, those that there is a judge for. */
export const judgeable = (rules: readonly InvariantId[]): InvariantId[] =>
  rules.filter((rule) => RULES.some(({ id }) => id === rule))

/** One broken rule of one execution. */
export interface Violation {
  readonly rule: RaceRule
  readonly message: string
  /** The usual cause; null where there is nothing to say. */
  readonly hint: string | null
}

/** How an execution ended. */
export interface Ending {
  /** What each buyer was told; null where there was no answer. */
  readonly outcomes: readonly (Outcome | null)[]
  readonly violations: readonly Violation[]
  /** Answers, final state and broken rules, to compare executions by. */
  readonly fingerprint: string
}

/** What one buyer was told, and between which steps (0 is before the first) the purchase was under way. */
export interface Told {
  readonly outcome: Outcome
  readonly from: number
  readonly to: number
}

/** The witnesses of one execution. */
export interface Witnesses {
  readonly sale: Sale
  readonly setting: Setting
  /** See `strictSoldOut` of a run. */
  readonly strictSoldOut: boolean
  readonly told: readonly Told[]
  readonly state: FinalState
  /** Units left, from the start, after every step; null where unreadable. */
  readonly stocks: readonly (number | null)[]
}

/** The rules of the audit that this execution breaks: the same rules, whatever they are. */
export const judge = (given: Witnesses): Violation[] => {
  // Seeded by us, whoever the shop is: a records key that is not there holds no record, rather than lie elsewhere.
  const witnesses = { ...given, sale: { ...given.sale, uuid: 'race' } }
  const { sale, state } = witnesses
  const { invariants } = audit({ sale, state, moving: null, nowMs: 0, runs: [runOf(witnesses)] })
  return invariants
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ id, message, hint }) => ({ rule: id, message, hint }))
}

const STARTED = new Date(0).toISOString()

const runOf = ({ sale, setting, strictSoldOut, told, stocks }: Witnesses): Run => {
  const names = [...new Set(setting.buyers.map(({ user }) => user))]
  const copies = new Map<string, number>()
  const attempts = setting.buyers.map(({ user, quantity }, buyer) => {
    const { outcome, from, to } = told[buyer] as Told
    const copy = copies.get(user) ?? 0
    copies.set(user, copy + 1)
    const times = { intendedAtUs: 2 * from, sentAtUs: 2 * from, doneAtUs: 2 * to + 1 }
    return { userIndex: names.indexOf(user), copy, quantity, outcome, status: 0, group: 0, connectUs: 0, ...times }
  })
  const seen = stocks.filter((units) => units !== null)
  return {
    path: '(race)',
    header: {
      ...{ format: RUN_FORMAT, version: RUN_VERSION, runId: 'race', command: 'simulate', startedAt: STARTED },
      ...{ sale: sale.id, saleUuid: sale.uuid, target: 'race', seed: 0, users: { kind: 'given', names } },
      ...{
        concurrency: told.length,
        timeoutMs: 0,
        strictSoldOut,
        atStart: { remaining: setting.stock, records: 0, users: [] },
      },
    },
    // In order of completion, as a run log has them.
    attempts: AttemptTable.of(attempts.sort((a, b) => a.doneAtUs - b.doneAtUs)),
    groups: [],
    tornBytes: 0,
    footer: {
      ...{ endedAt: STARTED, elapsedMs: 0, interrupted: false, attempts: attempts.length, outcomes: {} },
      stock:
        seen.length === 0
          ? null
          : { lowest: Math.min(...seen), last: seen.at(-1) as number, samples: seen.length, intervalMs: 0 },
    },
  }
}
