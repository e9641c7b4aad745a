import { command, RedisFailure, type RedisPort } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { isQuantity, type Purchase } from '../sale/purchase.js'
import { ConnectionPool } from './connection-pool.js'
import { runSteps } from './per-purchase.js'
import { StockMissing, type Strategy, type StrategyContext } from './strategy.js'

/** WATCH belongs to a connection, so every purchase under way holds one; more would only conflict more. */
const MAX_CONNECTIONS = 4
const MAX_TRIES = 64

/** Optimistic locking: the writes happen only if nobody touched the sale since it was read. */
export const counterWatch: Strategy = {
  name: 'counter-watch',
  summary: 'WATCH, GET, HGET, MULTI DECRBY HSET EXEC on an own connection, bounded retries',
  layout: 'counter',
  breaks: { always: [] },
  open: (context) => {
    const pool = new ConnectionPool(() => context.dedicated(), MAX_CONNECTIONS)
    return {
      buy: async (purchase) => {
        if (!isQuantity(purchase.quantity, context.limit)) return 'rejected'
        const connection = await pool.take().catch(notSent)
        if (connection === null) return 'not_sent'
        try {
          return await runSteps(connection.redis.execute, (redis) => buyWatching(context, redis, purchase), purchase)
        } finally {
          pool.give(connection)
        }
      },
      close: () => pool.close(),
    }
  },
}

const buyWatching = async (context: StrategyContext, redis: RedisPort, purchase: Purchase): Promise<Outcome> => {
  const { stock, records } = context.keys
  const { user, quantity } = purchase
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    await redis.watch(stock, records)
    const refusal = await refusalOf(redis, context, purchase)
    if (refusal !== null) {
      await redis.unwatch()
      return refusal
    }
    const done = await redis.transaction(command('DECRBY', stock, quantity), command('HSET', records, user, quantity))
    if (done !== null) return 'sold'
    // Linear back-off: with n rivals, about one of them gets through per round.
    await context.clock.sleep(tries)
  }
  return 'throttled'
}

const refusalOf = async (redis: RedisPort, context: StrategyContext, purchase: Purchase): Promise<Outcome | null> => {
  const { stock, records } = context.keys
  // In this order: no EXEC stands behind a refusal. Stock only falls, so what was too little still is when the record is read.
  const left = await redis.get(stock)
  if ((await redis.hget(records, purchase.user)) !== null) return 'already_bought'
  if (left === null) throw new StockMissing(stock)
  if (Number(left) <= 0) return 'sold_out'
  return Number(left) < purchase.quantity ? 'insufficient_stock' : null
}

const notSent = (error: unknown): null => {
  if (error instanceof RedisFailure) return null
  throw error
}
