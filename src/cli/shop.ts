import { randomBytes } from 'node:crypto'
import { SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { Tally } from '../load/tally.js'
import type { RedisClient } from '../redis/client.js'
import type { RedisPort } from '../redis/port.js'
import { systemClock } from '../sale/clock.js'
import { ofSale, type Sale } from '../sale/sale.js'
import type { Strategy, StrategyContext } from '../strategies/strategy.js'

/** What a strategy gets to work with on an open Redis. */
export const strategyContext = (client: RedisClient, sale: Pick<Sale, 'keys' | 'perUser'>): StrategyContext => ({
  redis: client.redis,
  dedicated: () => client.dedicated(),
  keys: sale.keys,
  limit: sale.perUser.units,
  clock: systemClock,
  newToken: () => randomBytes(8).toString('hex'),
})

/** Throws unless the Redis server has what a strategy needs. Errors: unsupported. */
export const requireCommands = async ({ redis, label }: RedisClient, { name, requires }: Strategy): Promise<void> => {
  if (!requires || (await supports(redis, requires.command))) return
  throw new SeckillError(
    'unsupported',
    say`${name} is not verified here: redis ${label} lacks ${requires.command}`,
    say`use ${requires.servers}`,
  )
}

/** Throws unless a strategy can sell from a sale as it stands. Errors: unsupported, wrong_type, usage. */
export const requireFit = async (client: RedisClient, sale: Sale, strategy: Strategy): Promise<void> => {
  if (strategy.layout !== sale.layout) {
    throw usageError(
      say`sale ${sale.id} has layout ${sale.layout}, but ${strategy.name} works on ${strategy.layout}`,
      `seckill init --layout ${strategy.layout} --stock ${sale.initial}${ofSale(sale)}`,
    )
  }
  await requireCommands(client, strategy)
  const { readStock } = await import('../store/readers/stock/index.js')
  const { stockProblem } = await readStock(client.redis, sale.places.stock)
  if (stockProblem !== null) {
    throw new SeckillError(
      'wrong_type',
      stockProblem,
      say`seed it: seckill init --layout ${sale.layout} --stock ${sale.initial}${ofSale(sale)}`,
    )
  }
}

/** Whether the server knows a command. */
export const supports = async (redis: RedisPort, command: string): Promise<boolean> => {
  const [info] = (await redis.call('COMMAND', 'INFO', command)) as (readonly unknown[] | null)[]
  return Array.isArray(info)
}

/** After purchases of which none got a definite answer from the sale: what Redis said, as an error. */
export const throwIfNothingWorked = async ({ lastFailure, label }: RedisClient, tally: Tally): Promise<void> => {
  const failed = tally.count('error') + tally.count('not_sent') + tally.count('unknown')
  if (lastFailure === null || failed < tally.attempts) return
  const { troubleOf } = await import('../redis/failure.js')
  throw troubleOf(lastFailure, label)
}
