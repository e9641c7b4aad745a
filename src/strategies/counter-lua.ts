import type { Script } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { shopOf } from './per-purchase.js'
import { StockMissing, type Strategy } from './strategy.js'

export const COUNTER_LUA: Script = {
  name: 'counter-lua',
  keys: ['stock', 'records'],
  // KEYS stock, records; ARGV user, quantity. Returns an outcome, or nil without a stock key. Reads come before writes.
  lua: `
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 'already_bought' end
local stock = redis.call('GET', KEYS[1])
if not stock then return false end
local left, quantity = tonumber(stock), tonumber(ARGV[2])
if left <= 0 then return 'sold_out' end
if left < quantity then return 'insufficient_stock' end
redis.call('DECRBY', KEYS[1], quantity)
redis.call('HSET', KEYS[2], ARGV[1], quantity)
return 'sold'`,
}

export const counterLua: Strategy = {
  name: 'counter-lua',
  summary: 'one script: HEXISTS, GET, DECRBY, HSET',
  layout: 'counter',
  breaks: { always: [] },
  open: (context) =>
    shopOf(context, async (redis, { user, quantity }) => {
      const { stock, records } = context.keys
      const outcome = (await redis.script(COUNTER_LUA, [stock, records], [user, quantity])) as Outcome | null
      if (outcome === null) throw new StockMissing(stock)
      return outcome
    }),
}
