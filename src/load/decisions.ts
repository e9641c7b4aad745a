import type { Decision } from '../history/attempt.js'
import type { FollowFacts } from '../history/run.js'
import type { Outcome } from '../sale/outcome.js'
import type { LatencyRecorder } from './latency.js'

/** What is counted while attempts are followed. */
export interface FollowedCounts {
  queued: number
  /** Their answer held no ticket, or too many were open: they stay undecided. */
  notFollowed: number
  polls: number
  /** Polls that were told to come later. */
  throttled: number
}

/** A decision with what is measured of it. Times in µs on one clock. */
export interface Decided extends Decision {
  readonly quantity: number
  /** Of the attempt. */
  readonly intendedAtUs: number
  readonly sentAtUs: number
}

/** What came since somebody last looked. Plain data. */
export interface FollowedNews {
  readonly counts: FollowedCounts
  /** Why polls brought no answer, and how often. */
  readonly failures: Map<string, number>
  readonly decided: Decided[]
}

/** Reasons that are told apart; what else there is counts as {@link OTHERS}. */
const MOST_REASONS = 20
const OTHERS = 'others'

const nothing = (): FollowedNews => ({
  counts: { queued: 0, notFollowed: 0, polls: 0, throttled: 0 },
  failures: new Map(),
  decided: [],
})

/** What following queued attempts came to, counted; how long it took is measured with the attempts. */
export class Decisions {
  readonly #counts = nothing().counts
  readonly #failures = nothing().failures
  readonly #outcomes: Partial<Record<Outcome, number>> = {}
  readonly #heard: () => void
  #decided = 0
  #news = nothing()

  /** `heard` is called after each decision. */
  constructor(heard: () => void = () => {}) {
    this.#heard = heard
  }

  get counts(): Readonly<FollowedCounts> {
    return this.#counts
  }

  get undecided(): number {
    return this.#counts.queued - this.#decided
  }

  count(what: keyof FollowedCounts, by = 1): void {
    this.#counts[what] += by
    this.#news.counts[what] += by
  }

  /** Polls that brought no answer. */
  failed(why: string, by = 1): void {
    for (const failures of [this.#failures, this.#news.failures]) {
      const reason = failures.has(why) || failures.size < MOST_REASONS ? why : OTHERS
      failures.set(reason, (failures.get(reason) ?? 0) + by)
    }
  }

  add(decided: Decided): void {
    const { outcome } = decided
    this.#decided++
    this.#news.decided.push(decided)
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1
    this.#heard()
  }

  /** What came since the last call. */
  take(): FollowedNews {
    const news = this.#news
    this.#news = nothing()
    return news
  }

  /** Adds what another thread took. */
  join({ counts, failures, decided }: FollowedNews): void {
    for (const [what, n] of Object.entries(counts)) this.count(what as keyof FollowedCounts, n)
    for (const [why, n] of failures) this.failed(why, n)
    for (const one of decided) this.add(one)
  }

  /** What it took. */
  facts(): FollowFacts {
    const { notFollowed, polls, throttled } = this.#counts
    const failures = [...this.#failures].map(([reason, count]) => ({ count, reason })).sort((a, b) => b.count - a.count)
    return { notFollowed, polls, throttled, failures }
  }

  summary() {
    return { queued: this.#counts.queued, undecided: this.undecided, ...this.facts(), outcomes: this.#outcomes }
  }
}

/** What became of queued attempts, as `--json` tells it. */
export const followedOf = (decisions: Decisions, latency: LatencyRecorder) => ({
  ...decisions.summary(),
  acceptanceMs: latency.summary().byOutcome.queued ?? null,
  ...latency.decisions(),
})

export type Followed = ReturnType<typeof followedOf>
