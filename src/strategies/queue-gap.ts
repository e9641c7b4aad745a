import type { Script } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { recordClaims, TAKE } from './claims.js'
import { enqueue } from './enqueue.js'
import { shopOf } from './per-purchase.js'
import { StockMissing, type Strategy } from './strategy.js'
import { ticketOfUser } from './ticket.js'

const TAKE_UNITS: Script = {
  name: 'queue-gap',
  keys: ['stock', 'records', 'claims'],
  // KEYS stock, records, claims; ARGV user, quantity. Returns an outcome, or nil without a stock key.
  lua: `${TAKE}
return 'queued'`,
}

/** The script takes the unit, then the process enqueues the order: one that dies in between takes the order with it. */
export const queueGap: Strategy = {
  name: 'queue-gap',
  summary: 'one script: HEXISTS, GET, DECRBY, HSET claim; then the process enqueues; a worker records it',
  layout: 'counter',
  breaks: { always: [], ifProcessDies: ['conservation', 'somebody-bought'] },
  open: (context) =>
    shopOf(context, async (redis, { user, quantity, ticket = ticketOfUser(user) }) => {
      const { stock, records, claims } = context.keys
      const outcome = (await redis.script(TAKE_UNITS, [stock, records, claims], [user, quantity])) as Outcome | null
      if (outcome === null) throw new StockMissing(stock)
      return outcome === 'queued' ? enqueue(context, { ticket, user, quantity }, true) : outcome
    }),
  backOffice: { reserves: true, ticket: ({ user }) => ticketOfUser(user), decider: recordClaims },
}
