import type { Job } from 'bullmq'
import { messageOf } from '../errors.js'
import { connectRedis, type RedisClient } from '../redis/client.js'
import { openConnection } from '../redis/connection.js'
import { troubleOf } from '../redis/failure.js'
import { RedisFailure } from '../redis/port.js'
import { describeRedis, type RedisTarget } from '../redis/target.js'
import { ticketOfJob } from '../sale/order-job.js'
import type { Outcome } from '../sale/outcome.js'
import type { Strategy, StrategyContext } from '../strategies/strategy.js'
import { loadBullmq, type OrderData, placeOf } from './bullmq.js'
import { decideJobs } from './decide.js'
import { OrderQueues } from './orders.js'
import { runRelay } from './relay.js'

/** An order whose fate is known. */
export interface DecidedOrder {
  readonly ticket: string
  readonly user: string
}

export interface BackOfficeOptions {
  readonly target: RedisTarget
  /** The sale: keys, limit, clock, tokens. Redis and queue are opened here. */
  readonly sale: Omit<StrategyContext, 'redis' | 'dedicated' | 'queue'>
  /** Those whose orders are decided, by their names in the jobs. */
  readonly strategies: readonly Strategy[]
  /** Orders that are decided at the same time. */
  readonly concurrency: number
  onDecided?(order: DecidedOrder, outcome: Outcome): void
  /** An order that was tried as often as it may be. */
  onGivenUp?(order: DecidedOrder, reason: string): void
  /** What is wrong, again and again while it is. */
  onTrouble?(message: string): void
}

export interface RunningBackOffice {
  /** Lets what is under way finish, as far as Redis answers, then frees everything. */
  close(): Promise<void>
}

/** A worker that was killed holds its jobs so long; then another one takes them, at its next look. */
const LOCK_MS = 3_000
const LOOK_MS = 1_000
/** A job is no worse for the workers that died of something else. */
const STALLS = 1_000
const DRAIN_MS = 5_000

/**
 * Opens relay and worker for a sale, on connections of their own. Rejects with a SeckillError: unsupported (no BullMQ), as
 * those of connecting. Afterwards a Redis that is gone is waited for.
 */
export const openBackOffice = async (options: BackOfficeOptions): Promise<RunningBackOffice> => {
  const { sale, strategies } = options
  const bullmq = await loadBullmq()
  const { forDecisions, forRelay, connection, queues } = await connectAll(options)
  const stop = new AbortController()
  const on = ({ redis, dedicated }: RedisClient): StrategyContext => ({ ...sale, redis, dedicated })
  const trouble = (error: unknown) => options.onTrouble?.(messageOf(error))

  const { name, options: place } = placeOf(sale.keys.jobs)
  const worker = new bullmq.Worker<OrderData, Outcome>(name, decideJobs(bullmq, on(forDecisions), strategies), {
    ...{ ...place, connection, concurrency: options.concurrency },
    ...{ lockDuration: LOCK_MS, stalledInterval: LOOK_MS, maxStalledCount: STALLS, runRetryDelay: LOOK_MS },
  })
  worker.on('error', trouble)
  worker.on('completed', (job, outcome) => options.onDecided?.(orderOf(job), outcome))
  worker.on('failed', (job, error) => {
    if (job?.finishedOn !== undefined) options.onGivenUp?.(orderOf(job), error.message)
  })
  const relays = strategies.map(async ({ name: strategy, backOffice }) => {
    if (backOffice?.relay === undefined) return
    const context = { ...on(forRelay), queue: await queues.open(strategy, sale.keys) }
    await runRelay({ context, relay: backOffice.relay, signal: stop.signal, onTrouble: trouble })
  })
  return {
    close: async () => {
      stop.abort()
      await forRelay.close()
      if (connection.status === 'ready') {
        const late = new AbortController()
        await Promise.race([worker.pause().catch(() => {}), sale.clock.sleep(DRAIN_MS, late.signal).catch(() => {})])
        late.abort()
      }
      // What did not finish by then is taken up by the next worker. Closed by force: BullMQ would wait for a Redis that is gone.
      await worker.close(true)
      connection.disconnect()
      await Promise.all([queues.close(), forDecisions.close()])
      await Promise.allSettled(relays)
    },
  }
}

const orderOf = ({ id, data }: Job<OrderData>): DecidedOrder => ({
  ticket: ticketOfJob(id as string).ticket,
  user: data.user,
})

/** All that a back office talks through; where one connection cannot be made, none stays. Errors: as those of connecting. */
const connectAll = async ({ target, sale, strategies }: BackOfficeOptions) => {
  const queues = new OrderQueues(target)
  const opened: { close(): Promise<void> }[] = [queues]
  const client = async () => {
    const made = await connectRedis(target)
    opened.push(made)
    return made
  }
  try {
    const [forDecisions, forRelay] = [await client(), await client()]
    // Here, where a failure is still told to whoever opens.
    for (const { name, backOffice } of strategies) if (backOffice?.relay) await queues.open(name, sale.keys)
    const connection = await openConnection(target, { reconnect: true, patient: true })
    return { forDecisions, forRelay, connection, queues }
  } catch (error) {
    await Promise.allSettled(opened.map((each) => each.close()))
    throw error instanceof RedisFailure ? troubleOf(error, describeRedis(target)) : error
  }
}
