import { say } from '../language/say.js'
import type { InvariantId } from '../sale/invariant.js'
import { ofSale } from '../sale/sale.js'
import { type Coverage, coverageOf, tooThin } from './coverage.js'
import { type Finding, fail, inconclusive, type Rule, skipped, untested, type Verdict } from './finding.js'
import type { AuditInput } from './input.js'
import { buildLedger, type Ledger } from './ledger.js'
import { recordsNowhere, soldElsewhere } from './other-keys.js'
import { RULES } from './rules/index.js'
import { inputsByRecords, type View, worstOf } from './views.js'
import { type Witnesses, witnessesOf } from './witnesses.js'

export interface Judged extends Finding {
  readonly id: InvariantId
  /** Its failure does not fail the audit. */
  readonly onlyWarns?: true
}

export interface AuditResult {
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** Rules that could have failed: those that passed or failed. */
  readonly tested: number
  readonly rules: number
  readonly invariants: readonly Judged[]
  readonly witnesses: Witnesses
  readonly coverage: Coverage
  /** Of several places of records, with the first. */
  readonly ledger: Ledger
}

/** Judges every invariant. Pure; the order is that of {@link RULES}. */
export const audit = (input: AuditInput): AuditResult => {
  const views = inputsByRecords(input).map((each): View => ({ input: each, ledger: ledgerOf(each) }))
  const [{ ledger }] = views as [View, ...View[]]
  const witnesses = witnessesOf(input.sale, views)
  const coverage = coverageOf(ledger)
  const thin = tooThin(coverage, ledger, input.sale.initial)
  const invariants = RULES.map((rule) => {
    const to = input.switches?.[rule.id]
    const found = to === 'off' ? skipped(say`switched off in the sale file`) : judgeAll(rule, views, witnesses)
    const finding = thin !== null && found.verdict === 'pass' ? untested(say`${found.message}; ${thin}`) : found
    return { id: rule.id, ...(to === 'warn' ? { onlyWarns: true as const } : {}), ...finding }
  })
  return {
    verdict: overall(invariants),
    tested: invariants.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length,
    rules: invariants.length,
    invariants,
    witnesses,
    coverage,
    ledger,
  }
}

const ledgerOf = (input: AuditInput): Ledger =>
  buildLedger(input.state, input.runs ?? [], expiryOf(input), input.moving ?? input.lost ?? null, input.gap)

/** Every place of records has to bear out a rule, and all have to tell the same. */
const judgeAll = (rule: Rule, views: readonly View[], { disagreements }: Witnesses): Finding => {
  const found = views.map(({ input, ledger }) => ({
    place: input.sale.keys.records,
    finding: judge(rule, input, ledger),
  }))
  const worst = worstOf(found)
  const torn = disagreements.find(({ between }) => between.every((witness) => witness.startsWith('recorded')))
  if (rule.id !== 'conservation' || torn === undefined || worst.verdict === 'fail') return worst
  return fail(torn.message, {
    ...{
      users: torn.users,
      observed: torn.units,
      expected: 0,
      keys: views.map(({ input }) => input.sale.keys.records),
    },
    hint: say`the second place is written after the answer and was not, or twice: write both from one queue, with the order’s id as key`,
  })
}

/** Redis measures the lifetime by its own clock. */
const CLOCK_SKEW_MS = 5_000

/** Says when the lifetime of the stock key was over, where it is: what has gone with the key was not lost by the shop. */
const expiryOf = ({ sale, state, nowMs }: AuditInput): string | null => {
  const { ttlSeconds, seededAt } = sale
  if (ttlSeconds === null || seededAt === undefined || state === null || state.ttlSeconds !== null) return null
  const endMs = Date.parse(seededAt) + ttlSeconds * 1_000
  if (nowMs + CLOCK_SKEW_MS < endMs) return null
  const over = say`the lifetime of ${sale.keys.stock} (${ttlSeconds} s) was over at ${new Date(endMs).toISOString()}`
  return state.remaining === null ? over : say`${over}, unless somebody took it away: the key has none now`
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
  if (needsRun && runs === null) return skipped(say`needs a run; the store alone was to be judged`)
  if (needsRun && ledger.runs.length === 0) {
    return inconclusive(ledger.gap ?? say`there is no run of this sale`, {
      hint: say`fire one, or judge the store alone`,
      next: `seckill audit${ofSale(sale)} --run none`,
    })
  }
  if (needsStore && state === null) return inconclusive(say`Redis was not readable`)
  if (needsStore && lost) return inconclusive(lost)
  if (needsStore && state?.recordsProblem) return inconclusive(state.recordsProblem, { keys: [sale.keys.records] })
  if (needsStore && moving !== null) return inconclusive(say`the sale was still moving: ${moving}`)
  const elsewhere = needsStore ? soldElsewhere(sale, ledger) : null
  const found = elsewhere ?? weaken(rule, rule.check(sale, ledger), ledger)
  const convicts = needsStore && found.verdict === 'fail' && rule.id !== 'no-negative-stock'
  return (convicts ? recordsNowhere(sale, ledger) : null) ?? found
}

/** What missing attempts still allow to say: a violation seen is a violation, but its absence proves nothing. */
const weaken = (rule: Rule, finding: Finding, { gap }: Ledger): Finding => {
  if (gap === null) return finding
  const needsWholeRun = ['recorded-is-acknowledged', 'somebody-bought', 'real-time-order'].includes(rule.id)
  if (finding.verdict === 'fail') return needsWholeRun ? inconclusive(gap, { users: finding.users }) : finding
  const looksAtRun = rule.needs.includes('run') || rule.provedByRun !== undefined
  return looksAtRun && finding.verdict !== 'skipped' ? inconclusive(gap) : finding
}
