/** Time as an argument, so that tests and the race explorer can own it. */
export interface Clock {
  /** Monotonic time in milliseconds, with a fraction. */
  now(): number
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** Microseconds on the monotonic clock of this process. */
export const monotonicUs = (): number => performance.now() * 1_000
