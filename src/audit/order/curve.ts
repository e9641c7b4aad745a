/** Units sold over time, as steps: from `us[i]` on, `units[i]` in all. */
export class Curve {
  readonly us: Float64Array
  readonly units: Float64Array
  readonly total: number

  /** Steps in order of time; `gains[i]` units more from `us[i]` on. */
  constructor(us: Float64Array, gains: ArrayLike<number>) {
    this.us = us
    this.units = new Float64Array(us.length)
    let total = 0
    for (let i = 0; i < us.length; i++) {
      total += gains[i] as number
      this.units[i] = total
    }
    this.total = total
  }

  /** Units sold by `us`, that moment included. */
  at(us: number): number {
    const steps = firstWhere(this.us, (each) => each > us)
    return steps === 0 ? 0 : (this.units[steps - 1] as number)
  }

  /** The moment from which at least `units` are sold: -Infinity for none, Infinity for never. */
  reaches(units: number): number {
    if (units <= 0) return Number.NEGATIVE_INFINITY
    return this.us[firstWhere(this.units, (each) => each >= units)] ?? Number.POSITIVE_INFINITY
  }
}

/** Index of the first element for which `test` holds, where it holds for all that follow; the length for none. */
const firstWhere = (values: Float64Array, test: (value: number) => boolean): number => {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(values[middle] as number)) high = middle
    else low = middle + 1
  }
  return low
}
