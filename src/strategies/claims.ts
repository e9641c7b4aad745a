import type { Script } from '../redis/port.js'
import { Batcher } from './batcher.js'
import type { Decide, Order, StrategyContext } from './strategy.js'

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

const RECORD_CLAIMS: Script = {
  name: 'record-claims',
  keys: ['records', 'claims'],
  // KEYS records, claims; ARGV the users, a JSON array. Returns a digit each: 1 recorded, 0 not claimed. Told again it writes
  // the same again. What nobody claimed belongs to an earlier seeding.
  lua: `
local users = cjson.decode(ARGV[1])
local claims = redis.call('HMGET', KEYS[2], unpack(users))
local answers, claimed, n = {}, {}, 0
for i = 1, #users do
  answers[i] = claims[i] and '1' or '0'
  if claims[i] then claimed[n + 1], claimed[n + 2], n = users[i], claims[i], n + 2 end
end
if n > 0 then redis.call('HSET', KEYS[1], unpack(claimed)) end
return table.concat(answers)`,
}

/**
 * Records what an order's user has claimed: the same again where a worker died behind it, and no unit is touched. Orders that
 * are decided at the same time are recorded by one call.
 */
export const recordClaims = ({ redis, keys }: StrategyContext): Decide => {
  const batcher = new Batcher(async (orders: readonly Order[]) => {
    // As counter-batch hands users over.
    const users = JSON.stringify(orders.map(({ user }) => user.toWellFormed()))
    return (await redis.script(RECORD_CLAIMS, [keys.records, keys.claims], [users])) as string
  })
  return async (order) => ((await batcher.add(order)) === '1' ? 'sold' : 'error')
}
