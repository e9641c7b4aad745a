/** Kinds that are told apart; what else there is counts as {@link OTHERS}. */
const MOST_KINDS = 20
const OTHERS = 'others'

/** How often each of a few kinds came, in bounded memory. */
export class Kinds {
  readonly #counts = new Map<string, number>()

  add(kind: string, by = 1): void {
    const known = this.#counts.has(kind) || this.#counts.size < MOST_KINDS ? kind : OTHERS
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + by)
  }

  /** The most frequent first. */
  entries(): [kind: string, count: number][] {
    return [...this.#counts].sort(([, a], [, b]) => b - a)
  }
}
