import type { Decision } from '../history/attempt.js'
import { boundedUs, newHistogram } from '../history/histogram.js'
import type { Outcome } from '../sale/outcome.js'
import { Kinds } from './kinds.js'
import { summaryOf } from './latency.js'

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

/** What following queued attempts came to, counted and measured. */
export class Decisions {
  /** Decisions of attempts that were planned for an earlier time are counted, and not measured. */
  measuredFromUs = Number.NEGATIVE_INFINITY
  readonly #all = nothing()
  readonly #outcomes: Partial<Record<Outcome, number>> = {}
  /** From the planned send to the decision. */
  readonly #time = newHistogram()
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
    const { outcome, intendedAtUs, decidedAtUs } = decided
    this.#decided++
    this.#news.decided.push(decided)
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1
    if (intendedAtUs >= this.measuredFromUs) this.#time.recordValue(boundedUs(decidedAtUs - intendedAtUs))
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

  summary() {
    const { counts } = this.#all
    const failures = this.#all.failures.entries().map(([reason, count]) => ({ count, reason }))
    const unmatched = this.#all.unmatched.entries().map(([sample, count]) => ({ count, sample }))
    const { undecided } = this
    return { ...counts, undecided, failures, unmatched, outcomes: this.#outcomes, decisionMs: summaryOf(this.#time) }
  }
}

/** What became of queued attempts, as `--json` tells it. */
export type Followed = ReturnType<Decisions['summary']>
