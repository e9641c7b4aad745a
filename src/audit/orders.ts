import type { OrderBook } from '../sale/order-book.js'
import type { OrderFigures } from '../sale/order-figures.js'
import { followedIn } from './followed.js'
import type { Ledger } from './ledger.js'

/** What the queue's books say of one user's orders. */
export interface UserOrders {
  readonly user: string
  /** Units taken at the door; null where nothing was. */
  readonly reserved: number | null
  /** Jobs that sold, and their units. */
  readonly jobs: number
  readonly jobUnits: number
  /** One of these jobs is of a strategy that takes units at the door. */
  readonly needsClaim: boolean
}

/** Each user with a claim or a job that sold, one at a time: in columns, so that a million of them cost little. */
export function* ordersByUser({ reserved, sold }: OrderBook): Generator<UserOrders> {
  const rows = new Map<string, number>()
  const size = sold.reduce((sum, { users }) => sum + users.length, reserved?.users.length ?? 0)
  const claims = new Float64Array(size).fill(NO_CLAIM)
  const [jobs, units, needs] = [new Uint32Array(size), new Float64Array(size), new Uint8Array(size)]
  const rowOf = (user: string): number => {
    const row = rows.get(user) ?? rows.size
    if (row === rows.size) rows.set(user, row)
    return row
  }
  // Names that a sale takes for one user (fold) have a claim each.
  reserved?.users.forEach((user, i) => {
    const row = rowOf(user)
    claims[row] = Math.max(0, claims[row] as number) + (reserved.quantities[i] as number)
  })
  for (const { users, quantities, reserves } of sold) {
    users.forEach((user, i) => {
      const row = rowOf(user)
      jobs[row] = (jobs[row] as number) + 1
      units[row] = (units[row] as number) + (quantities[i] as number)
      if (reserves) needs[row] = 1
    })
  }
  for (const [user, row] of rows) {
    const claimed = claims[row] as number
    yield {
      ...{ user, reserved: claimed === NO_CLAIM ? null : claimed },
      ...{ jobs: jobs[row] as number, jobUnits: units[row] as number, needsClaim: needs[row] === 1 },
    }
  }
}

const NO_CLAIM = Number.NEGATIVE_INFINITY

/** Null where no order went through the queue, or its books cannot be read. */
export const orderFigures = (ledger: Ledger): OrderFigures | null => {
  const book = ledger.state?.orders
  if (book === undefined || book.problem !== null) return null
  const count = { jobs: 0, recorded: 0, users: 0 }
  const units = { reserved: 0, jobs: 0, recorded: 0 }
  let reserves = book.sold.some((orders) => orders.reserves)
  for (const { user, reserved, jobs, jobUnits } of ordersByUser(book)) {
    const account = ledger.accounts.get(user)
    reserves ||= reserved !== null
    units.reserved += Number.isFinite(reserved) ? (reserved as number) : 0
    count.jobs += jobs
    units.jobs += jobUnits
    const { recordedOrders = 0 } = account ?? {}
    count.users += recordedOrders === 0 ? 0 : 1
    count.recorded += Math.min(recordedOrders, Math.max(1, jobs))
    units.recorded += account?.recordedUnits ?? 0
  }
  return {
    won: ledger.runs.length === 0 ? null : followedIn(ledger.runs).sold.size,
    ...{ reserved: reserves ? (book.reserved?.users.length ?? 0) : null, jobs: count.jobs, recorded: count.recorded },
    besides: recordedIn(ledger) - count.users,
    units: { ...units, reserved: reserves ? units.reserved : null },
    ...{ refused: book.refused, givenUp: book.givenUp.length, ofOtherSeedings: book.ofOtherSeedings },
  }
}

const recordedIn = ({ accounts }: Ledger): number => {
  let users = 0
  for (const { recordedOrders } of accounts.values()) if (recordedOrders > 0) users++
  return users
}
