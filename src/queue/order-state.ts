import type { RedisPort, Reply } from '../redis/port.js'
import type { SaleKeys } from '../sale/keys.js'
import { jobIdOf } from '../sale/order-job.js'
import { isTicket, userOfTicket } from '../strategies/ticket.js'

export const ORDER_STATES = ['pending', 'sold', 'sold_out', 'already_bought', 'insufficient_stock', 'failed'] as const

/** What became of an order, for its buyer. */
export type OrderState = (typeof ORDER_STATES)[number]

/**
 * What became of the order of a ticket; null where there is no such order. Read from the keys of the jobs, without BullMQ,
 * and from the claims, where the order may still wait for its relay.
 */
export const readOrderState = async (redis: RedisPort, keys: SaleKeys, ticket: string): Promise<OrderState | null> => {
  if (!isTicket(ticket)) return null
  const seeding = await redis.hget(keys.meta, 'uuid')
  const ids = [jobIdOf(ticket, seeding ?? undefined), jobIdOf(ticket, undefined)]
  for (const id of new Set(ids)) {
    const job = await redis.call('HMGET', `${keys.jobs}:${id}`, 'timestamp', 'finishedOn', 'returnvalue')
    const [added, finished, returned] = job as readonly Reply[]
    if (added !== null) return finished === null ? 'pending' : stateOf(returned as string | null)
  }
  const user = userOfTicket(ticket)
  if (user === null || (await redis.hget(keys.claims, user)) === null) return null
  return (await redis.hget(keys.records, user)) === null ? 'pending' : 'sold'
}

/** A job that failed for good returned nothing. */
const stateOf = (returned: string | null): OrderState =>
  ORDER_STATES.find((state) => returned === JSON.stringify(state)) ?? 'failed'
