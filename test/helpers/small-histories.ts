import { checkOrder, type OrderAnswer } from '../../src/audit/order/check.js'
import { AttemptTable } from '../../src/history/attempt-table.js'
import { RUN_FORMAT, RUN_VERSION, type Run } from '../../src/history/run.js'
import type { Outcome } from '../../src/sale/outcome.js'
import { mix32 } from '../../src/sale/permutation.js'
import type { Op, SmallHistory } from './wing-gong.js'

/** Far enough apart that the microseconds which a log cuts off change nothing. */
const TICK_US = 10

/** What the order check says about a small history. */
export const checkSmall = ({ ops, stock, perUser, recorded, ...shop }: SmallHistory): OrderAnswer =>
  checkOrder({
    runs: [runOfOps(ops, shop)],
    ...{ stock, perUser, soldElsewhere: 0 },
    recordedOf: ({ row }) => ({ units: recorded?.[(ops[row] as Op).user] ?? null, before: false }),
  })

export const runOfOps = (ops: readonly Op[], shop: Pick<SmallHistory, 'strictSoldOut' | 'duplicatesFirst'>): Run => {
  const attempts = ops.map(({ user, quantity, outcome, sent, done }, row) => ({
    ...{ userIndex: user, copy: row, quantity, outcome, status: 0, group: 0, connectUs: 0 },
    ...{ intendedAtUs: sent * TICK_US, sentAtUs: sent * TICK_US, doneAtUs: done * TICK_US },
  }))
  const startedAt = '2026-11-11T12:00:00.000Z'
  return {
    path: '(memory)',
    header: {
      ...{ format: RUN_FORMAT, version: RUN_VERSION, runId: 'small', command: 'blast', startedAt, sale: 'a' },
      ...{ saleUuid: null, target: 'memory', seed: 1, users: { kind: 'sequential' }, concurrency: 1, timeoutMs: 1_000 },
      ...{ atStart: null, strictSoldOut: shop.strictSoldOut, duplicatesFirst: shop.duplicatesFirst },
    },
    attempts: AttemptTable.of(attempts),
    groups: [],
    tornBytes: 0,
    footer: null,
  }
}

/** Whole numbers from a seed: `next(n)` is one of 0..n-1. */
export const numbersFrom = (seed: number): ((n: number) => number) => {
  let state = seed >>> 0
  return (n) => {
    state = (state + 0x9e3779b9) >>> 0
    return mix32(state) % n
  }
}

const ANSWERS: readonly Outcome[] = [
  ...(['sold', 'sold', 'sold_out', 'sold_out', 'insufficient_stock', 'already_bought', 'unknown', 'unknown'] as const),
  ...(['replayed', 'queued', 'error'] as const),
]

/**
 * A small history made from a seed. Half of them are invented answer by answer; the others come from a shop that serves one
 * after the other, and often have a single answer, time or quantity changed: nearly right is where checkers err.
 */
export const smallHistory = (seed: number, most = 7): SmallHistory => {
  const next = numbersFrom(seed)
  const stock = next(5)
  const orders = [1, 1, 1, 2, 3][next(5)] as number
  const perUser = { orders, units: orders === 1 ? 3 : 1 + next(5) }
  const duplicatesFirst = orders === 1 && next(2) === 0
  const strictSoldOut = next(2) === 0
  const users = 1 + next(4)
  const units = next(2) === 0 ? 1 : 3
  const length = 1 + next(most)
  const span = 2 + next(12)
  const invent = (): Op => {
    const sent = next(span)
    const outcome = ANSWERS[next(ANSWERS.length)] as Outcome
    return { user: next(users), quantity: 1 + next(units), outcome, sent, done: sent + next(span) }
  }
  const invented = Array.from({ length }, invent)
  const served = next(2) === 0 ? serve(invented, stock, perUser.orders, perUser.units, strictSoldOut, next) : null
  const ops = [...(served?.ops ?? invented)]
  if (served && next(2) === 0) {
    const i = next(ops.length)
    const other = invent()
    const change = [{ outcome: other.outcome }, { quantity: other.quantity }, { sent: other.sent, done: other.done }]
    ops[i] = { ...(ops[i] as Op), ...change[next(3)] }
  }
  const guess = () => Array.from({ length: users }, () => next(units + 1))
  const recorded = next(2) === 0 ? null : (served?.recorded ?? guess())
  const inAll = recorded && Array.from({ length: users }, (_, i) => recorded[i] ?? 0)
  return { ops, stock, perUser, strictSoldOut, duplicatesFirst, recorded: inAll }
}

/** Serves attempts in some order that their times allow, and answers as a shop does that is right. */
const serve = (
  wishes: readonly Op[],
  stock: number,
  orders: number,
  limit: number,
  strict: boolean,
  next: (n: number) => number,
): { ops: Op[]; recorded: number[] } => {
  let left = stock
  const held: { orders: number; units: number }[] = []
  const at = (op: Op) => op.sent + next(op.done - op.sent + 1)
  const ops = wishes
    .map((op) => ({ op, moment: at(op) }))
    .sort((a, b) => a.moment - b.moment)
    .map(({ op }) => {
      const { user, quantity } = op
      const mine = held[user] ?? { orders: 0, units: 0 }
      held[user] = mine
      const full = mine.orders >= orders || (mine.orders > 0 && mine.units + quantity > limit)
      const lost = next(5) === 0
      const tell = (outcome: Outcome): Op => ({ ...op, outcome: lost ? 'unknown' : outcome })
      if (full) return tell(next(4) === 0 ? 'replayed' : 'already_bought')
      if (left < quantity) return tell(left === 0 || (!strict && next(2) === 0) ? 'sold_out' : 'insufficient_stock')
      left -= quantity
      mine.orders++
      mine.units += quantity
      return tell(next(8) === 0 ? 'queued' : 'sold')
    })
  return { ops, recorded: Array.from(held, (mine) => mine?.units ?? 0) }
}
