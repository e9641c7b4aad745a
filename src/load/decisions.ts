import type { Decision } from '../history/attempt.js'
import { boundedUs, newHistogram } from '../history/histogram.js'
import type { Outcome } from '../sale/outcome.js'
import { summaryOf } from './latency.js'

/** What following queued attempts came to, counted and measured. */
export class Decisions {
  queued = 0
  polls = 0
  /** Their answer held no ticket, or too many were open: they stay undecided. */
  notFollowed = 0
  #decided = 0
  #fresh: Decision[] = []
  readonly #outcomes: Partial<Record<Outcome, number>> = {}
  /** From the planned send to the decision. */
  readonly #time = newHistogram()

  /** Times in µs on one clock. */
  add(decision: Decision, intendedAtUs: number): void {
    this.#decided++
    this.#fresh.push(decision)
    this.#outcomes[decision.outcome] = (this.#outcomes[decision.outcome] ?? 0) + 1
    this.#time.recordValue(boundedUs(decision.decidedAtUs - intendedAtUs))
  }

  /** Those that came since the last call, their times from `originUs`. */
  take(originUs: number): Decision[] {
    const fresh = this.#fresh
    this.#fresh = []
    return fresh.map((decision) => ({ ...decision, decidedAtUs: decision.decidedAtUs - originUs }))
  }

  summary() {
    const { queued, polls, notFollowed } = this
    const undecided = queued - this.#decided
    return { queued, undecided, notFollowed, polls, outcomes: this.#outcomes, decisionMs: summaryOf(this.#time) }
  }
}
