import { type Histogram, HistogramLogWriter } from 'hdr-histogram-js'
import { OUTCOMES } from '../../sale/outcome.js'
import type { AttemptTable } from '../attempt-table.js'
import { boundedUs, newHistogram } from '../histogram.js'
import { type Exporter, startMsOf } from './rows.js'

/** What can be measured of an attempt: from due, from sent, connecting. Microseconds; undefined where there is nothing to measure. */
export const MEASURES = {
  response: (table: AttemptTable, row: number) => table.doneAtUs(row) - (table.intendedAtUs[row] as number),
  service: (table: AttemptTable, row: number) => table.serviceUs[row] as number,
  connect: (table: AttemptTable, row: number) => table.connectUs[row] || undefined,
} as const

export type Measure = keyof typeof MEASURES

/** Percentiles of one measure in ms, as HdrHistogram’s plotter reads them. */
export const hgrm = (measure: Measure): Exporter =>
  function* (_meta, batches) {
    const histogram = newHistogram()
    for (const table of batches) {
      for (let row = 0; row < table.length; row++) {
        const us = MEASURES[measure](table, row)
        if (us !== undefined) histogram.recordValue(boundedUs(us))
      }
    }
    yield histogram.outputPercentileDistribution(5, 1_000)
  }

const SECOND_US = 1_000_000

/**
 * Histograms of every second, as HdrHistogram’s log processor reads them: one a measure, and one an outcome of the response
 * time (tag `response-sold`). An attempt belongs to the second in which it ended.
 */
export const hlog: Exporter = function* (meta, batches) {
  let text = ''
  const writer = new HistogramLogWriter((piece) => {
    text += piece
  })
  const intervals = new Intervals()
  const startMs = startMsOf(meta)
  writer.outputLogFormatVersion()
  writer.outputComment(
    `[StartTime: ${(startMs / 1_000).toFixed(3)} (seconds since epoch), ${new Date(startMs).toISOString()}]`,
  )
  writer.outputLegend()
  const write = () => {
    for (const [tag, histogram] of intervals.take()) {
      histogram.tag = tag
      writer.outputIntervalHistogram(histogram, intervals.second, intervals.second + 1, 1_000)
    }
  }
  for (const table of batches) {
    for (let row = 0; row < table.length; row++) {
      const second = Math.floor(table.doneAtUs(row) / SECOND_US)
      if (second > intervals.second) {
        write()
        intervals.second = second
      }
      for (const measure of Object.keys(MEASURES) as Measure[]) {
        const us = MEASURES[measure](table, row)
        if (us !== undefined) intervals.record(measure, us)
      }
      intervals.record(`response-${OUTCOMES[table.outcome[row] as number]}`, MEASURES.response(table, row))
    }
    yield text
    text = ''
  }
  write()
  yield text
}

/** The histograms of the second that is being read. */
class Intervals {
  second = 0
  readonly #byTag = new Map<string, Histogram>()

  record(tag: string, us: number): void {
    const histogram = this.#byTag.get(tag) ?? newHistogram()
    this.#byTag.set(tag, histogram)
    histogram.recordValue(boundedUs(us))
  }

  /** Hands them out by tag, and begins anew. */
  take(): [string, Histogram][] {
    const taken = [...this.#byTag].sort(([a], [b]) => (a < b ? -1 : 1))
    this.#byTag.clear()
    return taken
  }
}
