import { randomBytes } from 'node:crypto'
import { connectRedis, type RedisClient, type RedisClientOptions } from '../../src/redis/client.js'
import { type Execute, RedisPort, type Reply, type Script } from '../../src/redis/port.js'
import { parseRedisUrl } from '../../src/redis/url.js'
import { systemClock } from '../../src/sale/clock.js'
import type { Sale } from '../../src/sale/sale.js'
import type { Order, Shop, Strategy, StrategyContext } from '../../src/strategies/strategy.js'
import { MemoryQueue } from './order-queue.js'
import { testRedisUrl } from './redis.js'

/** A connection to the server of the tests, or to another one. */
export const connect = (url = testRedisUrl(), options: RedisClientOptions = {}): Promise<RedisClient> =>
  connectRedis(parseRedisUrl(url), options)

/** Source: https://redis.io/commands/increx: out of bounds leaves the value alone and replies [current value, 0]. */
const INCREX_STAND_IN: Script = {
  name: 'stand-in for INCREX key BYINT n LBOUND 0',
  keys: ['key'],
  lua: `
local value, by = tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1])
if value + by < 0 then return {value, 0} end
return {redis.call('INCRBY', KEYS[1], by), by}`,
}

/** Lets a server without INCREX execute what the port sends as INCREX, atomically, by a script of the documented meaning. */
export const standInForIncrex =
  (execute: Execute): Execute =>
  (unit) => {
    if (unit.kind !== 'command' || unit.name !== 'INCREX') return execute(unit)
    const [key, byint, by, lbound, bound, ...more] = unit.args
    if (byint !== 'BYINT' || lbound !== 'LBOUND' || bound !== 0 || more.length > 0)
      throw new Error(`the stand-in does not know INCREX ${unit.args.join(' ')}`)
    return execute({ kind: 'script', script: INCREX_STAND_IN, keys: [String(key)], args: [by as number] })
  }

/** Whether the server has a command. */
export const knows = async (redis: RedisPort, command: string): Promise<boolean> => {
  const [info] = (await redis.call('COMMAND', 'INFO', command)) as readonly Reply[]
  return info !== null && info !== undefined
}

/** What stands in for commands that a strategy needs and this server lacks, as an option for a world; nothing where it has them. */
export const adaptFor = async (
  client: RedisClient,
  { requires }: Strategy,
): Promise<{ adapt?: typeof standInForIncrex }> =>
  requires === undefined || (await knows(client.redis, requires.command)) ? {} : { adapt: standInForIncrex }

/** The queue of a sale and its one worker, who decides order after order. */
interface Office {
  readonly queue: MemoryQueue
  last: Promise<unknown>
}

const offices = new WeakMap<Sale, Office>()

const officeOf = (sale: Sale): Office => {
  const office = offices.get(sale) ?? { queue: new MemoryQueue(), last: Promise.resolve() }
  offices.set(sale, office)
  return office
}

/** A shop whose buyers wait until the one worker of the sale has decided their order. */
const decided = async (strategy: Strategy, context: StrategyContext, sale: Sale): Promise<Shop> => {
  const { backOffice } = strategy
  if (backOffice === undefined) return strategy.open(context)
  const office = officeOf(sale)
  const own = { ...context, queue: office.queue }
  const shop = await strategy.open(own)
  const decide = backOffice.decider(own)
  return {
    buy: async (purchase) => {
      const ticket = backOffice.ticket(purchase, context.newToken)
      const told = await shop.buy({ ...purchase, ticket })
      if (told !== 'queued') return told
      const decision = office.last.then(async () => {
        await backOffice.relay?.(own)
        return decide(office.queue.orders.find((order) => order.ticket === ticket) as Order)
      })
      office.last = decision.catch(() => {})
      return decision
    },
    close: () => shop.close(),
  }
}

/** Opens a strategy on a connection, as a process of a shop does; where it decides later, with one worker behind it. */
export const openOn = async (client: RedisClient, sale: Sale, strategy: Strategy): Promise<Shop> => {
  const { requires } = strategy
  const helped = requires !== undefined && !(await knows(client.redis, requires.command))
  const context: StrategyContext = {
    redis: helped ? new RedisPort(standInForIncrex(client.redis.execute)) : client.redis,
    dedicated: () => client.dedicated(),
    keys: sale.keys,
    limit: sale.perUser.units,
    clock: systemClock,
    newToken: () => randomBytes(8).toString('hex'),
  }
  return decided(strategy, context, sale)
}

/** Open shops of one strategy, each with a connection of its own: the processes of a shop. */
export interface Processes {
  readonly shops: readonly Shop[]
  close(): Promise<void>
}

export const openProcesses = async (strategy: Strategy, sale: Sale, count: number): Promise<Processes> => {
  const clients = await Promise.all(Array.from({ length: count }, () => connect()))
  const shops = await Promise.all(clients.map((client) => openOn(client, sale, strategy)))
  return {
    shops,
    close: async () => {
      await Promise.all(shops.map((shop) => shop.close()))
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}
