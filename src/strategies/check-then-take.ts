import type { RedisPort } from '../redis/port.js'
import type { SaleKeys } from '../sale/keys.js'
import type { Outcome } from '../sale/outcome.js'
import type { Purchase } from '../sale/purchase.js'
import { StockMissing } from './strategy.js'

/** Checks, takes and records, command by command: right only where nobody else is at it. */
export const checkThenTake = async (
  redis: RedisPort,
  { stock, records }: SaleKeys,
  { user, quantity }: Purchase,
): Promise<Outcome> => {
  if ((await redis.hget(records, user)) !== null) return 'already_bought'
  const left = await redis.get(stock)
  if (left === null) throw new StockMissing(stock)
  if (Number(left) <= 0) return 'sold_out'
  if (Number(left) < quantity) return 'insufficient_stock'
  await redis.decrby(stock, quantity)
  await redis.hset(records, user, quantity)
  return 'sold'
}
