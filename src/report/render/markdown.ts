import type { Percentiles } from '../../history/histogram.js'
import { milliseconds, percent, thousands } from '../../language/numbers.js'
import { say, word } from '../../language/say.js'
import { INVARIANTS } from '../../sale/invariant.js'
import { orderFiguresText } from '../../sale/order-figures.js'
import { printable } from '../../sale/shell-word.js'
import { shownFigure } from '../../sale/threshold.js'
import { type Comparison, comparedRows } from '../compared.js'
import type { AuditDocument } from '../documents/kept.js'
import { followedRows, followedTexts, lackTexts, outcomeRows } from '../followed.js'
import { latencyRows, openingOf, type RunSummary } from '../summary.js'
import { changeText } from './html/compared.js'
import { verdictText } from './html/parts.js'
import { cell, markdownTable } from './markdown-table.js'

const MARKS = { pass: '✅', fail: '❌', inconclusive: '❓', untested: '➖', skipped: '➖', none: '➖' } as const

const marked = (verdict: keyof typeof MARKS): string => `${MARKS[verdict]} ${verdictText(verdict)}`

/** Text in a line of its own: nothing in it starts a tag, a table or a code span. */
const plain = (text: string): string => cell(printable(text)).replace(/[`*_[\]]/g, '\\$&')

/** A command, whatever it holds. */
const fenced = (text: string): string => {
  const fence = '`'.repeat(1 + Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length)))
  return `${fence}sh\n${text}\n${fence}`
}

/** The report for a pull request: a heading and short tables for each run, a table for all of them, the bounds that were missed. */
export const markdownReport = (runs: readonly [RunSummary, ...RunSummary[]], comparison: Comparison | null): string =>
  `${[
    ...(runs.length > 1 ? [`## ${say`${runs.length} sales compared`}`, sideBySide(runs)] : []),
    ...runs.flatMap(ofRun),
    ...(comparison === null ? [] : againstBaseline(comparison, runs[0])),
  ].join('\n\n')}\n`

const sideBySide = (runs: readonly RunSummary[]): string =>
  markdownTable(
    [say`figure`, ...runs.map(({ target }) => printable(target))],
    [[say`verdict`, ...runs.map(({ audit }) => marked(audit?.verdict ?? 'none'))], ...comparedRows(runs)],
    { numbers: true },
  )

const ofRun = (run: RunSummary): string[] => {
  const { audit, repeat } = run
  return [
    `### ${marked(audit?.verdict ?? 'none')}: ${plain(say`sale ${run.sale}, ${run.target}`)}`,
    openingOf(run).map(plain).join('\n'),
    ...(audit === null ? [] : rules(audit)),
    latency(run),
    ...decisions(run),
    ...(repeat === null ? [] : [say`The same attempts again, by the same users:`, fenced(repeat)]),
  ]
}

/** What failed or could not be told, and how many rules hold. */
const rules = ({ invariants, tested, rules: inAll, orders }: AuditDocument): string[] => {
  const bad = invariants.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
  const told = say`${tested} of ${inAll} rules tested`
  const figures = orders === null ? [] : [orderFiguresText(orders)]
  if (bad.length === 0) return [told, ...figures]
  const rows = bad.map(({ id, verdict, message }) => [marked(verdict), `${id} ${INVARIANTS[id]}`, printable(message)])
  return [told, ...figures, markdownTable([say`verdict`, say`rule`, say`finding`], rows)]
}

const latency = (run: RunSummary): string => {
  const cells = ({ p50, p99, max }: Percentiles) => [p50, p99, max].map(milliseconds)
  const rows = latencyRows(run).map(({ outcome, count, at }) => [
    ...[word(outcome), thousands(count), percent(count, run.attempts)],
    ...cells(at),
  ])
  const all = [say`all`, thousands(run.attempts), '', ...cells(run.latencyMs.response)]
  return markdownTable([say`outcome`, say`attempts`, say`share`, 'p50', 'p99', say`max`], [...rows, all], {
    numbers: true,
  })
}

/** How long the queued waited, how many were decided, and what all attempts came to. */
const decisions = ({ followed, outcomes, complete, interrupted }: RunSummary): string[] => {
  if (followed === null || followed.queued === 0) return []
  const waited = followedRows(followed).map(({ name, count, at }) => [
    ...[name, thousands(count)],
    ...(at === null ? ['', '', ''] : [at.p50, at.p99, at.max].map(milliseconds)),
  ])
  const end = outcomeRows(outcomes, followed).map(({ outcome, answered, decided, end }) => [
    ...[word(outcome), ...[answered, decided, end].map(thousands)],
  ])
  return [
    [...followedTexts(followed), ...lackTexts(followed, complete, interrupted === true)]
      .map((text) => plain(say`${text}.`))
      .join('\n'),
    markdownTable([say`queued`, say`attempts`, 'p50', 'p99', say`max`], waited, { numbers: true }),
    markdownTable([say`outcome`, say`answered`, say`decided`, say`in the end`], end, { numbers: true }),
  ]
}

const againstBaseline = ({ baseline, regressions }: Comparison, run: RunSummary): string[] => [
  `### ${say`Against the baseline`} ${plain(baseline.runId)}`,
  ...(regressions.length === 0
    ? []
    : [
        markdownTable(
          [say`bound`, say`was`, say`is`, say`change`, say`verdict`],
          regressions.map(({ expression, was, is, unit, changePercent, verdict }) => [
            expression,
            ...[was, is].map((value) => (value === null ? '–' : shownFigure(value, unit))),
            changeText(changePercent),
            marked(verdict),
          ]),
          { numbers: true },
        ),
      ]),
  markdownTable([say`figure`, say`was`, say`is`], comparedRows([baseline, run]), { numbers: true }),
]
