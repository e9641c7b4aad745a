import { milliseconds, thousands } from '../../../language/numbers.js'
import { say, word } from '../../../language/say.js'
import type { Outcome } from '../../../sale/outcome.js'
import { decidedIn, followedRows, followedTexts, lackTexts, outcomeRows } from '../../followed.js'
import type { RunSummary } from '../../summary.js'
import { type Chart, figure } from './chart.js'
import { el, type Html } from './element.js'
import { type Place, section, table } from './parts.js'
import { lineColor, PERCENTILE_COLUMNS, percentileCells, percentileChart } from './percentiles.js'

const LINES = 4

/** Time until accepted, until decided, and until each decision, by percentile. */
export const decisionsChart = ({ followed, spectrum }: RunSummary, { id }: Place): Chart[] => {
  const { percentiles, byOutcome, decision, decisionByOutcome } = spectrum
  if (followed === null || decidedIn(followed) < 2) return []
  const each = Object.entries(decisionByOutcome).slice(0, LINES) as [Outcome, readonly number[]][]
  return [
    percentileChart(`${id}-decisions-chart`, percentiles, [
      { label: say`until accepted`, color: 'c3', dash: true, ms: byOutcome.queued ?? [] },
      { label: say`until decided`, color: 'c2', ms: decision },
      ...each.map(([outcome, ms], i) => ({
        ...{ label: say`decided: ${word(outcome)}`, color: lineColor(outcome, i + 2), ms },
      })),
    ]),
  ]
}

/** What became of the queued: how long it took, how many, and what all attempts came to in the end. */
export const decisionsSection = (run: RunSummary, place: Place): Html | null => {
  const { followed } = run
  if (followed === null || followed.queued === 0) return null
  const { p50, p99 } = followed.decisionMs
  const text =
    decidedIn(followed) === 0
      ? say`Nobody who was accepted knew what came of it.`
      : say`Half of those who were decided knew within ${milliseconds(p50)}, 99 % within ${milliseconds(p99)}; 99 % of the accepted had been told so within ${milliseconds(followed.acceptanceMs?.p99 ?? 0)}.`
  const title = say`Time from the planned send until accepted and until decided, in milliseconds`
  const rows = followedRows(followed).map(({ name, count, at }) => [
    ...[name, thousands(count), ...percentileCells(at)],
  ])
  const head = [say`queued`, say`attempts`, ...PERCENTILE_COLUMNS()]
  const texts = [...followedTexts(followed), ...lackTexts(followed, run.complete, run.interrupted === true)]
  const [chart] = decisionsChart(run, place)
  return section(
    place,
    'decisions',
    say`From accepted to decided`,
    ...(chart
      ? [figure(chart, { title, text, head, rows })]
      : [el('p', {}, text), table({ caption: title, head, rows })]),
    ...texts.map((each) => el('p', {}, say`${each}.`)),
    table({
      caption: say`attempts by what they were answered, and by what they came to`,
      head: [say`outcome`, say`answered`, say`decided`, say`in the end`],
      rows: outcomeRows(run.outcomes, followed).map(({ outcome, answered, decided, end }) => [
        word(outcome),
        ...[answered, decided, end].map(thousands),
      ]),
    }),
  )
}
