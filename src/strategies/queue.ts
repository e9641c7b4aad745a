import { command, type Reply, type Script } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { recordClaims, TAKE } from './claims.js'
import { queueOf } from './enqueue.js'
import { shopOf } from './per-purchase.js'
import { type Order, StockMissing, type Strategy, type StrategyContext } from './strategy.js'
import { ticketOfUser } from './ticket.js'

const TAKE_AND_ORDER: Script = {
  name: 'queue',
  keys: ['stock', 'records', 'claims', 'orders'],
  // KEYS stock, records, claims, orders; ARGV user, quantity, ticket. Returns an outcome, or nil without a stock key.
  lua: `${TAKE}
redis.call('XADD', KEYS[4], '*', 'ticket', ARGV[3], 'user', ARGV[1], 'quantity', quantity)
return 'queued'`,
}

/** Orders that one call of the relay moves at most. */
const BATCH = 500

/** The unit is taken and the order written down in one step: whoever dies afterwards, the order is still there. */
export const queue: Strategy = {
  name: 'queue',
  summary: 'one script: HEXISTS, GET, DECRBY, HSET claim, XADD order; a relay enqueues it, a worker records it',
  layout: 'counter',
  breaks: { always: [] },
  open: (context) =>
    shopOf(context, async (redis, { user, quantity, ticket = ticketOfUser(user) }) => {
      const { stock, records, claims, orders } = context.keys
      const keys = [stock, records, claims, orders]
      const outcome = (await redis.script(TAKE_AND_ORDER, keys, [user, quantity, ticket])) as Outcome | null
      if (outcome === null) throw new StockMissing(stock)
      return outcome
    }),
  backOffice: {
    reserves: true,
    ticket: ({ user }) => ticketOfUser(user),
    decider: recordClaims,
    relay: async (context) => {
      const waiting = await peek(context)
      if (waiting.length === 0) return 0
      await queueOf(context).add(...waiting.map(({ order }) => order))
      await context.redis.call('XDEL', context.keys.orders, ...waiting.map(({ id }) => id))
      return waiting.length
    },
  },
}

/**
 * The oldest orders of the stream, left where they are: a relay that dies before it deletes them has done nothing that the
 * next one would do differently, since a queue takes a ticket only once. The seeding is read in the same step: orders of
 * another one cannot come in between.
 */
const peek = async ({ redis, keys }: StrategyContext): Promise<{ readonly id: string; readonly order: Order }[]> => {
  const replies = await redis.transaction(
    command('HGET', keys.meta, 'uuid'),
    command('XRANGE', keys.orders, '-', '+', 'COUNT', BATCH),
  )
  const [seeding, entries] = replies as readonly [string | null, readonly (readonly [string, readonly Reply[]])[]]
  return entries.map(([id, [, ticket, , user, , quantity]]) => ({
    id,
    order: {
      ...{ ticket: String(ticket), user: String(user), quantity: Number(quantity) },
      ...(seeding === null ? {} : { seeding }),
    },
  }))
}
