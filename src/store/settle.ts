import { say } from '../language/say.js'
import type { RedisPort } from '../redis/port.js'
import type { Clock } from '../sale/clock.js'
import type { FinalState } from '../sale/final-state.js'
import type { SaleKeys } from '../sale/keys.js'
import type { Places } from '../sale/layout.js'
import { ownWork } from './own-queue.js'
import { waitingIn } from './readers/queues.js'
import { countRecords } from './readers/records/index.js'
import { readStock } from './readers/stock/index.js'
import { recordedUnits } from './snapshot.js'

export interface Settled {
  readonly state: FinalState
  readonly waitedMs: number
  /** How long nothing had changed by then. */
  readonly stillMs: number
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
      const moving = before.waiting ?? (quietAfterMs > maxMs ? unanswered() : say`${before.seen} a moment ago`)
      return { state: await read(), waitedMs: Math.round(waited), stillMs: 0, moving }
    }
    await clock.sleep(wait, signal)
    const after = await look()
    if (isStill(before, after)) {
      const state = await read()
      const waitedMs = Math.round(clock.now() - start)
      if (isStill(after, await look())) return { state, waitedMs, stillMs: Math.round(wait), moving: null }
    }
    before = after
  }
}

/** A shop that writes its records behind its answers is done with them when nothing has come for so long. */
const SURE_MS = 3_000

/**
 * Settles; where what was read `accuses` the shop, looks again until nothing has changed for {@link SURE_MS}, or as long as
 * `maxMs` leaves. Whole states are compared: a record may grow where none is added.
 */
export const settleForSure = async (
  look: () => Promise<Look>,
  read: () => Promise<FinalState>,
  options: SettleOptions,
  accuses: (settled: Settled) => boolean,
): Promise<Settled> => {
  const { maxMs, gapMs } = options
  let settled = await settle(look, read, options)
  for (;;) {
    const { waitedMs, stillMs, moving, state } = settled
    const sureMs = Math.min(SURE_MS, maxMs - waitedMs - gapMs)
    if (moving !== null || (stillMs > 0 && stillMs >= sureMs) || !accuses(settled)) return settled
    if (sureMs <= 0) return { ...settled, moving: say`records that grew a moment ago` }
    const next = await settle(look, read, { ...options, gapMs: sureMs, quietAfterMs: 0, maxMs: maxMs - waitedMs })
    const same = unitsOf(state) === unitsOf(next.state)
    settled = { ...next, waitedMs: waitedMs + next.waitedMs, stillMs: same ? next.stillMs : 0 }
  }
}

const unitsOf = ({ remaining, records }: FinalState): string => [remaining, ...records.map(recordedUnits)].join()

/**
 * Waits until nothing waits in a queue and two looks at the sale agree; no longer than `maxMs`, nor for what has not changed
 * for {@link SURE_MS}: nobody works on that.
 */
export const untilIdle = async (
  look: () => Promise<Look>,
  { clock, maxMs, gapMs, signal }: Omit<SettleOptions, 'quietAfterMs'>,
): Promise<void> => {
  const start = clock.now()
  let changed = start
  let before = await look()
  while (clock.now() - start < maxMs && clock.now() - changed < SURE_MS) {
    await clock.sleep(gapMs, signal)
    const after = await look()
    if (isStill(before, after)) return
    if (after.seen !== before.seen || after.waiting !== before.waiting) changed = clock.now()
    before = after
  }
}

const unanswered = () => say`requests without an answer may still run`

const isStill = (before: Look, after: Look): boolean => before.seen === after.seen && after.waiting === null

/**
 * Looks at a sale, with a number for each place of records that one command can count; with `own`, at the queue of our own
 * strategies too.
 */
export const lookAt = async (
  redis: RedisPort,
  { stock, records, queues }: Places,
  own: SaleKeys | null = null,
): Promise<Look> => {
  const { remaining } = await readStock(redis, stock)
  const counts = await Promise.all(records.map((place) => countRecords(redis, place).catch(() => '?')))
  const waiting = await Promise.all(queues.map((queue) => waitingIn(redis, queue)))
  const work = own === null ? { waiting: null, finished: 0 } : await ownWork(redis, own)
  const seen = say`${remaining ?? '?'} left, ${counts.filter((count) => count !== null).join(' + ')} records`
  const held = [...waiting, work.waiting].filter((words) => words !== null)
  return {
    seen: work.finished === 0 ? seen : say`${seen}, ${work.finished} jobs done`,
    waiting: held.length === 0 ? null : held.join(say`; `),
  }
}
