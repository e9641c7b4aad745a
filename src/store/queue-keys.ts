import { type Command, command, type RedisPort } from '../redis/port.js'

/** What BullMQ keeps beside the jobs themselves. */
const PARTS = [
  ...['wait', 'active', 'paused', 'delayed', 'prioritized', 'waiting-children', 'completed', 'failed'],
  ...['id', 'meta', 'events', 'stalled', 'stalled-check', 'limiter', 'repeat', 'pc', 'marker', 'de'],
] as const
const LISTS = ['wait', 'active', 'paused'] as const
const SETS = ['delayed', 'prioritized', 'waiting-children', 'completed', 'failed'] as const

/**
 * Every key of a queue that is there, `jobs` being what they begin with: each job is in one of its lists, so none has to be
 * searched for. Errors: as those of its commands.
 */
export const queueKeys = async (redis: RedisPort, jobs: string): Promise<string[]> => {
  const parts = PARTS.map((part) => `${jobs}:${part}`)
  const there = Number(await redis.call('EXISTS', ...parts))
  if (there === 0) return []
  const ids = await Promise.all([
    ...LISTS.map((part) => redis.lrange(`${jobs}:${part}`, 0, -1)),
    ...SETS.map((part) => redis.call('ZRANGE', `${jobs}:${part}`, 0, -1) as Promise<string[]>),
  ])
  const ofJobs = ids.flat().flatMap((id) => [`${jobs}:${id}`, `${jobs}:${id}:lock`, `${jobs}:${id}:logs`])
  return [...parts, ...new Set(ofJobs)]
}

/** Arguments of one command. */
const CHUNK = 5_000

/** Commands that take keys away, however many. */
export const unlinkAll = (keys: readonly string[]): Command[] =>
  Array.from({ length: Math.ceil(keys.length / CHUNK) }, (_, i) =>
    command('UNLINK', ...keys.slice(i * CHUNK, (i + 1) * CHUNK)),
  )
