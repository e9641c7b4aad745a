import type { InvariantId } from '../sale/invariant.js'
import type { Strategy } from './strategy.js'

/** What may happen beside concurrent purchases. */
export interface Conditions {
  /** Keys with a lifetime may expire at any moment. */
  readonly lockExpiry?: boolean
  /** Workers that decide orders; 1 where it is left out. */
  readonly workers?: number
  /** A process may die between two of its commands. */
  readonly crash?: boolean
}

/** The conditions under which a strategy says what it breaks. */
export const conditionsOf = ({ breaks, backOffice }: Strategy): readonly Conditions[] => [
  {},
  ...(breaks.ifLockExpires ? [{ lockExpiry: true }] : []),
  ...(backOffice ? [{ workers: 2 }, { crash: true }] : []),
]

/** What a strategy says that it breaks under these conditions, each once. */
export const breaksUnder = ({ breaks }: Strategy, { lockExpiry, workers = 1, crash }: Conditions): InvariantId[] => {
  const { always, ifLockExpires = [], withSeveralWorkers = [], ifProcessDies = [] } = breaks
  const further = [
    ...(lockExpiry ? ifLockExpires : []),
    ...(workers > 1 ? withSeveralWorkers : []),
    ...(crash ? ifProcessDies : []),
  ]
  return [...new Set([...always, ...further])]
}
