import type { Progress } from '../load/run.js'

interface SilenceWatch {
  readonly signal: AbortSignal
  /** To be called now and then while the run goes on. */
  see(now: Pick<Progress, 'elapsedMs' | 'measures'>): void
}

/** Aborts once attempts have been made for `maxMs` of which none was answered: whoever answered is gone. */
export const silenceWatch = (maxMs: number): SilenceWatch => {
  const controller = new AbortController()
  let answered = 0
  let lost = 0
  let sinceMs = 0
  return {
    signal: controller.signal,
    see: ({ elapsedMs, measures: { tally } }) => {
      const unanswered = tally.count('not_sent') + tally.count('unknown')
      const heard = tally.attempts - unanswered
      if (heard !== answered || unanswered === lost) sinceMs = elapsedMs
      else if (elapsedMs - sinceMs >= maxMs) controller.abort()
      answered = heard
      lost = unanswered
    },
  }
}
