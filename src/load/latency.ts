import { build, type Histogram } from 'hdr-histogram-js'
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

const MAX_US = 3_600_000_000

const histogram = (): Histogram =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: MAX_US, numberOfSignificantValueDigits: 3 })

/** Histograms of response, service and connect time in µs, three digits, and of response time by outcome. */
export class LatencyRecorder {
  readonly #response = histogram()
  readonly #service = histogram()
  readonly #connect = histogram()
  readonly #byOutcome: (Histogram | undefined)[] = []

  /** `responseUs` from the planned send, `serviceUs` from the actual one; `connectUs` 0 on an open connection. */
  record(outcome: Outcome, responseUs: number, serviceUs: number, connectUs: number): void {
    const response = Math.min(MAX_US, Math.round(responseUs))
    this.#response.recordValue(response)
    this.#service.recordValue(Math.min(MAX_US, Math.round(serviceUs)))
    if (connectUs > 0) this.#connect.recordValue(Math.min(MAX_US, Math.round(connectUs)))
    const code = outcomeCode(outcome)
    this.#byOutcome[code] ??= histogram()
    this.#byOutcome[code].recordValue(response)
  }

  summary() {
    const byOutcome: Partial<Record<Outcome, LatencySummary>> = {}
    this.#byOutcome.forEach((outcomes, code) => {
      if (outcomes) byOutcome[OUTCOMES[code] as Outcome] = summaryOf(outcomes)
    })
    return {
      response: summaryOf(this.#response),
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
