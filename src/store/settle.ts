import type { RedisPort } from '../redis/port.js'
import type { Clock } from '../sale/clock.js'
import type { FinalState } from '../sale/final-state.js'
import type { Places } from '../sale/layout.js'
import { countRecords } from './readers/records/index.js'
import { readStock } from './readers/stock/index.js'

export interface Settled {
  readonly state: FinalState
  readonly waitedMs: number
  /** What was still moving when the time was over; null where the sale had settled. */
  readonly moving: string | null
}

export interface SettleOptions {
  readonly clock: Clock
  /** Longest wait. */
  readonly maxMs: number
  /** Least time between the two looks that must agree. */
  readonly gapMs: number
  /** The second of them comes no earlier than this from now: an unanswered request may run until its timeout. */
  readonly quietAfterMs: number
  readonly signal?: AbortSignal
}

/**
 * Waits until the sale stands still, then reads it. Still means: two looks at the stock and the number of records agree,
 * `gapMs` apart, and a third after the whole was read.
 */
export const settle = async (
  look: () => Promise<string>,
  read: () => Promise<FinalState>,
  options: SettleOptions,
): Promise<Settled> => {
  const { clock, maxMs, gapMs, quietAfterMs, signal } = options
  const start = clock.now()
  let before = await look()
  for (;;) {
    signal?.throwIfAborted()
    const waited = clock.now() - start
    const wait = Math.max(gapMs, quietAfterMs - waited)
    if (waited + wait > maxMs) {
      const moving = quietAfterMs > maxMs ? 'requests without an answer may still run' : `${before} a moment ago`
      return { state: await read(), waitedMs: Math.round(waited), moving }
    }
    await clock.sleep(wait, signal)
    const after = await look()
    if (after === before) {
      const state = await read()
      if ((await look()) === after) return { state, waitedMs: Math.round(clock.now() - start), moving: null }
    }
    before = after
  }
}

/** A cheap look at a sale: `3 left, 47 records`, with a number for each place that one command can count. */
export const lookAt = async (redis: RedisPort, { stock, records }: Places): Promise<string> => {
  const { remaining } = await readStock(redis, stock)
  const counts = await Promise.all(records.map((place) => countRecords(redis, place).catch(() => '?')))
  return `${remaining ?? '?'} left, ${counts.filter((count) => count !== null).join(' + ')} records`
}
