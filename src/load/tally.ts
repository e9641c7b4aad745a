import { OUTCOMES, type Outcome, outcomeCode } from '../sale/outcome.js'

/** Running counts of a run. */
export class Tally {
  attempts = 0
  unitsAcknowledged = 0
  #lastSoldAtUs = 0
  readonly #outcomes = new Float64Array(OUTCOMES.length)
  readonly #statuses = new Float64Array(1_000)

  add(outcome: Outcome, quantity: number, status: number, doneAtUs: number): void {
    this.attempts++
    const code = outcomeCode(outcome)
    this.#outcomes[code] = (this.#outcomes[code] as number) + 1
    if (outcome === 'sold') {
      this.unitsAcknowledged += quantity
      this.#lastSoldAtUs = Math.max(this.#lastSoldAtUs, doneAtUs)
    }
    this.#statuses[status]!++
  }

  count(outcome: Outcome): number {
    return this.#outcomes[outcomeCode(outcome)] as number
  }

  /** Answers with a status (`503`), or of a class of them (`5xx`). */
  statusCount(status: string): number {
    const [first, span] = /^\dxx$/.test(status) ? [Number(status[0]) * 100, 100] : [Number(status), 1]
    return this.#statuses.subarray(first, first + span).reduce((sum, count) => sum + count, 0)
  }

  /** From the start to the last `sold`, in ms; null while nobody was told `sold_out` or nobody `sold`. */
  timeToSellOutMs(): number | null {
    if (this.count('sold') === 0 || this.count('sold_out') === 0) return null
    return Math.round(this.#lastSoldAtUs) / 1_000
  }

  /** Outcomes that occurred, in the vocabulary's order. */
  outcomes(): Partial<Record<Outcome, number>> {
    return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, this.count(outcome)]).filter(([, count]) => count))
  }

  statusCodes(): Record<string, number> {
    const entries = [...this.#statuses.entries()].filter(([status, count]) => status > 0 && count > 0)
    return Object.fromEntries(entries.map(([status, count]) => [String(status), count]))
  }
}
