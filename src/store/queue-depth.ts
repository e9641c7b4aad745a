import type { RedisPort } from '../redis/port.js'

/** A job that its workers gave up. */
export interface FailedJob {
  readonly id: string
  /** What it threw; empty where the job is gone. */
  readonly reason: string
}

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
    failedJobs: await Promise.all(
      ids.map(async (id) => ({ id, reason: String((await redis.call('HGET', `${key}:${id}`, 'failedReason')) ?? '') })),
    ),
  }
}
