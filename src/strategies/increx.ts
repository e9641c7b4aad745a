import { shopOf } from './per-purchase.js'
import type { Strategy } from './strategy.js'

/** Claim, then one bounded decrement. Stock is safe; between claim and withdrawal a double click is told "already bought". */
export const increx: Strategy = {
  name: 'increx',
  summary: 'HSETNX claim, INCREX bounded at 0, HDEL if refused',
  layout: 'counter',
  breaks: { always: ['somebody-bought', 'real-time-order'] },
  requires: { command: 'INCREX', servers: 'Redis ≥ 8.8 or Valkey ≥ 9.2' },
  open: (context) =>
    shopOf(context, async (redis, { user, quantity }) => {
      const { stock, records } = context.keys
      if (!(await redis.hsetnx(records, user, quantity))) return 'already_bought'
      const { value, applied } = await redis.increx(stock, -quantity)
      if (applied !== 0) return 'sold'
      await redis.hdel(records, user)
      return value > 0 ? 'insufficient_stock' : 'sold_out'
    }),
}
