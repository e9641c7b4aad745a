import { say } from '../../../language/say.js'
import { type Comparison, comparedRows } from '../../compared.js'
import type { RunSummary } from '../../summary.js'
import { badge, type Place, section, table, verdictText } from './parts.js'
import { el, type Html } from './element.js'

/** Several runs side by side: a row for each figure, a column for each run. */
export const comparedSection = (runs: readonly RunSummary[], place: Place): Html =>
  section(
    place,
    'compared',
    say`Side by side`,
    table({
      caption: say`a column for each run`,
      head: [say`figure`, ...runs.map(({ target }) => target)],
      rows: [
        [say`verdict`, ...runs.map(({ audit }) => badge(audit?.verdict ?? 'none'))],
        ...comparedRows(runs),
      ],
    }),
  )

/** What became of the bounds on regressions. */
export const baselineSection = ({ baseline, results }: Comparison, place: Place): Html =>
  section(
    place,
    'baseline',
    say`Against the baseline`,
    el('p', { class: 'alt' }, say`baseline: ${baseline}`),
    results.length === 0
      ? el('p', {}, say`no bound was given: --max-regression p99=10%`)
      : table({
          caption: say`figures with a bound on how much worse they may be`,
          head: [say`figure`, say`was`, say`is`, say`change`, say`allowed`, say`verdict`],
          rows: results.map(({ metric, was, is, change, allowed, verdict }) => [
            metric,
            ...[was, is, change, allowed],
            badge(verdict, verdictText(verdict)),
          ]),
        }),
  )
