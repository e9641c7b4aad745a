import type { Answer, Shot } from './transport.js'

/** Attempts that are open at once; further ones are not followed, so that memory stays bounded. */
export const MOST_OPEN = 500_000

/** Follows attempts that were told "queued" to their decision; what they come to is counted elsewhere. Times in µs on the engine's clock. */
export interface Following {
  open(): Promise<void>
  /** Takes up an attempt that was told "queued"; its answer is read before this returns. */
  follow(planned: Omit<Shot, 'user'>, answer: Answer, intendedAtUs: number): void
  /** Resolves once nothing is open; what `signal` stops stays undecided. */
  finish(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
