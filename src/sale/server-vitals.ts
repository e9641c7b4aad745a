import type { ClockOffset } from './clock.js'
import type { ServerFacts } from './server-facts.js'

/** Which server, `Redis` or what stands in for it. */
export interface Flavour {
  readonly name: string
  readonly version: string
}

/** A Redis server before a sale, as far as it says; null: it does not, or nobody may ask. */
export interface ServerVitals {
  readonly facts: ServerFacts
  readonly flavour: Flavour | null
  /** Bytes in use. */
  readonly usedMemory: number | null
  /** Of the last snapshot, and of the last write to the append-only file: `ok` or `err`. */
  readonly lastSave: string | null
  readonly lastAppend: string | null
  /** `always`, `everysec` or `no`. */
  readonly fsync: string | null
  /** Whether the server is a node of a cluster, and what it says of that: `ok` or `fail`. */
  readonly clusterEnabled: boolean | null
  readonly clusterState: string | null
  readonly clients: { readonly connected: number; readonly most: number } | null
  /** Why EVAL is refused: `NOPERM …`; empty where it is not; null where no answer came. */
  readonly scriptsRefused: string | null
  /** Round trips of PING, milliseconds, ascending; empty where none was answered. */
  readonly roundTripsMs: readonly number[]
  readonly clock: ClockOffset | null
}
