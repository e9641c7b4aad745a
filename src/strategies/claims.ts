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
  keys: ['records', 'claims', 'meta'],
  // KEYS records, claims, meta; ARGV the users and the seedings that their orders belong to, two JSON arrays, '' where that is
  // not known. Returns a digit each: 1 recorded, 0 not claimed or of an earlier seeding. Told again it writes the same again.
  lua: `
local users, seedings = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
local now = redis.call('HGET', KEYS[3], 'uuid')
local claims = redis.call('HMGET', KEYS[2], unpack(users))
local answers, claimed, n = {}, {}, 0
for i = 1, #users do
  local mine = claims[i] and (seedings[i] == '' or seedings[i] == now)
  answers[i] = mine and '1' or '0'
  if mine then claimed[n + 1], claimed[n + 2], n = users[i], claims[i], n + 2 end
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
    const seedings = JSON.stringify(orders.map(({ seeding = '' }) => seeding))
    const { records, claims, meta } = keys
    return (await redis.script(RECORD_CLAIMS, [records, claims, meta], [users, seedings])) as string
  })
  return async (order) => ((await batcher.add(order)) === '1' ? 'sold' : 'error')
}
