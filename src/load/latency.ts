import type { Histogram } from 'hdr-histogram-js'
import { boundedUs, newHistogram } from '../history/histogram.js'
import { OUTCOMES, type Outcome, outcomeCode } from '../sale/outcome.js'

/** Latency in milliseconds. */
export interface LatencySummary {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly mean: number
}

/** Histograms in µs, three digits: response time by outcome, service and connect time. */
export class LatencyRecorder {
  readonly #byOutcome: (Histogram | undefined)[] = []
  readonly #service = newHistogram()
  readonly #connect = newHistogram()

  /** `responseUs` from the planned send, `serviceUs` from the actual one; `connectUs` 0 on an open connection. */
  record(outcome: Outcome, responseUs: number, serviceUs: number, connectUs: number): void {
    const code = outcomeCode(outcome)
    this.#byOutcome[code] ??= newHistogram()
    this.#byOutcome[code].recordValue(boundedUs(responseUs))
    this.#service.recordValue(boundedUs(serviceUs))
    if (connectUs > 0) this.#connect.recordValue(boundedUs(connectUs))
  }

  summary() {
    const response = newHistogram()
    const byOutcome: Partial<Record<Outcome, LatencySummary>> = {}
    this.#byOutcome.forEach((outcomes, code) => {
      if (!outcomes) return
      response.add(outcomes)
      byOutcome[OUTCOMES[code] as Outcome] = summaryOf(outcomes)
    })
    return {
      response: summaryOf(response),
      service: summaryOf(this.#service),
      connect: summaryOf(this.#connect),
      byOutcome,
    }
  }
}

const summaryOf = (of: Histogram): LatencySummary => {
  const ms = (us: number) => Math.round(us) / 1_000
  const at = (percentile: number) => (of.totalCount === 0 ? 0 : ms(of.getValueAtPercentile(percentile)))
  const empty = of.totalCount === 0
  return {
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: empty ? 0 : ms(of.maxValue),
    mean: empty ? 0 : ms(of.mean),
  }
}
