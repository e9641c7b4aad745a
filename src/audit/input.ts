import type { Run } from '../history/run.js'
import type { FinalState } from '../sale/final-state.js'
import type { InvariantSwitches } from '../sale/invariant.js'
import type { Sale } from '../sale/sale.js'

/** What an audit judges. */
export interface AuditInput {
  readonly sale: Sale
  /** The sale as it stands; null where Redis was not readable. */
  readonly state: FinalState | null
  /** What was still moving when the state was read; null where it had settled. */
  readonly moving: string | null
  /** Why the store is no witness of these runs (another server, or another life of it); null where it is. */
  readonly lost?: string | null
  /** The present, for lifetimes: milliseconds since 1970. */
  readonly nowMs: number
  /** The runs of this sale; null where the store alone is to be judged. */
  readonly runs: readonly Run[] | null
  /** Why attempts of this sale are missing from the runs; null where none are. */
  readonly gap?: string | null
  /** What the sale file says about single invariants. */
  readonly switches?: InvariantSwitches
}
