import type { Percentiles } from '../../../history/histogram.js'
import { say } from '../../../language/say.js'
import type { Outcome } from '../../../sale/outcome.js'
import type { Chart } from './chart.js'

/** Columns of a table of times. */
export const PERCENTILE_COLUMNS = (): string[] => ['p50', 'p90', 'p99', 'p99.9', say`max`]

/** Their cells, in milliseconds; empty where nothing was measured. */
export const percentileCells = (at: Percentiles | null): string[] =>
  at === null ? ['', '', '', '', ''] : [at.p50, at.p90, at.p99, at.p999, at.max].map((ms) => ms.toFixed(1))

const COLORS = ['c2', 'c3', 'c4', 'c5']
const COLOR_OF: Partial<Record<Outcome, string>> = { sold: 'c1', sold_out: 'c0' }

/** The colour of an outcome's line; `i` tells apart those that have none of their own. */
export const lineColor = (outcome: Outcome, i: number): string =>
  COLOR_OF[outcome] ?? (COLORS[i % COLORS.length] as string)

/** Percentiles are spread so that 90, 99 and 99.9 stand equally far apart. */
const spread = (percentile: number): number => -Math.log10(1 - percentile / 100)

const TICKS = [50, 90, 99, 99.9, 99.99]

type Line = Pick<Chart['series'][number], 'label' | 'color' | 'dash'> & { readonly ms: readonly number[] }

/** Times by percentile, a line each. */
export const percentileChart = (id: string, percentiles: readonly number[], lines: readonly Line[]): Chart => ({
  id,
  x: percentiles.map(spread),
  xLabel: say`percentile`,
  yLabel: say`milliseconds`,
  ticks: TICKS.map((tick) => [spread(tick), `p${tick}`] as const),
  log: true,
  marks: [],
  series: lines.map(({ ms, ...line }) => ({ ...line, kind: 'line', y: ms.map((each) => Math.max(0.01, each)) })),
})
