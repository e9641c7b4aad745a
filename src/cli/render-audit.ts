import type { AuditResult } from '../audit/audit.js'
import { coverageLine } from '../audit/coverage.js'
import { safeStrategy, type Verdict } from '../audit/finding.js'
import { orderFigures } from '../audit/orders.js'
import { raceLike, reproduce } from '../audit/reproduce.js'
import { summaryOf } from '../audit/summary.js'
import { listed } from '../language/lists.js'
import { say, word } from '../language/say.js'
import type { FinalState } from '../sale/final-state.js'
import { INVARIANTS } from '../sale/invariant.js'
import { orderFiguresText } from '../sale/order-figures.js'
import type { Sale } from '../sale/sale.js'
import { printable, shellWord } from '../sale/shell-word.js'
import type { Context } from './context.js'
import { milliseconds, thousands } from './numbers.js'
import type { Style } from './style.js'

/** What the store has to say; `state` is null where Redis was out of reach. */
export interface Witnessed {
  readonly state: FinalState | null
  readonly moving: string | null
  /** Why the store is no witness of these runs; null where it is. */
  readonly lost: string | null
}

/** The sale as the audit found it. */
export interface Looked extends Witnessed {
  readonly waitedMs: number
  /** How long nothing had changed when it was read. */
  readonly stillMs: number
  /** What about the server and the keys may have spoilt the sale. */
  readonly warnings: readonly string[]
  /** What else about the server is worth knowing. */
  readonly remarks: readonly string[]
}

/** The verdict first, then every rule, then the evidence of what failed; `rerun` is the command that makes all of it again. */
export const renderAudit = async (
  context: Context,
  sale: Sale,
  { stillMs }: Looked,
  result: AuditResult,
  rerun: string | null = null,
): Promise<string> => {
  const { stdout: style } = await context.styles()
  const { tableOf } = await import('./style.js')
  const { ledger, invariants } = result
  const rows = invariants.map(({ id, verdict, message }, i) => {
    const first = invariants.findIndex((other) => other.message === message)
    const asAbove = say`as above: ${invariants[first]?.id}`
    const repeats = verdict === 'inconclusive' && first < i && message.length > asAbove.length
    return [paint(style, verdict), `${id} ${word(INVARIANTS[id])}`, repeats ? asAbove : message]
  })
  const remaining = ledger.state?.remaining
  const orders = orderFigures(ledger)
  const equation = say`${thousands(sale.initial)} for sale, ${remaining == null ? '?' : thousands(remaining)} left, ${thousands(ledger.recordedUnits)} recorded, ${thousands(ledger.acknowledgedUnits)} acknowledged`
  return [
    summaryOf(sale, result),
    ...result.witnesses.disagreements.map(({ message }) => say`witnesses disagree: ${message}`),
    say`${style.bold(paint(style, result.verdict))} (${result.tested} of ${result.rules} rules tested)  sale ${sale.id}: ${equation}`,
    ...(orders === null ? [] : [orderFiguresText(orders)]),
    tableOf([say`verdict`, say`rule`, say`finding`], rows, { lastWidth: findingWidth(context) }),
    ...details(context, style, sale, result, rerun),
    ...closing(context, sale, stillMs, result),
  ].join('\n')
}

const COLOR: Readonly<Record<Verdict, keyof Style>> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  untested: 'dim',
  skipped: 'dim',
}

const paint = (style: Style, verdict: Verdict): string =>
  style[COLOR[verdict]](word(verdict === 'fail' ? 'FAIL' : verdict))

/** Evidence, cause and next step of what failed or could not be told; what several rules say alike is said once. */
const details = (
  context: Context,
  style: Style,
  sale: Sale,
  { invariants, ledger }: AuditResult,
  rerun: string | null,
): string[] => {
  const said = new Set<string>()
  const same = reproduce(sale, ledger)
  const again = rerun ?? (same && placed(context, same))
  return invariants.flatMap(({ id, verdict, hint, next, users, drawing }) => {
    if (verdict !== 'fail' && verdict !== 'inconclusive') return []
    const more = users.length > 3 ? say` … (${thousands(users.length)} in all, see --json)` : ''
    const lines = [
      users.length > 0 ? say`  users: ${listed(users.slice(0, 3).map(printable))}${more}` : '',
      ...drawing.map((line) => `  ${line}`),
      hint === null ? '' : verdict === 'fail' ? say`  cause: ${hint}` : say`  hint: ${hint}`,
      verdict === 'fail' ? say`  avoided by: ${safeStrategy(sale)}` : '',
      // Where all is made anew, the Redis of this time is gone.
      next === null || (rerun !== null && next.startsWith('redis-cli')) ? '' : say`  next:  ${placed(context, next)}`,
      verdict === 'fail' && again !== null ? say`  again: ${again}` : '',
    ].filter((line) => line !== '' && !said.has(line))
    for (const line of lines) said.add(line)
    return lines.length === 0 ? [] : [style[COLOR[verdict]](id), ...lines]
  })
}

/** A command of ours with the flags by which this call found Redis and sale file; a URL with a password is not repeated. */
const placed = ({ options: { redis, file } }: Context, command: string): string => {
  const where = redis === undefined || /:\/\/[^/]*@/.test(redis) ? '' : ` --redis ${shellWord(redis)}`
  const flags = where + (file === undefined ? '' : ` --file ${shellWord(file)}`)
  const own = command.replace(/\bseckill (?!race)[a-z]+/g, (words) => words + flags)
  return where === '' ? own : own.replace(/^redis-cli/, `redis-cli -u ${shellWord(redis as string)}`)
}

/** From so long on it is worth saying. */
const LONG_STILL_MS = 1_000

const closing = (
  context: Context,
  sale: Sale,
  stillMs: number,
  { verdict, ledger, coverage }: AuditResult,
): string[] => {
  const reached = coverageLine(coverage)
  const still = say`stock and records had not changed for ${milliseconds(stillMs)} when they were read`
  return [
    ...(reached === null ? [] : [reached]),
    ...(verdict === 'fail' && stillMs >= LONG_STILL_MS ? [still] : []),
    ...farewell(context, sale, verdict, ledger),
  ]
}

const farewell = (
  context: Context,
  sale: Sale,
  verdict: AuditResult['verdict'],
  ledger: AuditResult['ledger'],
): string[] => {
  if (ledger.runs.length === 0) return [say`Judged from the store alone: what buyers were told is not known.`]
  if (verdict !== 'pass') return []
  return [
    say`No violation in these ${thousands(ledger.attempts)} attempts; other orders of the same commands remain possible: ${placed(context, raceLike(sale, ledger))}`,
  ]
}

/** What verdict and rule leave of the line. */
const findingWidth = (context: Context): number => {
  const { isTerminal, columns } = context.io.stdout
  return Math.max(40, Math.min(100, (isTerminal ? columns : 120) - 54))
}
