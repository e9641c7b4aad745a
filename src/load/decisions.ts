import type { Decision } from '../history/attempt.js'
import type { FollowFacts } from '../history/run.js'
import type { Outcome } from '../sale/outcome.js'
import { Kinds } from './kinds.js'
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
  readonly failures: readonly [why: string, count: number][]
  /** Answers that no rule knows, and how often they came. */
  readonly unmatched: readonly [sample: string, count: number][]
  readonly decided: Decided[]
}

const nothing = () => ({
  counts: { queued: 0, notFollowed: 0, polls: 0, throttled: 0 } as FollowedCounts,
  failures: new Kinds(),
  unmatched: new Kinds(),
  decided: [] as Decided[],
})

/** What following queued attempts came to, counted; how long it took is measured with the attempts. */
export class Decisions {
  readonly #all = nothing()
  readonly #outcomes: Partial<Record<Outcome, number>> = {}
  readonly #heard: () => void
  #decided = 0
  #news = nothing()

  /** `heard` is called after each decision. */
  constructor(heard: () => void = () => {}) {
    this.#heard = heard
  }

  get counts(): Readonly<FollowedCounts> {
    return this.#all.counts
  }

  get undecided(): number {
    return this.#all.counts.queued - this.#decided
  }

  count(what: keyof FollowedCounts, by = 1): void {
    for (const { counts } of [this.#all, this.#news]) counts[what] += by
  }

  /** Polls that brought no answer. */
  failed(why: string, by = 1): void {
    for (const { failures } of [this.#all, this.#news]) failures.add(why, by)
  }

  /** Polls whose answer no rule knows. */
  unmatched(sample: string, by = 1): void {
    for (const { unmatched } of [this.#all, this.#news]) unmatched.add(sample, by)
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
    const { counts, failures, unmatched, decided } = this.#news
    this.#news = nothing()
    return { counts, failures: failures.entries(), unmatched: unmatched.entries(), decided }
  }

  /** Adds what another thread took. */
  join({ counts, failures, unmatched, decided }: FollowedNews): void {
    for (const [what, n] of Object.entries(counts)) this.count(what as keyof FollowedCounts, n)
    for (const [why, n] of failures) this.failed(why, n)
    for (const [sample, n] of unmatched) this.unmatched(sample, n)
    for (const one of decided) this.add(one)
  }

  /** What it took. */
  facts(): FollowFacts {
    const { counts, failures, unmatched } = this.#all
    const { notFollowed, polls, throttled } = counts
    return {
      ...{ notFollowed, polls, throttled },
      failures: failures.entries().map(([reason, count]) => ({ count, reason })),
      unmatched: unmatched.entries().map(([sample, count]) => ({ count, sample })),
    }
  }

  summary() {
    const { queued } = this.#all.counts
    return { queued, undecided: this.undecided, ...this.facts(), outcomes: { ...this.#outcomes } }
  }
}

/** What became of queued attempts, as `--json` tells it. */
export const followedOf = (decisions: Decisions, latency: LatencyRecorder) => ({
  ...decisions.summary(),
  acceptanceMs: latency.summary().byOutcome.queued ?? null,
  ...latency.decisions(),
})

export type Followed = ReturnType<typeof followedOf>
