import { thousands } from '../language/numbers.js'
import { say } from '../language/say.js'
import type { RedisPort } from '../redis/port.js'
import type { SaleKeys } from '../sale/keys.js'
import { type QueueDepth, readQueueDepth } from './queue-depth.js'
import { wrongTypeAt } from './readers/wrong-type.js'

/** Where the orders of our own strategies are. */
export interface OwnQueue extends QueueDepth {
  /** Orders that no relay has moved on yet. */
  readonly unrelayed: number
  /** Workers that are connected; null where the server does not let its connections be listed, or is one of a cluster. */
  readonly workers: number | null
}

/** Reads stream and jobs of a sale, in no one step. Absent ones are empty. */
export const readOwnQueue = async (redis: RedisPort, { orders, jobs }: SaleKeys): Promise<OwnQueue> => {
  // First those that are still to come: an order on its way is counted twice sooner than not at all.
  const unrelayed = Number(await redis.call('XLEN', orders))
  const [depth, workers] = await Promise.all([readQueueDepth(redis, jobs), countWorkers(redis, jobs)])
  return { ...depth, unrelayed, workers }
}

/** What our own queue holds, at a look. */
export interface OwnWork {
  /** Orders on their way, in words; null where there are none. */
  readonly waiting: string | null
  /** Jobs that workers are done with. */
  readonly finished: number
}

/** Looks at the orders of a sale that are still on their way, from stream to worker. */
export const ownWork = async (redis: RedisPort, keys: SaleKeys): Promise<OwnWork> => {
  const noStream = await wrongTypeAt(redis, keys.orders, 'stream')
  const unrelayed = noStream === null ? Number(await redis.call('XLEN', keys.orders)) : 0
  const { waiting, active, completed, failed } = await readQueueDepth(redis, keys.jobs)
  const parts = [
    ...(noStream === null ? [] : [noStream]),
    ...(unrelayed > 0 ? [say`${thousands(unrelayed)} in ${keys.orders}, not yet relayed`] : []),
    ...(waiting + active > 0
      ? [say`${thousands(waiting)} waiting and ${thousands(active)} active in ${keys.jobs}`]
      : []),
  ]
  const isIdle = parts.length === 0
  if (!isIdle && (await countWorkers(redis, keys.jobs)) === 0) parts.push(say`no worker is connected: seckill worker`)
  return { waiting: isIdle ? null : parts.join(say`; `), finished: completed + failed }
}

/** BullMQ names the connection in which a worker waits after its queue. */
const countWorkers = async (redis: RedisPort, jobs: string): Promise<number | null> => {
  const colon = jobs.lastIndexOf(':')
  const name = `${jobs.slice(0, colon)}:${Buffer.from(jobs.slice(colon + 1)).toString('base64')}`
  const list = await redis.call('CLIENT', 'LIST').catch(() => null)
  // A worker waits at the server of its slot, and any of them may have been asked.
  const isCluster = String(await redis.call('INFO', 'cluster').catch(() => '')).includes('cluster_enabled:1')
  if (list === null || isCluster) return null
  return String(list)
    .split('\n')
    .filter((line) => line.split(' ').includes(`name=${name}`)).length
}
