import { shopOf } from './per-purchase.js'
import { StockMissing, type Strategy } from './strategy.js'

/** The document's counter (四), its mistake included: a reply of 0, the sale of the last units, counts as a failure. */
export const counterNaive: Strategy = {
  name: 'counter-naive',
  summary: 'HGET, GET, DECRBY, HSET; reply 0 counts as failure (document 四)',
  layout: 'counter',
  breaks: {
    always: [
      'no-oversell',
      'conservation',
      'acknowledged-is-recorded',
      'one-success-per-user',
      'real-time-order',
      'no-negative-stock',
      'somebody-bought',
    ],
  },
  open: (context) =>
    shopOf(context, async (redis, { user, quantity }) => {
      const { stock, records } = context.keys
      if ((await redis.hget(records, user)) !== null) return 'already_bought'
      const left = await redis.get(stock)
      if (left === null) throw new StockMissing(stock)
      if (Number(left) <= 0) return 'sold_out'
      if (Number(left) < quantity) return 'insufficient_stock'
      if ((await redis.decrby(stock, quantity)) === 0) return 'sold_out'
      await redis.hset(records, user, quantity)
      return 'sold'
    }),
}
