import { build, type Histogram } from 'hdr-histogram-js'

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly mean: number
}

const MAX_US = 3_600_000_000

/** An HdrHistogram of microseconds, up to an hour, three digits. */
export const newHistogram = (): Histogram =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: MAX_US, numberOfSignificantValueDigits: 3 })

/** A time as {@link newHistogram} takes it. */
export const boundedUs = (us: number): number => Math.max(0, Math.min(MAX_US, Math.round(us)))
