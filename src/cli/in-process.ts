import { count, say, word } from '../language/say.js'
import type { Decisions, Followed } from '../load/decisions.js'
import type { OrderFollower } from '../load/order-follower.js'
import type { Transport } from '../load/transport.js'
import type { RedisClient } from '../redis/client.js'
import { monotonicUs, systemClock } from '../sale/clock.js'
import type { Outcome } from '../sale/outcome.js'
import type { Sale } from '../sale/sale.js'
import type { BackOffice, Strategy } from '../strategies/strategy.js'
import { startBackOffice } from './back-office.js'
import type { Context } from './context.js'
import { milliseconds } from './numbers.js'
import { strategyContext } from './shop.js'

/** A strategy that sells in this process. */
export interface InProcess {
  readonly transport: Transport
  /** Hears what becomes of accepted orders; null where purchases are decided at once. */
  readonly follower: OrderFollower | null
  /** What they come to; likewise. */
  readonly followed: Decisions | null
  /** Ends the back office; the transport is closed by whoever fires. */
  close(): Promise<void>
}

/** Who buys by what: `shop` is the connection of the purchases, `client` that of everything else. */
interface Selling {
  readonly client: RedisClient
  readonly shop?: RedisClient | undefined
  readonly sale: Sale
  readonly strategy: Strategy
  /** Orders decided at the same time, where they are. */
  readonly workers: number
}

/** Opens a strategy, with the queue and the back office that it needs. Errors: unsupported (no BullMQ), as those of connecting. */
export const openInProcess = async (context: Context, it: Selling): Promise<InProcess> => {
  const { client, shop = client, sale, strategy } = it
  const { DirectTransport } = await import('../load/transports/direct.js')
  if (strategy.backOffice) return openWithOffice(context, { ...it, shop, office: strategy.backOffice })
  const transport = new DirectTransport(await strategy.open(strategyContext(shop, sale)), monotonicUs)
  return { transport, follower: null, followed: null, close: async () => {} }
}

const openWithOffice = async (
  context: Context,
  { client, shop, sale, strategy, office, workers }: Selling & { shop: RedisClient; office: BackOffice },
): Promise<InProcess> => {
  const [{ DirectTransport }, { OrderFollower }, { Decisions }, { OrderQueues }, { readOrderState }] =
    await Promise.all([
      import('../load/transports/direct.js'),
      import('../load/order-follower.js'),
      import('../load/decisions.js'),
      import('../queue/orders.js'),
      import('../queue/order-state.js'),
    ])
  const followed = new Decisions()
  const follower = new OrderFollower({
    ...{ nowUs: monotonicUs, clock: systemClock, results: followed },
    look: async (ticket) => {
      const state = await readOrderState(client.redis, sale.keys, ticket).catch(() => null)
      return state === null || state === 'pending' || state === 'failed' ? null : state
    },
  })
  const givenUp = { orders: 0, reason: '' }
  const running = await startBackOffice(context, client.target, sale, workers, {
    onDecided: ({ ticket }, outcome) => follower.decided(ticket, outcome),
    onGivenUp: ({ ticket }, reason) => {
      givenUp.orders++
      givenUp.reason = reason
      follower.decided(ticket, null)
    },
  })
  const queues = new OrderQueues(shop.target)
  const close = async () => {
    await Promise.all([running.close(), queues.close()])
    if (givenUp.orders > 0)
      context.warn(say`${count(givenUp.orders, 'queued order')} given up; the last: ${givenUp.reason}`)
  }
  try {
    const own = strategyContext(shop, sale)
    const opened = await strategy.open({ ...own, queue: await queues.open(strategy.name, sale.keys) })
    const ticketOf = (shot: { user: string; quantity: number }) => office.ticket(shot, own.newToken)
    return { transport: new DirectTransport(opened, monotonicUs, ticketOf), follower, followed, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What the one order that was accepted came to; null where none was, or nobody hears of it. */
export const orderOf = (follower: InProcess['follower'] | undefined, followed: Followed | null) => {
  if (!followed || !follower || follower.latest === null) return null
  const { outcomes, decisionMs } = followed
  const outcome = (Object.keys(outcomes)[0] as Outcome | undefined) ?? null
  return { ticket: follower.latest, outcome, decidedMs: outcome === null ? null : decisionMs.max }
}

/** The same for people. */
export const orderLines = (order: ReturnType<typeof orderOf>, bold: (text: string) => string): string[] => {
  if (order === null) return []
  const { ticket, outcome, decidedMs } = order
  return [
    say`ticket  ${ticket}`,
    outcome === null
      ? say`decided not yet: seckill worker decides it`
      : say`decided ${bold(word(outcome))} after ${milliseconds(decidedMs ?? 0)}`,
  ]
}
