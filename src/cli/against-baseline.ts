import { EXIT, usageError } from '../errors.js'
import { wasFollowed } from '../history/decided.js'
import { listed } from '../language/lists.js'
import { say } from '../language/say.js'
import { figuresOf, singleFigures } from '../load/figures.js'
import { type Bound, differences, judgeBound, type Regression } from '../report/baseline.js'
import { type Comparison, comparedRows } from '../report/compared.js'
import type { RunSummary } from '../report/summary.js'
import { type Figures, shownFigure } from '../sale/threshold.js'
import type { Context } from './context.js'
import { findRun, openRun, type ReportedRun, reportRun } from './report-run.js'
import type { Summary } from './sum-up.js'

/** Holds a run against an earlier one. Errors: run_log; usage where they were not fired alike, which says in what. */
export const compareWith = async (
  context: Context,
  now: ReportedRun,
  wanted: string,
  bounds: readonly Bound[],
): Promise<Comparison> => {
  const before = await reportRun(context, openRun(context, await findRun(context, wanted)), null)
  const differ = differences(comparable(before), comparable(now))
  if (differ.length > 0) {
    throw usageError(
      say`${wanted} is no baseline of this run: they differ in ${listed(differ)}`,
      say`fire both with the same flags, --seed among them`,
    )
  }
  const [was, is] = [figuresOfSummary(before.summed), figuresOfSummary(now.summed)]
  return { baseline: before.shown, regressions: bounds.map((bound) => judgeBound(bound, was, is)) }
}

const comparable = ({ summed: { meta, asked } }: ReportedRun) => ({ header: meta.header, asked })

/** What a run's log measured. */
const figuresOfSummary = ({ meta, measures: { tally, latency } }: Summary): Figures => {
  const { footer } = meta
  return figuresOf({
    ...{ tally, latency, followed: wasFollowed(meta) },
    interrupted: footer === null || footer.interrupted,
    generator: footer?.load?.generator ?? null,
    single: footer === null ? {} : singleFigures(tally, footer.elapsedMs, footer.load),
  })
}

export const exitCodeOf = ({ verdict }: Regression): number =>
  ({ pass: EXIT.ok, fail: EXIT.threshold, inconclusive: EXIT.inconclusive })[verdict]

/** The bounds and all figures as tables. */
export const renderComparison = async ({ baseline, regressions }: Comparison, run: RunSummary): Promise<string> => {
  const { tableOf } = await import('./style.js')
  const { changeText } = await import('../report/render/html/compared.js')
  const rows = regressions.map(({ expression, was, is, unit, changePercent, verdict, message }) => [
    verdict === 'fail' ? 'FAIL' : verdict,
    expression,
    ...[was, is].map((value) => (value === null ? '–' : shownFigure(value, unit))),
    changeText(changePercent),
    verdict === 'inconclusive' ? message : '',
  ])
  const bounds =
    rows.length === 0
      ? []
      : [tableOf([say`verdict`, say`bound`, say`was`, say`is`, say`change`, ''], rows, { numbers: [2, 3, 4] })]
  const all = tableOf([say`figure`, say`was`, say`is`], comparedRows([baseline, run]), { numbers: [1, 2] })
  return [say`against ${baseline.runId}`, ...bounds, all].join('\n')
}
