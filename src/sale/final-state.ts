import type { RecordsType } from './layout.js'

/** What one key records about buyers, as read after the sale. `users[i]` holds `quantities[i]` units (NaN: unreadable). */
export interface RecordSource {
  readonly key: string
  readonly type: RecordsType
  readonly users: readonly string[]
  readonly quantities: ArrayLike<number>
  /** Values that are no whole number, as they stand in Redis; at most 20. */
  readonly unreadable: readonly { readonly user: string; readonly raw: string }[]
}

/** The sale as it stands in Redis. */
export interface FinalState {
  /** Units left; null where the stock key cannot be read as stock, `stockProblem` says why. */
  readonly remaining: number | null
  readonly stockProblem: string | null
  readonly records: readonly RecordSource[]
  /** Why records could not be read at all (a key of another type); null where they were. */
  readonly recordsProblem: string | null
  /** Remaining lifetime of the stock key: seconds, null without one. */
  readonly ttlSeconds: number | null
}

/** What was seen of the stock while a run went on. */
export interface StockSamples {
  readonly lowest: number
  /** The sample after the last answer. */
  readonly last: number
  readonly samples: number
  readonly intervalMs: number
}
