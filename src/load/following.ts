import type { Decisions } from './decisions.js'
import type { Reply, Shot } from './transport.js'

/** Follows attempts that were told "queued" to their decision. Times in µs on the engine's clock. */
export interface Following {
  /** What they came to. */
  readonly results: Decisions
  open(): Promise<void>
  /** Takes up an attempt that was told "queued"; its answer is read before this returns. */
  follow(planned: Omit<Shot, 'user'>, reply: Reply, intendedAtUs: number): void
  /** Resolves once nothing is open, and frees everything; what `signal` stops stays undecided. */
  finish(signal: AbortSignal): Promise<void>
}

/** Attempts that are open at once; further ones are not followed, so that memory stays bounded. */
export const MOST_OPEN = 500_000
