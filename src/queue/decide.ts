import type { Job } from 'bullmq'
import { say } from '../language/say.js'
import { RedisFailure } from '../redis/port.js'
import { ticketOfJob } from '../sale/order-job.js'
import type { Outcome } from '../sale/outcome.js'
import type { Strategy, StrategyContext } from '../strategies/strategy.js'
import type { Bullmq, OrderData } from './bullmq.js'

/** Until a job that found no Redis is looked at again. */
const AGAIN_MS = 500

/**
 * Decides a job as its strategy does; an order of another seeding than that of now is an `error`, and nothing is touched.
 * Whatever goes wrong is thrown, for BullMQ to try again, as often as the job allows; a Redis that cannot be reached does
 * not count.
 */
export const decideJobs =
  ({ DelayedError, UnrecoverableError }: Bullmq, context: StrategyContext, strategies: readonly Strategy[]) =>
  async (job: Job<OrderData>, token?: string): Promise<Outcome> => {
    const office = strategies.find(({ name }) => name === job.name)?.backOffice
    if (office === undefined) throw new UnrecoverableError(say`no strategy ${JSON.stringify(job.name)} decides later`)
    const { user, quantity, seeding } = job.data
    const { ticket } = ticketOfJob(job.id as string)
    try {
      if (seeding !== undefined && (await seedingOf(context)) !== seeding) return 'error'
      return await office.decide(context, { ticket, user, quantity, ...(seeding === undefined ? {} : { seeding }) })
    } catch (error) {
      if (!(error instanceof RedisFailure) || error.kind !== 'not_sent') throw error
      await job.moveToDelayed(Date.now() + AGAIN_MS, token)
      throw new DelayedError()
    }
  }

const seedingOf = ({ redis, keys }: StrategyContext): Promise<string | null> => redis.hget(keys.meta, 'uuid')
