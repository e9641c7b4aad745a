import { say, word } from '../../language/say.js'
import { INVARIANTS, type InvariantId } from '../../sale/invariant.js'
import type { Case, Verdicts } from '../cases.js'
import { cell } from './markdown-table.js'

/** GitHub shows ten annotations of a step and drops the others. */
const MAX_ANNOTATIONS = 10

/** GitHub refuses a longer summary whole. */
const MAX_SUMMARY_BYTES = 1_024 * 1_024

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const annotation = (level: 'error' | 'warning', title: string, message: string): string =>
  `::${level} title=${property(title)}::${data(message)}`

const MARKS = { pass: '✅', fail: '❌', inconclusive: '❓', untested: '➖', skipped: '➖' } as const

/** Workflow commands that annotate a run: what failed first, then what could not be told, then warnings; ten at most. */
export const githubAnnotations = ({ subject, cases, warnings }: Omit<Verdicts, 'verdict' | 'extent'>): string[] => {
  const of = (verdict: Case['verdict'], level: 'error' | 'warning') =>
    cases
      .filter((judged) => judged.verdict === verdict)
      .map(({ name, message, onlyWarns }) => annotation(onlyWarns ? 'warning' : level, `${name} (${subject})`, message))
  const all = [
    ...of('fail', 'error'),
    ...of('inconclusive', 'warning'),
    ...warnings.map((warning) => annotation('warning', subject, warning)),
  ]
  if (all.length <= MAX_ANNOTATIONS) return all
  const shown = all.slice(0, MAX_ANNOTATIONS - 1)
  return [...shown, annotation('warning', subject, say`and ${all.length - shown.length} more: see the step summary`)]
}

const chinese = (name: string): string => (name in INVARIANTS ? ` ${INVARIANTS[name as InvariantId]}` : '')

/** What was judged in Markdown, for the summary of a step: at most 1 MiB, rows beyond it are counted. */
export const githubSummary = ({ subject, verdict, extent, cases, warnings }: Verdicts): string => {
  const row = ({ name, verdict, message, next }: Case) =>
    `| ${MARKS[verdict]} ${word(verdict)} | \`${cell(name)}\`${chinese(name)} | ${cell(message)}${verdict === 'fail' && next !== null ? `<br>${say`next:`} <code>${cell(next)}</code>` : ''} |`
  const lines = [
    `### ${MARKS[verdict]} seckill ${cell(subject)}: ${word(verdict)}${extent === '' ? '' : ` (${extent})`}`,
    '',
    `| ${say`verdict`} | ${say`rule`} | ${say`finding`} |`,
    '| --- | --- | --- |',
    ...cases.map(row),
    ...(warnings.length > 0 ? ['', ...warnings.map((warning) => `- ⚠️ ${cell(warning)}`)] : []),
  ]
  return `${withinBytes(lines, MAX_SUMMARY_BYTES).join('\n')}\n`
}

const withinBytes = (lines: readonly string[], most: number): readonly string[] => {
  let left = most - 200
  const cut = lines.findIndex((line) => {
    left -= Buffer.byteLength(line) + 1
    return left < 0
  })
  return cut < 0 ? lines : [...lines.slice(0, cut), '', say`and ${lines.length - cut} more lines`]
}
