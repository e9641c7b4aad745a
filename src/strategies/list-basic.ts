import { shopOf } from './per-purchase.js'
import type { Strategy } from './strategy.js'

/** The document's first version (2-1): users in a list, one unit each, every step a command of its own. */
export const listBasic: Strategy = {
  name: 'list-basic',
  summary: 'LRANGE records, LLEN, LPOP, LPUSH (document 2-1)',
  layout: 'list-basic',
  breaks: { always: ['one-record-per-user', 'one-success-per-user', 'real-time-order'] },
  open: (context) =>
    shopOf({ ...context, limit: 1 }, async (redis, { user }) => {
      const { stock, records } = context.keys
      if ((await redis.lrange(records, 0, -1)).includes(user)) return 'already_bought'
      if ((await redis.llen(stock)) === 0) return 'sold_out'
      if ((await redis.lpop(stock)) === null) return 'sold_out'
      await redis.lpush(records, user)
      return 'sold'
    }),
}
