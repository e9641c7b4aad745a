import type { RedisPort } from '../redis/port.js'
import type { FailedJob } from '../sale/final-state.js'

/** What a BullMQ queue holds, as its keys tell it. */
export interface QueueDepth {
  /** Jobs that no worker has taken yet, those that wait for their time and those of a paused queue among them. */
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly completed: number
  readonly failed: number
  /** Of those that failed, the latest; at most {@link MOST_NAMED}. */
  readonly failedJobs: readonly FailedJob[]
}

const MOST_NAMED = 20

/** Where jobs of BullMQ wait, and the command that counts them there. */
const WAITING = [
  ['LLEN', 'wait'],
  ['LLEN', 'paused'],
  ['ZCARD', 'prioritized'],
  ['ZCARD', 'waiting-children'],
] as const

/**
 * Reads a queue of BullMQ from its keys, `key` being what they begin with (`bull:orders`). Commands that only read, in no one
 * step: a job that moves meanwhile may be counted twice or not at all. An absent queue is an empty one.
 */
export const readQueueDepth = async (redis: RedisPort, key: string): Promise<QueueDepth> => {
  const size = async (command: 'LLEN' | 'ZCARD', part: string) => Number(await redis.call(command, `${key}:${part}`))
  const [waiting, active, delayed, completed, failed, ids] = await Promise.all([
    Promise.all(WAITING.map(([command, part]) => size(command, part))),
    size('LLEN', 'active'),
    size('ZCARD', 'delayed'),
    size('ZCARD', 'completed'),
    size('ZCARD', 'failed'),
    redis.call('ZREVRANGE', `${key}:failed`, 0, MOST_NAMED - 1) as Promise<string[]>,
  ])
  return {
    ...{ active, delayed, completed, failed },
    waiting: waiting.reduce((sum, each) => sum + each, delayed),
    failedJobs: await Promise.all(ids.map((id) => readFailedJob(redis, key, id))),
  }
}

const readFailedJob = async (redis: RedisPort, key: string, id: string): Promise<FailedJob> => {
  const [reason, data] = (await redis.call('HMGET', `${key}:${id}`, 'failedReason', 'data')) as (string | null)[]
  return { id, user: userIn(data ?? ''), reason: reason ?? '' }
}

/** What jobs call their buyer. */
const USER_MEMBERS = ['user', 'username', 'userId', 'user_id', 'uid'] as const

const userIn = (data: string): string | null => {
  try {
    const job = JSON.parse(data) as Record<string, unknown> | null
    const user = USER_MEMBERS.map((name) => job?.[name]).find((value) => value !== undefined && value !== null)
    return typeof user === 'string' || typeof user === 'number' ? String(user) : null
  } catch {
    return null
  }
}
