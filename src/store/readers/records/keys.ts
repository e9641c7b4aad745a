import type { RedisPort } from '../../../redis/port.js'
import { isPath } from './decode.js'
import type { RecordsReader } from './reader.js'
import { scanPages } from './reader.js'

const PAGE = 1_000
const USER = '{user}'

/** The key that a pattern gives a user. */
export const keyOfUser = (pattern: string, user: string): string => pattern.replace(USER, () => user)

/** What MATCH takes: the user is anything, all other characters stand for themselves. */
const matchOf = (pattern: string): string =>
  pattern
    .split(USER)
    .map((part) => part.replace(/[\\*?[\]]/g, '\\$&'))
    .join('*')

/** One key a user, found by SCAN: as long as the whole database takes, page by page. */
export const keyRecords: RecordsReader = {
  scans: true,
  find: (redis, place, user) => redis.get(keyOfUser(place.key, user)),
  async *pages(redis, { key: pattern, quantity }) {
    const [before, after] = pattern.split(USER) as [string, string]
    const match = matchOf(pattern)
    const scan = (cursor: string) =>
      redis.call('SCAN', cursor, 'MATCH', match, 'COUNT', PAGE) as Promise<[string, string[]]>
    for await (const keys of scanPages(scan)) {
      const users = keys.map((key) => key.slice(before.length, key.length - after.length))
      yield { names: users, values: await valuesOf(redis, keys, quantity), ids: keys }
    }
  },
}

/** What the keys hold: strings, or a field of the hash that each is. A value of another type reads as nothing. */
const valuesOf = async (redis: RedisPort, keys: string[], quantity: string | null): Promise<string[]> => {
  if (quantity === null || keys.length === 0) return keys
  if (quantity === 'value' || isPath(quantity)) {
    const values = (await redis.call('MGET', ...keys)) as (string | null)[]
    return values.map((value) => value ?? '')
  }
  const values = await Promise.all(keys.map((key) => redis.hget(key, quantity).catch(() => null)))
  return values.map((value) => value ?? '')
}

const BATCH = 1_000

/** Removes the keys that a pattern gives these users, and no other; the number removed. */
export const removeUserKeys = async (redis: RedisPort, pattern: string, users: readonly string[]): Promise<number> => {
  let removed = 0
  for (let i = 0; i < users.length; i += BATCH) {
    const keys = users.slice(i, i + BATCH).map((user) => keyOfUser(pattern, user))
    const replies = await Promise.all(keys.map((key) => redis.call('UNLINK', key)))
    removed += replies.reduce<number>((sum, reply) => sum + Number(reply), 0)
  }
  return removed
}
