import type { Outcome } from '../../src/sale/outcome.js'
import type { PerUser } from '../../src/sale/sale.js'

/** One attempt of a small history. */
export interface Op {
  readonly user: number
  readonly quantity: number
  readonly outcome: Outcome
  readonly sent: number
  readonly done: number
}

/** A small history, and the rules of the shop that is to explain it. */
export interface SmallHistory {
  readonly ops: readonly Op[]
  readonly stock: number
  readonly perUser: PerUser
  /** "Sold out" only at 0. */
  readonly strictSoldOut: boolean
  /** "Already bought" before anything about stock. */
  readonly duplicatesFirst: boolean
  /** Units recorded for each user in the end; null where the records are not known. */
  readonly recorded: readonly number[] | null
}

interface Held {
  readonly orders: number
  readonly units: number
}

const NOTHING: Held = { orders: 0, units: 0 }

/**
 * Searches every order, after Wing and Gong, "Testing and verifying concurrent objects" (1993), with the memory of Lowe's
 * variant. Knows nothing of canonical orders. `effort.steps` counts the states it looks at; undefined where they are more than
 * `effort.most`.
 */
export const isLinearizable = (
  history: SmallHistory,
  effort = { steps: 0, most: Number.POSITIVE_INFINITY },
): boolean | undefined => {
  const { ops, stock, perUser, strictSoldOut, duplicatesFirst, recorded } = history
  const users = Math.max(-1, ...ops.map(({ user }) => user)) + 1
  const mayStayOut = (op: Op) => op.outcome === 'unknown' || op.outcome === 'queued'
  const full = (held: Held, quantity: number) =>
    held.orders >= perUser.orders || (held.orders > 0 && held.units + quantity > perUser.units)
  const ends = finalUnits(history)
  /** Who holds a record that no attempt explains. */
  const elsewhere = new Set(
    (recorded ?? []).flatMap((units, user) =>
      units > 0 && !ops.some((op) => op.user === user && tries(op)) ? [user] : [],
    ),
  )

  /** The states in which an operation may leave a user who holds `held`; none where its answer would be wrong. */
  const after = ({ outcome, quantity }: Op, held: Held, sold: number, owner: boolean): Held[] => {
    const buys = sold + quantity <= stock && !full(held, quantity)
    const bought = buys ? [{ orders: held.orders + 1, units: held.units + quantity }] : []
    switch (outcome) {
      case 'sold':
      case 'unknown':
      case 'queued':
        return bought
      case 'replayed':
        return held.orders > 0 || owner ? [...bought, held] : bought
      case 'already_bought':
        return full(held, quantity) || owner ? [held] : []
      case 'sold_out':
      case 'insufficient_stock': {
        const left = stock - sold
        const short = strictSoldOut && outcome === 'sold_out' ? left === 0 : left < quantity
        return short && !(duplicatesFirst && full(held, quantity)) ? [held] : []
      }
      default:
        return [held]
    }
  }

  // Who holds what follows from what has been done, but for an order told again: that may or may not have bought.
  const toldAgain = ops.some(({ outcome }) => outcome === 'replayed')
  const bits = ops.map((_, i) => 1n << BigInt(i))
  const seen = new Set<string>()
  const search = (left: bigint, held: readonly Held[], sold: number): boolean => {
    if (++effort.steps > effort.most) return false
    const key = left.toString(36) + (toldAgain ? held.map(({ orders, units }) => ` ${orders}:${units}`).join('') : '')
    if (seen.has(key)) return false
    seen.add(key)
    const isLeft = (i: number) => (left & (bits[i] as bigint)) !== 0n
    let firstEnd = Number.POSITIVE_INFINITY
    for (const [i, op] of ops.entries()) if (isLeft(i) && !mayStayOut(op)) firstEnd = Math.min(firstEnd, op.done)
    const fits = ({ units }: Held, user: number) => (ends[user] ?? null) === null || ends[user] === units
    if (firstEnd === Number.POSITIVE_INFINITY && held.every(fits)) return true
    return ops.some((op, i) => {
      if (!isLeft(i) || op.sent > firstEnd) return false
      const mine = held[op.user] as Held
      return after(op, mine, sold, elsewhere.has(op.user)).some((next) =>
        search(left & ~(bits[i] as bigint), held.with(op.user, next), sold + next.units - mine.units),
      )
    })
  }
  const found = search((1n << BigInt(ops.length)) - 1n, new Array<Held>(users).fill(NOTHING), 0)
  return found || effort.steps <= effort.most ? found : undefined
}

const tries = ({ outcome }: Op): boolean => ['sold', 'unknown', 'queued', 'replayed'].includes(outcome)

/** What each user has to hold in the end: what is recorded, where any choice of their attempts makes that up; else null. */
const finalUnits = ({ ops, perUser, recorded }: SmallHistory): (number | null)[] =>
  (recorded ?? []).map((units, user) => {
    const mine = ops.filter((op) => op.user === user && tries(op))
    const sold = mine.filter(({ outcome }) => outcome === 'sold')
    const open = mine.filter(({ outcome }) => outcome !== 'sold')
    for (let mask = 0; mask < 1 << open.length; mask++) {
      const chosen = [...sold, ...open.filter((_, i) => (mask & (1 << i)) !== 0)]
      const sum = chosen.reduce((total, { quantity }) => total + quantity, 0)
      const allowed = chosen.length <= perUser.orders && (chosen.length <= 1 || sum <= perUser.units)
      if (allowed && sum === units) return units
    }
    return null
  })
