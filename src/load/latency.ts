import type { Histogram } from 'hdr-histogram-js'
import { boundedUs, newHistogram, type Percentiles } from '../history/histogram.js'
import type { Measure, Point } from '../sale/metric.js'
import { OUTCOMES, type Outcome, outcomeCode } from '../sale/outcome.js'

type ByOutcome = Partial<Record<Outcome, Percentiles>>

/** A histogram for each outcome: answers that refuse are fast, and in one pot with those that sell they hide them. */
class Split {
  readonly #byOutcome: (Histogram | undefined)[] = []

  record(code: number, us: number): void {
    this.#byOutcome[code] ??= newHistogram()
    this.#byOutcome[code].recordValue(boundedUs(us))
  }

  all(): Histogram {
    const all = newHistogram()
    for (const one of this.#byOutcome) if (one) all.add(one)
    return all
  }

  of(outcome: Outcome): Histogram | undefined {
    return this.#byOutcome[outcomeCode(outcome)]
  }

  byOutcome(): ByOutcome {
    const entries = this.#byOutcome.map((one, code) => one && [OUTCOMES[code], summaryOf(one)])
    return Object.fromEntries(entries.filter((entry) => entry !== undefined))
  }
}

/** Response time from the planned send, service time from the actual one, and time spent connecting; each by outcome. */
export class LatencyRecorder {
  readonly #response = new Split()
  readonly #service = new Split()
  readonly #connect = new Split()

  /** `connectUs` 0 on an open connection: it is not counted then. */
  record(outcome: Outcome, responseUs: number, serviceUs: number, connectUs: number): void {
    const code = outcomeCode(outcome)
    this.#response.record(code, responseUs)
    this.#service.record(code, serviceUs)
    if (connectUs > 0) this.#connect.record(code, connectUs)
  }

  /** One figure in ms, of one outcome or of all (null); null where nothing was recorded. */
  figure(measure: Measure, outcome: Outcome | null, point: Point): number | null {
    const split = { response: this.#response, service: this.#service, connect: this.#connect }[measure]
    const of = outcome === null ? split.all() : split.of(outcome)
    if (of === undefined || of.totalCount === 0) return null
    const us = point === 'max' ? of.maxValue : point === 'mean' ? of.mean : of.getValueAtPercentile(point)
    return Math.round(us) / 1_000
  }

  /** A percentile of the response time so far, in ms: for the live view. */
  responseAt(percentile: number): number {
    const all = this.#response.all()
    return all.totalCount === 0 ? 0 : all.getValueAtPercentile(percentile) / 1_000
  }

  summary() {
    return {
      response: summaryOf(this.#response.all()),
      service: summaryOf(this.#service.all()),
      connect: summaryOf(this.#connect.all()),
      byOutcome: this.#response.byOutcome(),
      serviceByOutcome: this.#service.byOutcome(),
      connectByOutcome: this.#connect.byOutcome(),
    }
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
