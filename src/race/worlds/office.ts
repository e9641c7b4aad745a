import type { RedisPort, Script } from '../../redis/port.js'
import type { BackOffice, Order, OrderQueue, StrategyContext } from '../../strategies/strategy.js'
import type { Step } from '../events.js'
import { changes } from './effects.js'
import type { Gate, Lane } from './lane.js'

/** The keys of a queue of orders: those that wait, and every ticket that ever came. */
export interface QueueKeys {
  readonly waiting: string
  readonly tickets: string
}

export const queueKeys = (orders: string): QueueKeys => ({ waiting: `${orders}:waiting`, tickets: `${orders}:tickets` })

/** Where the order lies that a worker is at. */
export const takenKey = ({ waiting }: QueueKeys, worker: string): string => `${waiting}:${worker}`

const ADD: Script = {
  name: 'enqueue',
  keys: ['waiting', 'tickets'],
  // Returns 1, or 0 for a ticket that came before.
  lua: `if redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[2])
return 1`,
}

const TAKE: Script = {
  name: 'take order',
  keys: ['waiting', 'taken'],
  lua: `local order = redis.call('LPOP', KEYS[1])
redis.call('SET', KEYS[2], order)
return order`,
}

const DONE: Script = { name: 'order is decided', keys: ['taken'], lua: `return redis.call('DEL', KEYS[1])` }

const HAND_BACK: Script = {
  name: 'hand back',
  keys: ['waiting', 'taken'],
  lua: `redis.call('LPUSH', KEYS[1], redis.call('GET', KEYS[2]))
return redis.call('DEL', KEYS[2])`,
}

/** A queue that hands an order over at least once, and takes a ticket only once: every call is one step at Redis. */
export const queueOn = (redis: RedisPort, { waiting, tickets }: QueueKeys): OrderQueue => ({
  add: async (...orders) => {
    const add = ({ ticket, user, quantity }: Order) =>
      redis.script(ADD, [waiting, tickets], [ticket, JSON.stringify({ ticket, user, quantity })])
    await Promise.all(orders.map(add))
  },
})

/** What the queue does once a worker died: its order waits again, before the others. */
export const handBack = (queue: QueueKeys, worker: string) =>
  ({ kind: 'script', script: HAND_BACK, keys: [queue.waiting, takenKey(queue, worker)], args: [] }) as const

/** The decisions of a worker, for ever. What it decided counts from the step at which the queue knows it. */
export const work = async (
  { redis, context, lane }: { redis: RedisPort; context: StrategyContext; lane: Lane },
  backOffice: BackOffice,
  { queue, worker }: { queue: QueueKeys; worker: string },
): Promise<never> => {
  const taken = takenKey(queue, worker)
  const decide = backOffice.decider(context)
  for (;;) {
    lane.waitFor(ordersWaiting)
    const order = JSON.parse((await redis.script(TAKE, [queue.waiting, taken], [])) as string) as Order
    const outcome = await decide(order)
    await redis.script(DONE, [taken], [])
    lane.decided.push({ ticket: order.ticket, outcome })
  }
}

/** A relay that looks whenever somebody wrote to the stream of orders since its last look. */
export const relayOn = async (
  context: StrategyContext,
  lane: Lane,
  relay: NonNullable<BackOffice['relay']>,
  actor: number,
): Promise<never> => {
  for (;;) {
    lane.waitFor(streamTouched(context.keys.orders, actor))
    await relay(context)
  }
}

/** Positions of the steps that put the orders there which wait now. */
const ordersWaiting: Gate = (steps) => {
  const waiting: number[] = []
  for (const [i, { event, reply }] of steps.entries()) {
    if (event.kind === 'die' && event.leaves !== null) waiting.unshift(i)
    if (event.kind !== 'script') continue
    if (event.script === ADD && reply === 1) waiting.push(i)
    if (event.script === TAKE) waiting.shift()
  }
  return waiting
}

const streamTouched =
  (orders: string, actor: number): Gate =>
  (steps) => {
    const own = (step: Step) => step.actor === actor && (step.event.kind === 'die' || step.wokenBy !== undefined)
    const last = steps.findLastIndex(own)
    // One that was started again knows of no look before.
    const since = steps[last]?.event.kind === 'die' ? -1 : last
    return steps.flatMap((step, i) => (i > since && step.actor !== actor && changes(step.accesses, orders) ? [i] : []))
  }
