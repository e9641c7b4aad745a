import { checkThenTake } from './check-then-take.js'
import { enqueue } from './enqueue.js'
import { shopOf } from './per-purchase.js'
import type { Strategy } from './strategy.js'

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
      ({ redis, keys }) =>
      async (order) => {
        const { seeding } = order
        if (seeding !== undefined && (await redis.hget(keys.meta, 'uuid')) !== seeding) return 'error'
        return checkThenTake(redis, keys, order)
      },
  },
}

const ticketOf = (newToken: () => string): string => `order-${newToken()}`
