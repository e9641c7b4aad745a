import type { AuditResult, Judged } from '../../audit/audit.js'
import { INVARIANTS } from '../../sale/invariant.js'
import type { Sale } from '../../sale/sale.js'
import { cell } from './markdown-table.js'

/** GitHub shows ten annotations of a step and drops the others. */
const MAX_ANNOTATIONS = 10

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const annotation = (level: 'error' | 'warning', title: string, message: string): string =>
  `::${level} title=${property(title)}::${data(message)}`

const MARKS = { pass: '✅', fail: '❌', inconclusive: '❓', untested: '➖', skipped: '➖' } as const

/** Workflow commands that annotate a run: what failed first, then what could not be told, then warnings; ten at most. */
export const githubAnnotations = (
  sale: Sale,
  { invariants }: Pick<AuditResult, 'invariants'>,
  warnings: readonly string[],
): string[] => {
  const of = (verdict: Judged['verdict'], level: 'error' | 'warning') =>
    invariants
      .filter((judged) => judged.verdict === verdict)
      .map(({ id, message, onlyWarns }) =>
        annotation(onlyWarns ? 'warning' : level, `${id} (sale ${sale.id})`, message),
      )
  const all = [
    ...of('fail', 'error'),
    ...of('inconclusive', 'warning'),
    ...warnings.map((warning) => annotation('warning', `sale ${sale.id}`, warning)),
  ]
  if (all.length <= MAX_ANNOTATIONS) return all
  const shown = all.slice(0, MAX_ANNOTATIONS - 1)
  return [
    ...shown,
    annotation('warning', `sale ${sale.id}`, `and ${all.length - shown.length} more: see the step summary`),
  ]
}

/** The audit in Markdown, for the summary of a step. */
export const githubSummary = (
  sale: Sale,
  { verdict, tested, rules, invariants }: Pick<AuditResult, 'verdict' | 'tested' | 'rules' | 'invariants'>,
  warnings: readonly string[],
): string =>
  [
    `### ${MARKS[verdict]} seckill audit of sale ${cell(sale.id)}: ${verdict} (${tested} of ${rules} rules tested)`,
    '',
    '| verdict | rule | finding |',
    '| --- | --- | --- |',
    ...invariants.map(
      ({ id, verdict, message, next }) =>
        `| ${MARKS[verdict]} ${verdict} | \`${id}\` ${INVARIANTS[id]} | ${cell(message)}${verdict === 'fail' && next !== null ? `<br>next: <code>${cell(next)}</code>` : ''} |`,
    ),
    ...(warnings.length > 0 ? ['', ...warnings.map((warning) => `- ⚠️ ${cell(warning)}`)] : []),
    '',
  ].join('\n')
