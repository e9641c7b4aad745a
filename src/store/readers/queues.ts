import { say } from '../../language/say.js'
import { RedisFailure, type RedisPort } from '../../redis/port.js'
import type { QueuePlace } from '../../sale/layout.js'
import { readQueueDepth } from '../queue-depth.js'

const SIZES = { list: 'LLEN', zset: 'ZCARD', set: 'SCARD' } as const

/** What still waits in a queue, in words; null where it is empty, absent too. */
export const waitingIn = async (redis: RedisPort, place: QueuePlace): Promise<string | null> => {
  const { key, type } = place
  try {
    if (type === 'stream') return await waitingInStream(redis, key)
    if (type === 'bullmq') return await waitingInJobs(redis, key)
    const size = Number(await redis.call(SIZES[type], key))
    return size === 0 ? null : say`${size} in ${key}`
  } catch (error) {
    if (error instanceof RedisFailure && error.prefix === 'WRONGTYPE') return say`queue ${key} is no ${type}`
    throw error
  }
}

/** Jobs that a worker has yet to finish; those that failed for good wait for nobody. */
const waitingInJobs = async (redis: RedisPort, key: string): Promise<string | null> => {
  const { waiting, active } = await readQueueDepth(redis, key)
  if (waiting + active === 0) return null
  return say`${waiting} waiting and ${active} active in ${key}`
}

/** Entries that some group has not read or not acknowledged; all of them where no group reads. */
const waitingInStream = async (redis: RedisPort, key: string): Promise<string | null> => {
  const size = Number(await redis.call('XLEN', key))
  if (size === 0) return null
  const groups = ((await redis.call('XINFO', 'GROUPS', key)) as readonly (readonly unknown[])[]).map(fieldsOf)
  if (groups.length === 0) return say`${size} in ${key}, which no consumer group reads`
  const last = fieldsOf((await redis.call('XINFO', 'STREAM', key)) as readonly unknown[]).get('last-generated-id')
  for (const group of groups) {
    const name = group.get('name')
    const pending = Number(group.get('pending'))
    if (pending > 0) return say`${pending} of ${key} read by group ${name} and not acknowledged`
    // Redis 7 counts the lag, unless entries were deleted; earlier ones do not.
    const lag = group.get('lag')
    const behind = typeof lag === 'number' ? lag > 0 : group.get('last-delivered-id') !== last
    if (behind) return say`${typeof lag === 'number' ? lag : say`some`} of ${key} not yet read by group ${name}`
  }
  return null
}

const fieldsOf = (flat: readonly unknown[]): Map<unknown, unknown> => {
  const fields = new Map<unknown, unknown>()
  for (let i = 0; i < flat.length; i += 2) fields.set(flat[i], flat[i + 1])
  return fields
}
