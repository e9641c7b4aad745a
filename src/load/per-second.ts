/** Counts by second of the run. */
export class PerSecond {
  readonly #counts: number[] = []

  add(atUs: number): void {
    const second = Math.max(0, Math.floor(atUs / 1e6))
    while (this.#counts.length <= second) this.#counts.push(0)
    this.#counts[second]!++
  }

  /** One number a second, from the start. */
  counts(): readonly number[] {
    return this.#counts
  }
}
