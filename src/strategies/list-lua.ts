import type { Script } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { shopOf } from './per-purchase.js'
import type { Strategy } from './strategy.js'

const BUY: Script = {
  name: 'list-lua',
  keys: ['stock', 'records'],
  // KEYS stock, records; ARGV user, quantity. Returns an outcome. All reads come before the first write.
  lua: `
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 'already_bought' end
local left, quantity = redis.call('LLEN', KEYS[1]), tonumber(ARGV[2])
if left == 0 then return 'sold_out' end
if left < quantity then return 'insufficient_stock' end
redis.call('LTRIM', KEYS[1], quantity, -1)
redis.call('HSET', KEYS[2], ARGV[1], quantity)
return 'sold'`,
}

export const listLua: Strategy = {
  name: 'list-lua',
  summary: 'one script: HEXISTS, LLEN, LTRIM, HSET',
  layout: 'list',
  breaks: { always: [] },
  open: (context) =>
    shopOf(context, async (redis, { user, quantity }) => {
      const { stock, records } = context.keys
      return (await redis.script(BUY, [stock, records], [user, quantity])) as Outcome
    }),
}
