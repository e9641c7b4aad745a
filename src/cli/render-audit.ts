import type { AuditResult, Judged } from '../audit/audit.js'
import type { Verdict } from '../audit/finding.js'
import { INVARIANTS } from '../sale/invariant.js'
import type { Sale } from '../sale/sale.js'
import type { Settled } from '../store/settle.js'
import type { Context } from './context.js'
import { thousands } from './numbers.js'
import type { Style } from './style.js'

const MAX_EVIDENCE = 1_000

/** The document that `audit --json` prints. */
export const auditJson = (sale: Sale, { state, moving, waitedMs }: Settled, result: AuditResult) => {
  const { ledger } = result
  const samples = ledger.runs.flatMap((run) => run.footer?.stock ?? [])
  return {
    verdict: result.verdict,
    tested: result.tested,
    rules: result.rules,
    sale: sale.id,
    saleUuid: sale.uuid,
    runs: ledger.runs.map(({ header, footer, attempts, path }) => ({
      ...{ runId: header.runId, command: header.command, target: header.target, file: path },
      ...{ attempts: attempts.length, complete: footer !== null, interrupted: footer?.interrupted ?? null },
    })),
    settled: { settled: moving === null, waitedMs, moving },
    stock: {
      initial: sale.initial,
      remaining: state.remaining,
      sold: ledger.recordedUnits,
      lowestSeen: samples.length > 0 ? Math.min(...samples.map(({ lowest }) => lowest)) : null,
      samples: samples.reduce((sum, seen) => sum + seen.samples, 0),
    },
    acknowledged: ledger.acknowledgedUnits,
    invariants: result.invariants.map(({ users, keys, ...judged }) => ({
      ...{
        id: judged.id,
        verdict: judged.verdict,
        message: judged.message,
        observed: judged.observed,
        expected: judged.expected,
      },
      evidence: { users: users.slice(0, MAX_EVIDENCE), usersInAll: users.length, keys },
      ...{ hint: judged.hint, next: judged.next },
    })),
    warnings: warningsOf(state),
  }
}

const warningsOf = (state: Settled['state']): string[] =>
  [state.stockProblem, state.recordsProblem].filter((problem) => problem !== null)

/** The verdict first, then every rule, then the evidence of what failed. */
export const renderAudit = async (context: Context, sale: Sale, result: AuditResult): Promise<string> => {
  const { stdout: style } = await context.styles()
  const { tableOf } = await import('./style.js')
  const { ledger, invariants } = result
  const rows = invariants.map(({ id, verdict, message }) => [
    paint(style, verdict),
    `${id} ${INVARIANTS[id]}`,
    wrap(message, messageWidth(context)),
  ])
  const remaining = ledger.state?.remaining
  const equation = `${thousands(sale.initial)} for sale, ${remaining == null ? '?' : thousands(remaining)} left, ${thousands(ledger.recordedUnits)} recorded, ${thousands(ledger.acknowledgedUnits)} acknowledged`
  return [
    `${style.bold(paint(style, result.verdict))} (${result.tested} of ${result.rules} rules tested)  sale ${sale.id}: ${equation}`,
    tableOf(['verdict', 'rule', 'finding'], rows),
    ...invariants
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
      .map((judged) => detail(style, judged)),
    closing(result),
  ].join('\n')
}

const COLOR: Readonly<Record<Verdict, keyof Style>> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  untested: 'dim',
  skipped: 'dim',
}

const paint = (style: Style, verdict: Verdict): string => style[COLOR[verdict]](verdict === 'fail' ? 'FAIL' : verdict)

const detail = (style: Style, { id, verdict, hint, next, users }: Judged): string => {
  const lines = [`${style[COLOR[verdict]](id)}`]
  if (users.length > 0)
    lines.push(
      `  users: ${users.slice(0, 3).join(', ')}${users.length > 3 ? ` … (${thousands(users.length)} in all, see --json)` : ''}`,
    )
  if (hint !== null) lines.push(`  cause: ${hint}`)
  if (next !== null) lines.push(`  try:   ${next}`)
  return lines.length > 1 ? lines.join('\n') : ''
}

const closing = ({ verdict, ledger }: AuditResult): string => {
  if (ledger.runs.length === 0) return 'Judged from the store alone: what buyers were told is not known.'
  if (verdict === 'pass')
    return `No violation in these ${thousands(ledger.attempts)} attempts; other orders of the same commands remain possible.`
  return ''
}

const messageWidth = (context: Context): number =>
  Math.max(40, Math.min(100, (context.io.stdout.isTerminal ? context.io.stdout.columns : 120) - 58))

const wrap = (text: string, width: number): string => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}
