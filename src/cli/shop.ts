import { randomBytes } from 'node:crypto'
import { SeckillError, usageError } from '../errors.js'
import type { Tally } from '../load/tally.js'
import type { RedisClient } from '../redis/client.js'
import type { RedisPort } from '../redis/port.js'
import { systemClock } from '../sale/clock.js'
import { LAYOUTS } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import type { Shop, Strategy, StrategyContext } from '../strategies/strategy.js'

/** What a strategy gets to work with on an open Redis. */
export const strategyContext = (client: RedisClient, sale: Sale): StrategyContext => ({
  redis: client.redis,
  dedicated: () => client.dedicated(),
  keys: sale.keys,
  limit: sale.perUser.units,
  clock: systemClock,
  newToken: () => randomBytes(8).toString('hex'),
})

/** Opens a strategy on a sale of its layout. Errors, before anything is written: unsupported, wrong_type, usage. */
export const openShop = async (client: RedisClient, sale: Sale, strategy: Strategy): Promise<Shop> => {
  if (strategy.layout !== sale.layout) {
    throw usageError(
      `sale ${sale.id} has layout ${sale.layout}, but ${strategy.name} works on ${strategy.layout}`,
      `seckill init --layout ${strategy.layout} --stock ${sale.initial}`,
    )
  }
  const { requires } = strategy
  if (requires && !(await supports(client.redis, requires.command))) {
    throw new SeckillError(
      'unsupported',
      `${strategy.name} needs ${requires.command}, which redis ${client.label} does not have`,
      `use ${requires.servers}`,
    )
  }
  const { readStock } = await import('../store/readers/stock.js')
  const { stockProblem } = await readStock(client.redis, sale.keys.stock, LAYOUTS[sale.layout].stock)
  if (stockProblem !== null) {
    throw new SeckillError(
      'wrong_type',
      stockProblem,
      `seed it: seckill init --layout ${sale.layout} --stock ${sale.initial}`,
    )
  }
  return strategy.open(strategyContext(client, sale))
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
