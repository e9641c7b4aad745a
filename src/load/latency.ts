import type { Histogram } from 'hdr-histogram-js'
import { newHistogram, type Percentiles } from '../history/histogram.js'
import type { Measure, Point } from '../sale/metric.js'
import { OUTCOMES, type Outcome, outcomeCode } from '../sale/outcome.js'
import { TimeCounts } from './time-counts.js'

type ByOutcome = Partial<Record<Outcome, Percentiles>>

/** Times for each outcome apart: answers that refuse are fast, and in one pot with those that sell they hide them. */
class Split {
  readonly #byOutcome: (TimeCounts | undefined)[] = []

  record(code: number, us: number): void {
    this.#byOutcome[code] ??= new TimeCounts()
    this.#byOutcome[code].record(us)
  }

  all(): Histogram {
    const all = newHistogram()
    for (const one of this.#byOutcome) one?.addTo(all)
    return all
  }

  of(outcome: Outcome): Histogram | undefined {
    return this.#byOutcome[outcomeCode(outcome)]?.histogram()
  }

  byOutcome(): ByOutcome {
    const entries = this.#byOutcome.map((one, code) => one && [OUTCOMES[code], summaryOf(one.histogram())])
    return Object.fromEntries(entries.filter((entry) => entry !== undefined))
  }
}

/**
 * Response time from the planned send, service time from the actual one, and time spent connecting, each by the outcome of the
 * answer; time to decision from the planned send, by what was decided.
 */
export class LatencyRecorder {
  readonly #of = { response: new Split(), service: new Split(), connect: new Split(), decision: new Split() } as const

  /** `connectUs` 0 on an open connection: it is not counted then. */
  record(outcome: Outcome, responseUs: number, serviceUs: number, connectUs: number): void {
    const code = outcomeCode(outcome)
    this.#of.response.record(code, responseUs)
    this.#of.service.record(code, serviceUs)
    if (connectUs > 0) this.#of.connect.record(code, connectUs)
  }

  recordDecision(outcome: Outcome, us: number): void {
    this.#of.decision.record(outcomeCode(outcome), us)
  }

  /** One figure in ms, of one outcome or of all (null); null where nothing was recorded. */
  figure(measure: Measure, outcome: Outcome | null, point: Point): number | null {
    const split = this.#of[measure]
    const of = outcome === null ? split.all() : split.of(outcome)
    if (of === undefined || of.totalCount === 0) return null
    const us = point === 'max' ? of.maxValue : point === 'mean' ? of.mean : of.getValueAtPercentile(point)
    return Math.round(us) / 1_000
  }

  /** A percentile of the response time so far, in ms: for the live view. */
  responseAt(percentile: number): number {
    const all = this.#of.response.all()
    return all.totalCount === 0 ? 0 : all.getValueAtPercentile(percentile) / 1_000
  }

  summary() {
    const { response, service, connect } = this.#of
    return {
      response: summaryOf(response.all()),
      service: summaryOf(service.all()),
      connect: summaryOf(connect.all()),
      byOutcome: response.byOutcome(),
      serviceByOutcome: service.byOutcome(),
      connectByOutcome: connect.byOutcome(),
    }
  }

  /** Of the time to decision. */
  decisions() {
    const { decision } = this.#of
    return { decisionMs: summaryOf(decision.all()), decisionByOutcome: decision.byOutcome() }
  }
}

/** All 0 where nothing was recorded. */
export const summaryOf = (of: Histogram): Percentiles => {
  const empty = of.totalCount === 0
  const ms = (us: number) => Math.round(us) / 1_000
  const at = (percentile: number) => (empty ? 0 : ms(of.getValueAtPercentile(percentile)))
  return {
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: empty ? 0 : ms(of.maxValue),
    mean: empty ? 0 : ms(of.mean),
  }
}
