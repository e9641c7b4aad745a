import type { Percentiles } from '../../../history/histogram.js'
import { percent, thousands } from '../../../language/numbers.js'
import { say, word } from '../../../language/say.js'
import type { Outcome } from '../../../sale/outcome.js'
import { latencyRows, type RunSummary } from '../../summary.js'
import { type Chart, figure } from './chart.js'
import { el, type Html } from './element.js'
import { type Place, section } from './parts.js'

const COLORS = ['c2', 'c3', 'c4', 'c5']
const COLOR_OF: Partial<Record<Outcome, string>> = { sold: 'c1', sold_out: 'c0' }
const LINES = 6

/** Percentiles are spread so that 90, 99 and 99.9 stand equally far apart. */
const spread = (percentile: number): number => -Math.log10(1 - percentile / 100)

const TICKS = [50, 90, 99, 99.9, 99.99]

/** Response time by percentile, a line for each outcome. */
export const latencyChart = (run: RunSummary, { id }: Place): Chart[] => {
  const { percentiles, byOutcome } = run.spectrum
  const rows = latencyRows(run).slice(0, LINES)
  if (rows.length === 0 || run.attempts < 2) return []
  return [
    {
      id: `${id}-latency-chart`,
      x: percentiles.map(spread),
      xLabel: say`percentile`,
      yLabel: say`milliseconds`,
      ticks: TICKS.map((tick) => [spread(tick), `p${tick}`] as const),
      log: true,
      marks: [],
      series: rows.map(({ outcome }, i) => ({
        ...{
          label: word(outcome),
          color: COLOR_OF[outcome] ?? (COLORS[i % COLORS.length] as string),
          kind: 'line' as const,
        },
        y: (byOutcome[outcome] ?? []).map((ms) => Math.max(0.01, ms)),
      })),
    },
  ]
}

const cells = ({ p50, p90, p99, p999, max }: Percentiles): string[] =>
  [p50, p90, p99, p999, max].map((ms) => ms.toFixed(1))

export const latencySection = (run: RunSummary, place: Place): Html | null => {
  const { latencyMs, attempts } = run
  const rows = latencyRows(run)
  if (rows.length === 0) return null
  const [chart] = latencyChart(run, place)
  const { sold } = latencyMs.byOutcome
  const all = latencyMs.response
  const text = sold
    ? say`Half of the winners had their answer within ${sold.p50.toFixed(1)} ms, 99 % within ${sold.p99.toFixed(1)} ms; of all buyers 99 % within ${all.p99.toFixed(1)} ms.`
    : say`99 % of all buyers had their answer within ${all.p99.toFixed(1)} ms.`
  const table = {
    head: [say`outcome`, say`attempts`, say`share`, 'p50', 'p90', 'p99', 'p99.9', say`max`],
    rows: [
      ...rows.map(({ outcome, count, at }) => [
        word(outcome),
        thousands(count),
        percent(count, attempts),
        ...cells(at),
      ]),
      [say`all`, thousands(attempts), '', ...cells(all)],
      [say`from the actual send`, '', '', ...cells(latencyMs.service)],
      [say`connecting`, '', '', ...cells(latencyMs.connect)],
    ],
  }
  const title = say`Response time in milliseconds, by outcome`
  return section(place, 'latency', say`Latency`, chart ? figure(chart, { title, text, ...table }) : el('p', {}, text))
}
