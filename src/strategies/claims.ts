import type { Script } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import type { Order, StrategyContext } from './strategy.js'

/** The head of a script that takes units for an order. Reads come before writes. */
export const TAKE = `
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 or redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 then
  return 'already_bought'
end
local stock = redis.call('GET', KEYS[1])
if not stock then return false end
local left, quantity = tonumber(stock), tonumber(ARGV[2])
if left <= 0 then return 'sold_out' end
if left < quantity then return 'insufficient_stock' end
redis.call('DECRBY', KEYS[1], quantity)
redis.call('HSET', KEYS[3], ARGV[1], quantity)`

const RECORD_CLAIM: Script = {
  name: 'record-claim',
  keys: ['records', 'claims'],
  // KEYS records, claims; ARGV user. Told again it writes the same again. What nobody claimed belongs to an earlier seeding.
  lua: `
local claimed = redis.call('HGET', KEYS[2], ARGV[1])
if not claimed then return 'error' end
redis.call('HSET', KEYS[1], ARGV[1], claimed)
return 'sold'`,
}

/** Records what an order's user has claimed: the same again where a worker died behind it, and no unit is touched. */
export const recordClaim = async ({ redis, keys }: StrategyContext, { user }: Order): Promise<Outcome> =>
  (await redis.script(RECORD_CLAIM, [keys.records, keys.claims], [user])) as Outcome
