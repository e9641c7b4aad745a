import { type Histogram, HistogramLogWriter } from 'hdr-histogram-js'
import type { Measure } from '../../sale/metric.js'
import { OUTCOMES } from '../../sale/outcome.js'
import type { AttemptTable } from '../attempt-table.js'
import { DecisionTable } from '../decision-table.js'
import { boundedUs, newHistogram } from '../histogram.js'
import { type Exporter, startMsOf } from './rows.js'

/** What an answer tells of an attempt. Microseconds; undefined where there is nothing to measure. */
const OF_ANSWERS = {
  response: (table: AttemptTable, row: number) => table.doneAtUs(row) - (table.intendedAtUs[row] as number),
  service: (table: AttemptTable, row: number) => table.serviceUs[row] as number,
  connect: (table: AttemptTable, row: number) => table.connectUs[row] || undefined,
} as const

/** From the planned send of a queued attempt to its decision, by the row of that; undefined where it has none. */
const decisionUs = (table: AttemptTable, row: number, decisions: DecisionTable, decision: number) =>
  decision < 0 ? undefined : (decisions.decidedAtUs[decision] as number) - (table.intendedAtUs[row] as number)

/** Percentiles of one measure in ms, as HdrHistogram’s plotter reads them. */
export const hgrm = (measure: Measure): Exporter =>
  function* ({ decisions = new DecisionTable(0) }, batches) {
    const histogram = newHistogram()
    for (const table of batches) {
      for (let row = 0; row < table.length; row++) {
        const us =
          measure === 'decision'
            ? decisionUs(table, row, decisions, decisions.rowOf(table, row))
            : OF_ANSWERS[measure](table, row)
        if (us !== undefined) histogram.recordValue(boundedUs(us))
      }
    }
    yield histogram.outputPercentileDistribution(5, 1_000)
  }

const SECOND_US = 1_000_000

/**
 * Histograms of every second, as HdrHistogram’s log processor reads them: one a measure, and one an outcome of the response
 * time (tag `response-sold`) and of the time to decision (tag `decision-sold`). An attempt belongs to the second in which it was
 * answered, its decision to the one in which it was decided.
 */
export const hlog: Exporter = function* (meta, batches) {
  let text = ''
  const writer = new HistogramLogWriter((piece) => {
    text += piece
  })
  const intervals = new Intervals()
  const decided = new DecidedTimes(meta.decisions ?? new DecisionTable(0))
  const startMs = startMsOf(meta)
  writer.outputLogFormatVersion()
  writer.outputComment(
    `[StartTime: ${(startMs / 1_000).toFixed(3)} (seconds since epoch), ${new Date(startMs).toISOString()}]`,
  )
  writer.outputLegend()
  /** Ends the seconds up to this one. */
  const goOnTo = (second: number) => {
    for (; intervals.second < second; intervals.second = Math.min(second, decided.nextSecond())) {
      decided.record(intervals)
      for (const [tag, histogram] of intervals.take()) {
        histogram.tag = tag
        writer.outputIntervalHistogram(histogram, intervals.second, intervals.second + 1, 1_000)
      }
    }
  }
  for (const table of batches) {
    for (let row = 0; row < table.length; row++) {
      goOnTo(Math.floor(table.doneAtUs(row) / SECOND_US))
      for (const [measure, of] of Object.entries(OF_ANSWERS)) {
        const us = of(table, row)
        if (us !== undefined) intervals.record(measure, us)
      }
      intervals.record(`response-${OUTCOMES[table.outcome[row] as number]}`, OF_ANSWERS.response(table, row))
      decided.see(table, row, intervals)
    }
    yield text
    text = ''
  }
  goOnTo(Number.POSITIVE_INFINITY)
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

/** Times to decision, in the order of the decisions. */
class DecidedTimes {
  readonly #decisions: DecisionTable
  /** By row of the decision; NaN until its attempt is seen. */
  readonly #us: Float64Array
  #next = 0

  constructor(decisions: DecisionTable) {
    this.#decisions = decisions
    this.#us = new Float64Array(decisions.length).fill(Number.NaN)
  }

  see(table: AttemptTable, row: number, intervals: Intervals): void {
    const decision = this.#decisions.rowOf(table, row)
    const us = decisionUs(table, row, this.#decisions, decision)
    if (us === undefined) return
    // Where several threads fire, an attempt may stand behind later ones, and its second be over.
    if (decision < this.#next) this.#add(intervals, decision, us)
    else this.#us[decision] = us
  }

  /** The second of the first that is not recorded yet; infinity behind the last. */
  nextSecond(): number {
    const { decidedAtUs, length } = this.#decisions
    return this.#next < length ? Math.floor((decidedAtUs[this.#next] as number) / SECOND_US) : Number.POSITIVE_INFINITY
  }

  /** Those of the second that is being read, or before it. */
  record(intervals: Intervals): void {
    for (; this.nextSecond() <= intervals.second; this.#next++) {
      const us = this.#us[this.#next] as number
      if (!Number.isNaN(us)) this.#add(intervals, this.#next, us)
    }
  }

  #add(intervals: Intervals, decision: number, us: number): void {
    intervals.record('decision', us)
    intervals.record(`decision-${this.#decisions.outcomeAt(decision)}`, us)
  }
}
