import { SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import { command, type RedisPort } from '../redis/port.js'

/** What a shop finds in Redis of a user who is logged in: a hash of fields, or a string. */
export interface Session {
  readonly key: string
  readonly value: string | readonly (readonly [field: string, value: string])[]
}

const BATCH = 500

/**
 * Writes the sessions of users 0..users-1, each with a lifetime, and gives back what removes them. A key that is there already
 * is nobody's to replace: refused_overwrite, and what was written is removed. `signal` ends the writing early.
 */
export const writeSessions = async (
  redis: RedisPort,
  users: number,
  sessionOf: (userIndex: number) => Session,
  ttlSeconds: number,
  signal: AbortSignal,
): Promise<() => Promise<void>> => {
  let written = 0
  const remove = async () => {
    for (const batch of batches(written)) {
      await Promise.all(batch.map((userIndex) => removeSession(redis, sessionOf(userIndex))))
    }
  }
  try {
    for (const batch of batches(users)) {
      if (signal.aborted) throw new SeckillError('interrupted', say`interrupted after ${written} of ${users} sessions`)
      const sessions = batch.map(sessionOf)
      const there = await Promise.all(sessions.map(({ key }) => redis.call('EXISTS', key)))
      const taken = sessions[there.indexOf(1)]
      if (taken !== undefined) {
        throw new SeckillError(
          'refused_overwrite',
          say`the session key ${taken.key} exists already`,
          say`put something of this run into users.redis.key, such as {{token}} or {{uuid}}`,
        )
      }
      written += batch.length
      await Promise.all(sessions.map((session) => writeSession(redis, session, ttlSeconds)))
    }
  } catch (error) {
    // The first failure is the one to tell; what stays behind expires.
    await remove().catch(() => {})
    throw error
  }
  return remove
}

/** Writes one session, in place of what was there. */
export const writeSession = (redis: RedisPort, { key, value }: Session, ttlSeconds: number): Promise<unknown> =>
  redis.transaction(
    typeof value === 'string' ? command('SET', key, value) : command('HSET', key, ...value.flat()),
    command('EXPIRE', key, ttlSeconds),
  )

export const removeSession = (redis: RedisPort, { key }: Session): Promise<unknown> => redis.call('UNLINK', key)

function* batches(users: number): Generator<number[]> {
  for (let first = 0; first < users; first += BATCH) {
    yield Array.from({ length: Math.min(BATCH, users - first) }, (_, i) => first + i)
  }
}
