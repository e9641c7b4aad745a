/** Time as an argument, so that tests and the race explorer can own it. */
export interface Clock {
  /** Monotonic time in milliseconds, with a fraction. */
  now(): number
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as that is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

// The global is a getter, called at every access.
const { performance } = globalThis

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

/** Nobody is kept waiting by a busy machine so often in a row. */
const READINGS = 5

/**
 * How far one clock is ahead of another, in their unit. They are read one after the other: a machine that does something else in
 * between makes the difference smaller, so the largest of some is it.
 */
export const aheadOf = (theirs: () => number, ours: () => number): number =>
  Math.max(...Array.from({ length: READINGS }, () => ours() - theirs()))

/** Each thread counts from its own start; this is where on the clock of the machine that was. */
const originUs = aheadOf(
  () => performance.now() * 1_000,
  () => Number(process.hrtime.bigint() / 1_000n),
)

/** Microseconds on a monotonic clock that all threads of this process share. */
export const monotonicUs = (): number => originUs + performance.now() * 1_000

/** When the clock on the wall will show, or showed, this time, on the clock of {@link monotonicUs}: to a millisecond, never before. */
export const monotonicUsAt = (wallMs: number): number => wallMs * 1_000 + aheadOf(() => Date.now() * 1_000, monotonicUs)

/** How far another clock is ahead of ours, and how far that may be off. Milliseconds. */
export interface ClockOffset {
  readonly offsetMs: number
  readonly withinMs: number
}
