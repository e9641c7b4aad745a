/**
 * Counts over time, in bins that double in width when time outgrows them: memory does not grow with the run. Several counts
 * (columns) share the bins.
 */
export class WideningBins {
  readonly columns: readonly Uint32Array[]
  readonly #bins: number
  #widthUs: number

  /** `bins` is even; `widthUs`, that of a bin at first. */
  constructor(bins: number, columns: number, widthUs: number) {
    this.#bins = bins
    this.#widthUs = widthUs
    this.columns = Array.from({ length: columns }, () => new Uint32Array(bins))
  }

  /** Of a bin by now. */
  get widthUs(): number {
    return this.#widthUs
  }

  add(atUs: number, column: number, by = 1): void {
    let bin = Math.floor(Math.max(0, atUs) / this.#widthUs)
    for (; bin >= this.#bins; bin = Math.floor(bin / 2)) this.#widen()
    const counts = this.columns[column] as Uint32Array
    counts[bin]! += by
  }

  #widen(): void {
    this.#widthUs *= 2
    const half = this.#bins / 2
    for (const counts of this.columns) {
      for (let bin = 0; bin < half; bin++) counts[bin] = counts[2 * bin]! + counts[2 * bin + 1]!
      counts.fill(0, half)
    }
  }
}
