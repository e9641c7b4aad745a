import { OUTCOMES, type Outcome, outcomeCode } from '../sale/outcome.js'

/** Running counts of a run. */
export class Tally {
  attempts = 0
  unitsAcknowledged = 0
  #lastSoldAtUs = 0
  /** Decisions about queued attempts. */
  decisions = 0
  readonly #outcomes = new Float64Array(OUTCOMES.length)
  readonly #decided = new Float64Array(OUTCOMES.length)
  readonly #statuses = new Float64Array(1_000)

  add(outcome: Outcome, quantity: number, status: number, doneAtUs: number): void {
    this.attempts++
    this.#outcomes[outcomeCode(outcome)]!++
    this.#statuses[status]!++
    this.#heard(outcome, quantity, doneAtUs)
  }

  /** What an attempt that was told "queued" came to: it keeps that outcome, and has this one as well. */
  decide(outcome: Outcome, quantity: number, decidedAtUs: number): void {
    this.decisions++
    this.#decided[outcomeCode(outcome)]!++
    this.#heard(outcome, quantity, decidedAtUs)
  }

  /** By its answer. */
  count(outcome: Outcome): number {
    return this.#outcomes[outcomeCode(outcome)] as number
  }

  /** By its decision. */
  decided(outcome: Outcome): number {
    return this.#decided[outcomeCode(outcome)] as number
  }

  /** Queued attempts without a decision. */
  get undecided(): number {
    return this.count('queued') - this.decisions
  }

  /** Answers with a status (`503`), or of a class of them (`5xx`). */
  statusCount(status: string): number {
    const [first, span] = /^\dxx$/.test(status) ? [Number(status[0]) * 100, 100] : [Number(status), 1]
    return this.#statuses.subarray(first, first + span).reduce((sum, count) => sum + count, 0)
  }

  /** From the start to the last `sold`, in ms; null while nobody was told `sold_out` or nobody `sold`, by an answer or a decision. */
  timeToSellOutMs(): number | null {
    if (!this.#wasTold('sold') || !this.#wasTold('sold_out')) return null
    return Math.round(this.#lastSoldAtUs) / 1_000
  }

  /** Outcomes that occurred, in the vocabulary's order. */
  outcomes(): Partial<Record<Outcome, number>> {
    return occurred(this.#outcomes)
  }

  /** The same of decisions. */
  decidedOutcomes(): Partial<Record<Outcome, number>> {
    return occurred(this.#decided)
  }

  statusCodes(): Record<string, number> {
    const entries = [...this.#statuses.entries()].filter(([status, count]) => status > 0 && count > 0)
    return Object.fromEntries(entries.map(([status, count]) => [String(status), count]))
  }

  #heard(outcome: Outcome, quantity: number, atUs: number): void {
    if (outcome !== 'sold') return
    this.unitsAcknowledged += quantity
    this.#lastSoldAtUs = Math.max(this.#lastSoldAtUs, atUs)
  }

  #wasTold(outcome: Outcome): boolean {
    return this.count(outcome) + this.decided(outcome) > 0
  }
}

const occurred = (counts: Float64Array): Partial<Record<Outcome, number>> =>
  Object.fromEntries(OUTCOMES.map((outcome, code) => [outcome, counts[code]]).filter(([, count]) => count))
