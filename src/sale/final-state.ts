import type { RecordsType } from './layout.js'
import type { OrderBook } from './order-book.js'

/** What one place records about buyers, as read after the sale. `users[i]` holds `quantities[i]` units (NaN: unreadable). */
export interface RecordSource {
  readonly key: string
  readonly type: RecordsType
  readonly users: readonly string[]
  readonly quantities: ArrayLike<number>
  /** No user stands here twice, by construction. */
  readonly distinct: boolean
  /** Records whose user or units cannot be told; at most 20 of them. */
  readonly unreadable: readonly UnreadableRecord[]
  readonly unreadableCount: number
}

export interface UnreadableRecord {
  /** The record as it stands, where it has no readable user. */
  readonly user: string
  /** The value as it stands; bytes that are no text as `\xac`. */
  readonly raw: string
  /** What is wrong with it, and what to do. */
  readonly why: string
}

/** One of the counters that a stock is spread over. */
export interface StockPart {
  /** Its key, or its field and key. */
  readonly name: string
  readonly units: number
}

/** The sale as it stands in Redis. */
export interface FinalState {
  /** Units left; null where the stock key cannot be read as stock, `stockProblem` says why. */
  readonly remaining: number | null
  readonly stockProblem: string | null
  /** Of a stock spread over several counters, the one with the fewest units: their sum hides a negative one. */
  readonly lowestPart?: StockPart
  readonly records: readonly RecordSource[]
  /** Why records could not be read at all (a key of another type); null where they were. */
  readonly recordsProblem: string | null
  /** Remaining lifetime of the stock key: seconds, null without one. */
  readonly ttlSeconds: number | null
  /** Jobs that the workers of the declared queues gave up, the latest of each; absent without queues. */
  readonly failedJobs?: readonly FailedJob[]
  /** What the queue of our own strategies says; absent where no order of this sale went through it. */
  readonly orders?: OrderBook
}

/** An accepted order that its workers gave up. */
export interface FailedJob {
  readonly id: string
  /** Whose order it is, where the job tells. */
  readonly user: string | null
  /** What it threw; empty where the job is gone. */
  readonly reason: string
}

/** What was seen of the stock while a run went on. */
export interface StockSamples {
  readonly lowest: number
  /** The lowest that one counter of several was; absent where there is one, and in older logs. */
  readonly lowestPart?: StockPart
  /** The sample after the last answer. */
  readonly last: number
  readonly samples: number
  readonly intervalMs: number
}
