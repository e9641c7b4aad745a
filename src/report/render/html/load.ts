import { milliseconds, thousands } from '../../../language/numbers.js'
import { say } from '../../../language/say.js'
import { type RunSummary, winnersTold } from '../../summary.js'
import { type Chart, figure } from './chart.js'
import type { Html } from './element.js'
import { type Place, section } from './parts.js'

/** Rows of the table under a chart. */
const ROWS = 20

/** Counts a second in each stretch of a run. */
const rates = (counts: readonly number[], widthMs: number): number[] =>
  counts.map((count) => Math.round((count * 100_000) / widthMs) / 100)

const seconds = (ms: number): number => Math.round(ms) / 1_000

/** Requests and wins a second, with the moment of selling out. */
export const loadCharts = (run: RunSummary, { id }: Place): Chart[] => {
  const { overTime, timeToSellOutMs } = run
  const { widthMs, sent, answered, won } = overTime
  if (answered.length === 0) return []
  // A run of one stretch is a line of two points all the same.
  const x = Array.from({ length: answered.length + 1 }, (_, i) => seconds(i * widthMs))
  const marks = timeToSellOutMs === null ? [] : [{ x: seconds(timeToSellOutMs), label: say`sold out` }]
  const common = { x, marks, xLabel: say`seconds since the start`, sync: id }
  const y = (counts: readonly number[]) => [...rates(counts, widthMs), 0]
  return [
    {
      ...common,
      id: `${id}-requests-chart`,
      yLabel: say`per second`,
      series: [
        { label: say`answered`, color: 'c0', fill: 'soft0', kind: 'steps', y: y(answered) },
        { label: say`sent`, color: 'c3', kind: 'steps', dash: true, y: y(sent) },
      ],
    },
    {
      ...common,
      id: `${id}-wins-chart`,
      yLabel: say`per second`,
      series: [{ label: say`won`, color: 'c1', fill: 'c1', kind: 'bars', y: y(won) }],
    },
  ]
}

export const loadSection = (run: RunSummary, place: Place): Html | null => {
  const [requests, wins] = loadCharts(run, place)
  if (requests === undefined || wins === undefined) return null
  const { overTime, timeToSellOutMs } = run
  const answered = rates(overTime.answered, overTime.widthMs)
  const peak = Math.max(...answered)
  const peakAt = milliseconds(answered.indexOf(peak) * overTime.widthMs)
  const first = milliseconds(overTime.won.findIndex((count) => count > 0) * overTime.widthMs)
  const winners = winnersTold(run)
  const end =
    timeToSellOutMs === null
      ? say`it did not sell out in this run`
      : say`the last unit went after ${milliseconds(timeToSellOutMs)}`
  return section(
    place,
    'load',
    say`Load and sales over time`,
    figure(requests, {
      title: say`Attempts per second`,
      text: say`At most ${thousands(Math.round(peak))} answers a second, ${peakAt} after the start.`,
      ...numbers(overTime),
    }),
    figure(wins, {
      title: say`Wins per second`,
      text: winners === 0 ? say`Nobody won.` : say`${thousands(winners)} wins from ${first} on; ${end}.`,
      ...numbers(overTime),
    }),
  )
}

/** Sums of the stretches, few enough to read. */
const numbers = ({ widthMs, sent, answered, won, units }: RunSummary['overTime']) => {
  const each = Math.max(1, Math.ceil(answered.length / ROWS))
  const sum = (counts: readonly number[], from: number) =>
    thousands(counts.slice(from, from + each).reduce((all, count) => all + count, 0))
  const starts = Array.from({ length: Math.ceil(answered.length / each) }, (_, row) => row * each)
  return {
    head: [say`from`, say`sent`, say`answered`, say`won`, say`units`],
    rows: starts.map((from) => [
      milliseconds(from * widthMs),
      ...[sent, answered, won, units].map((counts) => sum(counts, from)),
    ]),
  }
}
