import type { Clock } from '../sale/clock.js'
import type { FinalState } from '../sale/final-state.js'
import { fingerprint } from './snapshot.js'

export interface Settled {
  readonly state: FinalState
  /** False where the state still moved, or an attempt without an answer could still run, when the time was over. */
  readonly settled: boolean
  readonly waitedMs: number
  /** What was still moving; null where settled. */
  readonly moving: string | null
}

export interface SettleOptions {
  readonly clock: Clock
  /** Longest wait. */
  readonly maxMs: number
  /** Least time between the two reads that must agree. */
  readonly gapMs: number
  /** The second of them must come no earlier than this from now: an unanswered request may run until its timeout. */
  readonly quietAfterMs: number
}

/** Reads until two reads agree, `gapMs` apart and the second one `quietAfterMs` from now or later; or until the time is over. */
export const settle = async (read: () => Promise<FinalState>, options: SettleOptions): Promise<Settled> => {
  const { clock, maxMs, gapMs, quietAfterMs } = options
  const start = clock.now()
  let state = await read()
  let moving = 'requests without an answer may still be running'
  for (;;) {
    const waited = clock.now() - start
    const wait = Math.max(gapMs, quietAfterMs - waited)
    if (waited + wait > maxMs) return { state, settled: false, waitedMs: Math.round(waited), moving }
    await clock.sleep(wait)
    const next = await read()
    const waitedMs = Math.round(clock.now() - start)
    if (fingerprint(next) === fingerprint(state)) return { state: next, settled: true, waitedMs, moving: null }
    moving = `stock and records went from ${fingerprint(state)} to ${fingerprint(next)} in ${Math.round(wait)} ms`
    state = next
  }
}
