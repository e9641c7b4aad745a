import { shopOf } from './per-purchase.js'
import type { Strategy } from './strategy.js'

/** The document's list with quantities (2-2). LREM may remove fewer units than asked; the record says what was asked. */
export const listNaive: Strategy = {
  name: 'list-naive',
  summary: 'HGET, LLEN, LREM count, HSET (document 2-2)',
  layout: 'list',
  breaks: {
    always: ['no-oversell', 'conservation', 'acknowledged-is-recorded', 'one-success-per-user', 'real-time-order'],
  },
  open: (context) =>
    shopOf(context, async (redis, { user, quantity }) => {
      const { stock, records } = context.keys
      if ((await redis.hget(records, user)) !== null) return 'already_bought'
      const left = await redis.llen(stock)
      if (left === 0) return 'sold_out'
      if (left < quantity) return 'insufficient_stock'
      if ((await redis.lrem(stock, quantity, 1)) === 0) return 'sold_out'
      await redis.hset(records, user, quantity)
      return 'sold'
    }),
}
