import { enqueue } from './enqueue.js'
import { shopOf } from './per-purchase.js'
import { StockMissing, type Strategy } from './strategy.js'

/** Everyone gets a ticket; a worker checks and takes, command by command: in turn with one worker, a race with several. */
export const queueNaive: Strategy = {
  name: 'queue-naive',
  summary: 'enqueue; a worker: HGET, GET, DECRBY, HSET',
  layout: 'counter',
  breaks: {
    always: [],
    withSeveralWorkers: [
      'no-oversell',
      'no-negative-stock',
      'conservation',
      'acknowledged-is-recorded',
      'one-success-per-user',
      'real-time-order',
    ],
    ifProcessDies: ['conservation', 'somebody-bought', 'recorded-is-acknowledged', 'real-time-order'],
  },
  open: (context) =>
    shopOf(context, (_redis, { user, quantity, ticket = ticketOf(context.newToken) }) =>
      enqueue(context, { ticket, user, quantity }, false),
    ),
  backOffice: {
    ticket: (_purchase, newToken) => ticketOf(newToken),
    decider:
      ({ redis, keys: { stock, records, meta } }) =>
      async ({ user, quantity, seeding }) => {
        if (seeding !== undefined && (await redis.hget(meta, 'uuid')) !== seeding) return 'error'
        if ((await redis.hget(records, user)) !== null) return 'already_bought'
        const left = await redis.get(stock)
        if (left === null) throw new StockMissing(stock)
        if (Number(left) <= 0) return 'sold_out'
        if (Number(left) < quantity) return 'insufficient_stock'
        await redis.decrby(stock, quantity)
        await redis.hset(records, user, quantity)
        return 'sold'
      },
  },
}

const ticketOf = (newToken: () => string): string => `order-${newToken()}`
