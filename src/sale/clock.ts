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

/** Each thread counts from its own start; this is where on the clock of the machine that was. */
const originUs = Number(process.hrtime.bigint() / 1_000n) - performance.now() * 1_000

/** Microseconds on a monotonic clock that all threads of this process share. */
export const monotonicUs = (): number => originUs + performance.now() * 1_000

/** How far another clock is ahead of ours, and how far that may be off. Milliseconds. */
export interface ClockOffset {
  readonly offsetMs: number
  readonly withinMs: number
}
