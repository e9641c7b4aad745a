import { type AuditResult, audit, type Judged } from '../../src/audit/audit.js'
import type { Verdict } from '../../src/audit/finding.js'
import type { Attempt } from '../../src/history/attempt.js'
import { AttemptTable } from '../../src/history/attempt-table.js'
import { RUN_FORMAT, RUN_VERSION, type Run, type StartState } from '../../src/history/run.js'
import type { FinalState, StockSamples } from '../../src/sale/final-state.js'
import type { InvariantId, InvariantSwitches } from '../../src/sale/invariant.js'
import { saleKeys } from '../../src/sale/keys.js'
import { presetPlaces } from '../../src/sale/layout.js'
import type { Outcome } from '../../src/sale/outcome.js'
import type { Sale } from '../../src/sale/sale.js'

/** When the sales of these histories were seeded. */
export const SEEDED_MS = Date.parse('2026-11-11T12:00:00.000Z')
const MINUTE_MS = 60_000
export const INITIAL = 5

/** A counter of {@link INITIAL} units, one order of up to 2 units for each user. */
export const saleOf = ({ layout = 'counter', ...wish }: Partial<Sale> = {}): Sale => ({
  ...{ id: 'a', uuid: 'uuid-a', layout, keys: saleKeys('a'), initial: INITIAL },
  places: presetPlaces(layout === 'custom' ? 'counter' : layout, saleKeys('a')),
  ...{ perUser: { orders: 1, units: 2 }, ttlSeconds: null, seededAt: new Date(SEEDED_MS).toISOString() },
  ...wish,
})

/** A hash as user → value (no whole number: unreadable), or a list of users with a unit each. */
export type Records = Readonly<Record<string, number | string>> | readonly string[]

export const stateOf = (
  remaining: number | null,
  records: Records = {},
  wish: Partial<FinalState> = {},
): FinalState => {
  const list = Array.isArray(records)
  const entries: [string, number | string][] = list ? records.map((user) => [user, 1]) : Object.entries(records)
  return {
    remaining,
    stockProblem: remaining === null ? 'there is no counter at goods_a' : null,
    records: [
      {
        key: 'a_users',
        type: list ? 'list' : 'hash',
        users: entries.map(([user]) => user),
        quantities: Float64Array.from(entries, ([, value]) => (typeof value === 'number' ? value : Number.NaN)),
        distinct: !list,
        unreadable: entries.flatMap(([user, raw]) =>
          typeof raw === 'string' ? [{ user, raw, why: 'not a whole number' }] : [],
        ),
        unreadableCount: entries.filter(([, value]) => typeof value === 'string').length,
      },
    ],
    recordsProblem: null,
    ttlSeconds: null,
    ...wish,
  }
}

/** A records key of a type that this layout does not have. */
export const withoutRecords = (remaining: number | null): FinalState =>
  stateOf(remaining, {}, { records: [], recordsProblem: 'records key a_users is a set, not a hash' })

/** One attempt: who asked, what was answered, for how many units (1). Tries of one user are numbered in this order. */
export type Told = readonly [user: string, outcome: Outcome, quantity?: number]

export const startOf = (
  remaining: number | null,
  users: readonly string[] | null = [],
  records?: number,
): StartState => ({
  remaining,
  users,
  records: records ?? users?.length ?? 0,
})

/** A start at which these users held so many units. */
export const heldAt = (remaining: number, units: Readonly<Record<string, number>>): StartState => ({
  ...startOf(remaining, Object.keys(units)),
  units: { a_users: Object.values(units) },
})

export interface RunWish {
  readonly start?: StartState | null
  /** Minutes from the seeding to the run. */
  readonly minute?: number
  /** The log ends early. */
  readonly torn?: boolean
  readonly samples?: StockSamples | null
}

/** A run of these attempts, one a millisecond, each answered within 0.5 ms. */
export const runOf = (told: readonly Told[], wish: RunWish = {}): Run => {
  const { start = startOf(INITIAL), minute = 1, torn = false, samples = null } = wish
  const names = [...new Set(told.map(([user]) => user))]
  const tries = new Map<string, number>()
  const attempts = told.map(([user, outcome, quantity = 1], row): Attempt => {
    const copy = tries.get(user) ?? 0
    tries.set(user, copy + 1)
    const sentAtUs = row * 1_000
    const times = { intendedAtUs: sentAtUs, sentAtUs, doneAtUs: sentAtUs + 500, connectUs: 0 }
    return { userIndex: names.indexOf(user), copy, quantity, outcome, status: 200, group: 0, ...times }
  })
  const startedAt = new Date(SEEDED_MS + minute * MINUTE_MS).toISOString()
  const counted = { attempts: told.length, outcomes: {}, stock: samples }
  return {
    path: '(memory)',
    header: {
      ...{ format: RUN_FORMAT, version: RUN_VERSION, runId: `run-${minute}`, command: 'blast', startedAt },
      ...{ sale: 'a', saleUuid: 'uuid-a', target: 'memory', seed: 1, users: { kind: 'given', names } },
      ...{ concurrency: 1, timeoutMs: 1_000, atStart: start },
    },
    attempts: AttemptTable.of(attempts),
    groups: [],
    tornBytes: 0,
    footer: torn ? null : { endedAt: startedAt, elapsedMs: told.length, interrupted: false, ...counted },
  }
}

/** A sale, what became of it, and what its buyers were told. */
export interface History {
  readonly sale?: Sale
  readonly state: FinalState | null
  readonly runs: readonly Run[] | null
  readonly moving?: string | null
  readonly nowMs?: number
  readonly switches?: InvariantSwitches
  readonly gap?: string
}

/** Judges a history, ten minutes after the seeding unless it says otherwise. */
export const auditOf = (history: History): AuditResult =>
  audit({ sale: saleOf(), moving: null, nowMs: SEEDED_MS + 10 * MINUTE_MS, ...history })

export const verdictsOf = (result: AuditResult): Record<InvariantId, Verdict> =>
  Object.fromEntries(result.invariants.map(({ id, verdict }) => [id, verdict])) as Record<InvariantId, Verdict>

/** What the audit of a history finds about one invariant. */
export const judged = (id: InvariantId, history: History): Judged => {
  const found = auditOf(history).invariants.find((finding) => finding.id === id)
  if (found === undefined) throw new Error(`no such rule: ${id}`)
  return found
}
