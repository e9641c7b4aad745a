import type { Place } from './testimony.js'
import type { Contradiction } from './user.js'

/**
 * `oversell`: more was sold than there was. `premature-refusal`: told that too little is left while enough was.
 * `refused-buyer`: told so though the same buyer's purchase came first. The others: see {@link Contradiction}.
 */
export type DisorderKind = Contradiction | 'oversell' | 'premature-refusal' | 'refused-buyer'

/** One kind of contradiction. Of each of its first cases, the attempts; the one that cannot be explained stands first. */
export interface Disorder {
  readonly kind: DisorderKind
  /** Cases in all. */
  readonly count: number
  readonly cases: readonly (readonly Place[])[]
}

const CASES_KEPT = 1_000

/** Counts contradictions, and keeps the first ones. */
export class Cases {
  readonly #kinds = new Map<DisorderKind, { kind: DisorderKind; count: number; cases: (readonly Place[])[] }>()

  /** `places` is called only for a case that is kept. */
  add(kind: DisorderKind, places: () => readonly Place[]): void {
    let disorder = this.#kinds.get(kind)
    if (disorder === undefined) {
      disorder = { kind, count: 0, cases: [] }
      this.#kinds.set(kind, disorder)
    }
    if (disorder.count++ < CASES_KEPT) disorder.cases.push(places())
  }

  all(): Disorder[] {
    return [...this.#kinds.values()]
  }
}
