import { shopOf } from './per-purchase.js'
import type { Strategy } from './strategy.js'

/** Claim, decrement, and undo below zero. Final states are clean; on the way it refuses honest buyers and dips below zero. */
export const counterUndo: Strategy = {
  name: 'counter-undo',
  summary: 'HSETNX claim, DECRBY; below zero: INCRBY back, HDEL',
  layout: 'counter',
  breaks: { always: ['no-negative-stock', 'no-undersell', 'somebody-bought', 'real-time-order'] },
  open: (context) =>
    shopOf(context, async (redis, { user, quantity }) => {
      const { stock, records } = context.keys
      if (!(await redis.hsetnx(records, user, quantity))) return 'already_bought'
      const left = await redis.decrby(stock, quantity)
      if (left >= 0) return 'sold'
      await redis.incrby(stock, quantity)
      await redis.hdel(records, user)
      return left + quantity > 0 ? 'insufficient_stock' : 'sold_out'
    }),
}
