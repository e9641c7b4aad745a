import type { Step } from './events.js'
import type { World } from './world.js'

/** One order of steps, from start to end. */
export interface Execution<E> {
  readonly steps: readonly Step[]
  readonly preemptions: number
  /** Null where the search broke off: this order is one that was seen before. */
  readonly ending: E | null
}

/** A way through the orders of steps. */
export interface Explorer {
  readonly name: string
  /** Yields executions one by one; where `complete`, its end means that there are no more (within its bound). */
  explore<E>(world: World<E>): AsyncGenerator<Execution<E>, void>
  readonly complete: boolean
}

export const EXPLORERS = ['exhaustive', 'dpor', 'random', 'pct'] as const

export type ExplorerName = (typeof EXPLORERS)[number]
