import { say } from '../../../language/say.js'
import { shownFigure } from '../../../sale/threshold.js'
import type { Regression } from '../../baseline.js'
import { type Comparison, comparedRows } from '../../compared.js'
import type { RunSummary } from '../../summary.js'
import { el, type Html } from './element.js'
import { badge, type Place, section, table } from './parts.js'

/** Several runs side by side: a row for each figure, a column for each run. */
export const comparedSection = (runs: readonly RunSummary[], place: Place): Html =>
  section(
    place,
    'compared',
    say`Side by side`,
    sideBySide(
      runs,
      runs.map(({ target }) => target),
    ),
  )

const sideBySide = (runs: readonly RunSummary[], names: readonly string[]): Html =>
  table({
    caption: say`a column for each run`,
    head: [say`figure`, ...names],
    rows: [[say`verdict`, ...runs.map(({ audit }) => badge(audit?.verdict ?? 'none'))], ...comparedRows(runs)],
  })

/** A run against its baseline: what became of the bounds, and all figures. */
export const baselineSection = ({ baseline, regressions }: Comparison, run: RunSummary, place: Place): Html =>
  section(
    place,
    'baseline',
    say`Against the baseline`,
    el('p', { class: 'alt' }, say`baseline: ${baseline.runId}`),
    regressions.length === 0 ? null : bounds(regressions),
    sideBySide([baseline, run], [say`was`, say`is`]),
  )

const bounds = (regressions: readonly Regression[]): Html =>
  table({
    caption: say`how much worse each may be`,
    head: [say`bound`, say`was`, say`is`, say`change`, say`verdict`],
    rows: regressions.map(({ expression, was, is, unit, changePercent, verdict, message }) => [
      expression,
      was === null ? '–' : shownFigure(was, unit),
      is === null ? '–' : shownFigure(is, unit),
      changeText(changePercent),
      [badge(verdict), verdict === 'inconclusive' ? ` ${message}` : ''],
    ]),
  })

/** `+12.3 %`. */
export const changeText = (percent: number | null): string =>
  percent === null ? '–' : `${percent > 0 ? '+' : ''}${percent} %`
