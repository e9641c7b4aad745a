import { percent, thousands } from '../../../language/numbers.js'
import { say, word } from '../../../language/say.js'
import { latencyRows, type RunSummary } from '../../summary.js'
import { type Chart, figure } from './chart.js'
import { el, type Html } from './element.js'
import { type Place, section } from './parts.js'
import { lineColor, PERCENTILE_COLUMNS, percentileCells, percentileChart } from './percentiles.js'

const LINES = 6

/** Response time by percentile, a line for each outcome. */
export const latencyChart = (run: RunSummary, { id }: Place): Chart[] => {
  const { percentiles, byOutcome } = run.spectrum
  const rows = latencyRows(run).slice(0, LINES)
  if (rows.length === 0 || run.attempts < 2) return []
  const lines = rows.map(({ outcome }, i) => ({
    ...{ label: word(outcome), color: lineColor(outcome, i), ms: byOutcome[outcome] ?? [] },
  }))
  return [percentileChart(`${id}-latency-chart`, percentiles, lines)]
}

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
    head: [say`outcome`, say`attempts`, say`share`, ...PERCENTILE_COLUMNS()],
    rows: [
      ...rows.map(({ outcome, count, at }) => [
        word(outcome),
        thousands(count),
        percent(count, attempts),
        ...percentileCells(at),
      ]),
      [say`all`, thousands(attempts), '', ...percentileCells(all)],
      [say`from the actual send`, '', '', ...percentileCells(latencyMs.service)],
      [say`connecting`, '', '', ...percentileCells(latencyMs.connect)],
    ],
  }
  const title = say`Response time in milliseconds, by outcome`
  return section(place, 'latency', say`Latency`, chart ? figure(chart, { title, text, ...table }) : el('p', {}, text))
}
