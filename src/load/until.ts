/** The last of a wait is spent looking at the clock: a timer may be this late. */
const SPIN_US = 2_000

/** Resolves at `atUs` on the clock `nowUs`, to some µs; early where the signal is aborted. */
export const untilUs = async (atUs: number, nowUs: () => number, signal: AbortSignal): Promise<void> => {
  const ms = (atUs - nowUs() - SPIN_US) / 1_000
  if (ms > 0 && !signal.aborted) await sleep(ms, signal)
  while (!signal.aborted && nowUs() < atUs);
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal.addEventListener('abort', wake, { once: true })
  })
