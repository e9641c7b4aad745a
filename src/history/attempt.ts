import type { Outcome } from '../sale/outcome.js'

/** One purchase tried by one user. Times in microseconds since the run's start, on one monotonic clock. */
export interface Attempt {
  /** The user's number in the run; with `copy` it names the attempt. */
  readonly userIndex: number
  /** 0, or 1, 2, … for further tries by the same user (the double click). */
  readonly copy: number
  readonly quantity: number
  readonly outcome: Outcome
  /** HTTP status, or 0 where there was none. */
  readonly status: number
  /** Number of the answer's group, see {@link AnswerGroup}. */
  readonly group: number
  /** When it was meant to be sent; equal to `sentAtUs` in a closed loop. */
  readonly intendedAtUs: number
  readonly sentAtUs: number
  readonly doneAtUs: number
  /** Time that connecting took of what passed before `sentAtUs`; 0 on an open connection. Microseconds. */
  readonly connectUs: number
}

/** What a followed attempt that had been told "queued" came to. */
export interface Decision {
  readonly userIndex: number
  readonly copy: number
  readonly outcome: Outcome
  /** When the answer that said so was there; µs as in {@link Attempt}. */
  readonly decidedAtUs: number
}

/** Answers that read alike: kept so that an audit can classify them anew without firing again. */
export interface AnswerGroup {
  readonly id: number
  readonly status: number
  /** The first answer of the group as it came, its charset decoded, at most {@link SAMPLE_LIMIT} characters. */
  readonly sample: string
  /** The answers were longer than what is kept: they agree only as far as the sample goes. */
  readonly cut?: true
  readonly outcome: Outcome
  /** What classified it: a rule as written, or `status 429` and the like; null where no rule matched. */
  readonly rule: string | null
}

export const SAMPLE_LIMIT = 2_048

/** At most this many groups are kept; what comes after falls into one overflow group per outcome. */
export const MAX_GROUPS = 1_000
