import type { Run } from '../history/run.js'
import type { FinalState } from '../sale/final-state.js'
import type { InvariantId, InvariantSwitches } from '../sale/invariant.js'
import type { Sale } from '../sale/sale.js'
import { type Finding, inconclusive, type Rule, skipped, type Verdict } from './finding.js'
import { buildLedger, firstOf, type Ledger } from './ledger.js'
import { RULES } from './rules/index.js'

export interface AuditInput {
  readonly sale: Sale
  /** The sale as it stands; null where Redis was not readable. */
  readonly state: FinalState | null
  /** What was still moving when the state was read; null where it had settled. */
  readonly moving: string | null
  /** Why the store is no witness of these runs (another server, or another life of it); null where it is. */
  readonly lost?: string | null
  /** The present, for lifetimes: milliseconds since 1970. */
  readonly nowMs: number
  /** The runs of this sale; null where the store alone is to be judged. */
  readonly runs: readonly Run[] | null
  /** Runs of this sale whose logs are gone. */
  readonly removedRuns?: number
  /** What the sale file says about single invariants. */
  readonly switches?: InvariantSwitches
}

export interface Judged extends Finding {
  readonly id: InvariantId
  /** Its failure does not fail the audit. */
  readonly onlyWarns: boolean
}

export interface AuditResult {
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** Rules that could have failed: those that passed or failed. */
  readonly tested: number
  readonly rules: number
  readonly invariants: readonly Judged[]
  readonly ledger: Ledger
}

/** Judges every invariant. Pure; the order is that of {@link RULES}. */
export const audit = (input: AuditInput): AuditResult => {
  const ledger = buildLedger(input.state, input.runs ?? [], expiryOf(input), input.moving, input.removedRuns)
  const invariants = RULES.map((rule) => {
    const to = input.switches?.[rule.id]
    const finding = to === 'off' ? skipped('switched off in the sale file') : judge(rule, input, ledger)
    return { id: rule.id, onlyWarns: to === 'warn', ...finding }
  })
  return {
    verdict: overall(invariants),
    tested: invariants.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length,
    rules: invariants.length,
    invariants,
    ledger,
  }
}

/** Redis measures the lifetime by its own clock. */
const CLOCK_SKEW_MS = 5_000

/** Says when the lifetime of the stock key was over, where it is: what has gone with the key was not lost by the shop. */
const expiryOf = ({ sale, state, nowMs }: AuditInput): string | null => {
  const { ttlSeconds, seededAt } = sale
  if (ttlSeconds === null || seededAt === undefined || state === null || state.ttlSeconds !== null) return null
  const endMs = Date.parse(seededAt) + ttlSeconds * 1_000
  if (nowMs + CLOCK_SKEW_MS < endMs) return null
  const over = `the lifetime of ${sale.keys.stock} (${ttlSeconds} s) was over at ${new Date(endMs).toISOString()}`
  return state.remaining === null ? over : `${over}, unless somebody took it away: the key has none now`
}

/** `fail` if any rule fails, else `inconclusive` if any is (or nothing was tested at all), else `pass`. */
const overall = (invariants: readonly Judged[]): AuditResult['verdict'] => {
  const has = (verdict: Verdict) => invariants.some((judged) => judged.verdict === verdict && !judged.onlyWarns)
  if (has('fail')) return 'fail'
  return has('inconclusive') || !has('pass') ? 'inconclusive' : 'pass'
}

const judge = (rule: Rule, { sale, state, lost, moving, runs }: AuditInput, ledger: Ledger): Finding => {
  const needsStore = rule.needs.includes('store')
  const needsRun = rule.needs.includes('run')
  const proved = rule.provedByRun?.(sale, ledger) ?? null
  if (proved !== null) return proved
  if (needsRun && runs === null) return skipped('needs a run; the store alone was to be judged')
  if (needsRun && ledger.runs.length === 0) {
    return inconclusive(ledger.gap ?? 'there is no run of this sale', {
      hint: 'fire one, or judge the store alone',
      next: 'seckill audit --run none',
    })
  }
  if (needsStore && state === null) return inconclusive('Redis was not readable')
  if (needsStore && lost) return inconclusive(lost)
  if (needsStore && state?.recordsProblem) return inconclusive(state.recordsProblem, { keys: [sale.keys.records] })
  if (needsStore && moving !== null) return inconclusive(`the sale was still moving: ${moving}`)
  const elsewhere = needsStore ? soldElsewhere(sale, ledger) : null
  return elsewhere ?? weaken(rule, rule.check(sale, ledger), ledger)
}

/**
 * Buyers were told "sold", yet neither stock nor records moved since the first run, nor while anybody looked: these keys are
 * not the shop's.
 */
const soldElsewhere = (sale: Sale, ledger: Ledger): Finding | null => {
  const start = firstOf(ledger.runs)?.header.atStart
  const orders = ledger.state?.records.reduce((sum, { users }) => sum + users.length, 0)
  if (!start || ledger.soldOrders === 0 || ledger.state?.remaining !== start.remaining || orders !== start.records)
    return null
  const seen = ledger.runs.flatMap(({ footer }) => footer?.stock ?? [])
  if (seen.some(({ lowest, last }) => lowest !== start.remaining || last !== start.remaining)) return null
  const { stock, records } = sale.keys
  return inconclusive(
    `buyers were told "sold" ${ledger.soldOrders} times, yet neither ${stock} nor ${records} ever moved`,
    {
      keys: [stock, records],
      hint: 'the shop sells from another Redis, database or key prefix: see --redis, --stock-key, --records-key',
    },
  )
}

/** What missing attempts still allow to say: a violation seen is a violation, but its absence proves nothing. */
const weaken = (rule: Rule, finding: Finding, { gap }: Ledger): Finding => {
  if (gap === null) return finding
  const needsWholeRun = ['recorded-is-acknowledged', 'somebody-bought', 'real-time-order'].includes(rule.id)
  if (finding.verdict === 'fail') return needsWholeRun ? inconclusive(gap, { users: finding.users }) : finding
  const looksAtRun = rule.needs.includes('run') || rule.provedByRun !== undefined
  return looksAtRun && finding.verdict !== 'skipped' ? inconclusive(gap) : finding
}
