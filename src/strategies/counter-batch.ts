import { RedisFailure, type Script } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { isQuantity, type Purchase } from '../sale/purchase.js'
import { Batcher } from './batcher.js'
import { outcomeOfFailure } from './per-purchase.js'
import { StockMissing, type Strategy, type StrategyContext } from './strategy.js'

/** One character per purchase: the position in this list. */
const ANSWERS: readonly Outcome[] = ['sold', 'already_bought', 'sold_out', 'insufficient_stock']

const BUY_MANY: Script = {
  name: 'counter-batch',
  keys: ['stock', 'records'],
  // KEYS stock, records; ARGV the users and their quantities, two JSON arrays. Returns a digit each (see ANSWERS), or nil
  // without a stock key. The outcome is that of the same purchases one after the other. Two arguments are cheaper than a
  // thousand, on both sides; and strings are handed around rather than numbers, which Lua would format each time.
  lua: `
local stock = redis.call('GET', KEYS[1])
if not stock then return false end
local left, taken = tonumber(stock), 0
local users, quantities = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
local held = redis.call('HMGET', KEYS[2], unpack(users))
local answers, sold, n, mine, text = {}, {}, 0, {}, {}
for i = 1, #held do
  local user, quantity = users[i], quantities[i]
  if held[i] or mine[user] then answers[i] = '1'
  elseif left <= 0 then answers[i] = '2'
  elseif left < quantity then answers[i] = '3'
  else
    left, taken, mine[user], answers[i] = left - quantity, taken + quantity, true, '0'
    text[quantity] = text[quantity] or tostring(quantity)
    sold[n + 1], sold[n + 2], n = user, text[quantity], n + 2
  end
end
if taken > 0 then
  redis.call('DECRBY', KEYS[1], taken)
  redis.call('HSET', KEYS[2], unpack(sold))
end
return table.concat(answers)`,
}

/** Purchases of one process that wait at the same time share one script call. A lost reply leaves the whole batch unknown. */
export const counterBatch: Strategy = {
  name: 'counter-batch',
  summary: 'concurrent purchases of one process in one script call',
  layout: 'counter',
  breaks: { always: [] },
  open: (context) => {
    const batcher = new Batcher((purchases: readonly Purchase[]) => buyMany(context, purchases))
    const isPurchase = ({ quantity }: Purchase) => isQuantity(quantity, context.limit)
    return {
      buy: async (purchase) => (isPurchase(purchase) ? batcher.add(purchase) : 'rejected'),
      close: async () => {},
    }
  },
}

const buyMany = async ({ redis, keys }: StrategyContext, purchases: readonly Purchase[]): Promise<Outcome[]> => {
  // cjson refuses half a surrogate pair, and one such name would fail the whole batch.
  const users = JSON.stringify(purchases.map(({ user }) => user.toWellFormed()))
  const quantities = JSON.stringify(purchases.map(({ quantity }) => quantity))
  try {
    const answers = (await redis.script(BUY_MANY, [keys.stock, keys.records], [users, quantities])) as string | null
    if (answers === null) throw new StockMissing(keys.stock)
    return purchases.map((_, i) => ANSWERS[answers.charCodeAt(i) - 48] as Outcome)
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error
    const outcome = outcomeOfFailure(error, false)
    return purchases.map(() => outcome)
  }
}
