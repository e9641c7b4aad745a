import type { OrderBook, SoldOrders } from '../../src/sale/order-book.js'
import { type Records, stateOf } from './history.js'

/** The books of a queue: claims, jobs that sold (in the strategy's name, `queue` and `queue-gap` reserve), jobs given up. */
export interface Books extends Partial<Omit<OrderBook, 'reserved' | 'sold'>> {
  readonly reserved?: Records
  readonly sold?: readonly (readonly [strategy: string, user: string, units?: number])[]
}

export const bookOf = ({ reserved = {}, sold = [], ...wish }: Books): OrderBook => {
  const strategies = [...new Set(sold.map(([strategy]) => strategy))]
  return {
    ...{ problem: null, refused: 0, givenUp: [], ofOtherSeedings: 0, unreadable: [], unreadableCount: 0 },
    reserved: stateOf(0, reserved).records[0] ?? null,
    sold: strategies.map((strategy): SoldOrders => {
      const rows = sold.filter(([name]) => name === strategy)
      return {
        ...{ strategy, reserves: strategy !== 'queue-naive', users: rows.map(([, user]) => user) },
        quantities: rows.map(([, , units = 1]) => units),
      }
    }),
    ...wish,
  }
}
