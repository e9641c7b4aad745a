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
 * Decides a job as its strategy does. Whatever goes wrong is thrown, for BullMQ to try again, as often as the job allows; a
 * Redis that cannot be reached does not count.
 */
export const decideJobs = (
  { DelayedError, UnrecoverableError }: Bullmq,
  context: StrategyContext,
  strategies: readonly Strategy[],
) => {
  const deciders = new Map(strategies.map(({ name, backOffice }) => [name, backOffice?.decider(context)]))
  return async (job: Job<OrderData>, token?: string): Promise<Outcome> => {
    const decide = deciders.get(job.name)
    if (decide === undefined) throw new UnrecoverableError(say`no strategy ${JSON.stringify(job.name)} decides later`)
    const { user, quantity, seeding } = job.data
    const { ticket } = ticketOfJob(job.id as string)
    try {
      return await decide({ ticket, user, quantity, ...(seeding === undefined ? {} : { seeding }) })
    } catch (error) {
      if (!(error instanceof RedisFailure) || error.kind !== 'not_sent') throw error
      await job.moveToDelayed(Date.now() + AGAIN_MS, token)
      throw new DelayedError()
    }
  }
}
