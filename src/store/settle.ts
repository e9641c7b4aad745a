import type { RedisPort } from '../redis/port.js'
import type { Clock } from '../sale/clock.js'
import type { FinalState } from '../sale/final-state.js'
import type { Places } from '../sale/layout.js'
import { waitingIn } from './readers/queues.js'
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

/** A cheap look at a sale. */
export interface Look {
  /** Stock and records: `3 left, 47 records`. */
  readonly seen: string
  /** What waits in the declared queues; null where they are empty. */
  readonly waiting: string | null
}

/**
 * Waits until the sale stands still, then reads it. Still means: nothing waits in a queue, two looks at the stock and the
 * number of records agree, `gapMs` apart, and a third after the whole was read.
 */
export const settle = async (
  look: () => Promise<Look>,
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
      const moving = before.waiting ?? (quietAfterMs > maxMs ? UNANSWERED : `${before.seen} a moment ago`)
      return { state: await read(), waitedMs: Math.round(waited), moving }
    }
    await clock.sleep(wait, signal)
    const after = await look()
    if (isStill(before, after)) {
      const state = await read()
      if (isStill(after, await look())) return { state, waitedMs: Math.round(clock.now() - start), moving: null }
    }
    before = after
  }
}

const UNANSWERED = 'requests without an answer may still run'

const isStill = (before: Look, after: Look): boolean => before.seen === after.seen && after.waiting === null

/** Looks at a sale, with a number for each place of records that one command can count. */
export const lookAt = async (redis: RedisPort, { stock, records, queues }: Places): Promise<Look> => {
  const { remaining } = await readStock(redis, stock)
  const counts = await Promise.all(records.map((place) => countRecords(redis, place).catch(() => '?')))
  const waiting = await Promise.all(queues.map((queue) => waitingIn(redis, queue)))
  return {
    seen: `${remaining ?? '?'} left, ${counts.filter((count) => count !== null).join(' + ')} records`,
    waiting: waiting.find((words) => words !== null) ?? null,
  }
}
