import { SeckillError, systemCodeOf } from '../errors.js'
import { say } from '../language/say.js'

export type Bullmq = typeof import('bullmq')

/** The engine, which not everybody who sells has installed. Errors: unsupported. */
export const loadBullmq = async (): Promise<Bullmq> => {
  try {
    return await import('bullmq')
  } catch (error) {
    if (systemCodeOf(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new SeckillError(
      'unsupported',
      say`orders wait in a queue of BullMQ, which is not installed`,
      say`npm install bullmq@6`,
      error,
    )
  }
}

/** What BullMQ calls queue and prefix, of `jobs` in a sale's keys; all its keys begin with that. */
export const placeOf = (jobs: string) => {
  const colon = jobs.lastIndexOf(':')
  return {
    name: jobs.slice(colon + 1),
    // The version check would write its advice on the console.
    options: { prefix: jobs.slice(0, colon), skipVersionCheck: true },
  }
}

/** What a job holds; its id names the order, its name the strategy that decides. */
export interface OrderData {
  readonly user: string
  readonly quantity: number
  readonly seeding?: string
}

/** Failed and completed jobs stay: they are what an audit counts. */
export const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: false,
  removeOnFail: false,
} as const
