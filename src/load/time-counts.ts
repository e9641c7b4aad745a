import type { Histogram } from 'hdr-histogram-js'
import { boundedUs, newHistogram } from '../history/histogram.js'

/** Three digits: values below this have a bucket each, and every doubling from there on half as many. */
const FIRST_BITS = 11
const HALF = 2 ** (FIRST_BITS - 1)

/** The bucket of a whole number up to 2^32 - 1. */
const bucketOf = (us: number): number => {
  const shift = shiftOf(us)
  return shift * HALF + (us >>> shift)
}

const shiftOf = (us: number): number => Math.max(0, 32 - FIRST_BITS - Math.clz32(us))

const lowestIn = (bucket: number): number => {
  const shift = Math.max(0, Math.floor(bucket / HALF) - 1)
  return (bucket - shift * HALF) * 2 ** shift
}

/**
 * Counts times in the buckets of {@link newHistogram}: recording into that one takes logarithms, on every answer of a run.
 * Read as a histogram.
 */
export class TimeCounts {
  readonly #counts = new Uint32Array(bucketOf(boundedUs(Number.POSITIVE_INFINITY)) + 1)
  #max = 0

  /** Microseconds; bounded as a histogram's. */
  record(us: number): void {
    const whole = boundedUs(us)
    if (whole > this.#max) this.#max = whole
    this.#counts[bucketOf(whole)]!++
  }

  /** Adds these counts to a histogram. */
  addTo(histogram: Histogram): void {
    const last = bucketOf(this.#max)
    for (let bucket = 0; bucket < last; bucket++) {
      const count = this.#counts[bucket]!
      if (count > 0) histogram.recordValueWithCount(lowestIn(bucket), count)
    }
    // A histogram knows its greatest value more exactly than by a bucket.
    if (this.#counts[last]! > 0) histogram.recordValueWithCount(this.#max, this.#counts[last]!)
  }

  histogram(): Histogram {
    const histogram = newHistogram()
    this.addTo(histogram)
    return histogram
  }
}
