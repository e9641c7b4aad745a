import { say } from '../../../language/say.js'
import { command, type RedisPort } from '../../../redis/port.js'
import type { StockPlace } from '../../../sale/layout.js'
import { numbersLeft, partsLeft, type StockReader, spread, unreadable } from './reader.js'

const MAX_FIELDS = 1_000

const valuesOf = (redis: RedisPort, key: string, fields: readonly string[]): Promise<(string | null)[]> =>
  redis.call('HMGET', key, ...fields) as Promise<(string | null)[]>

const namesOf = (key: string, fields: readonly string[]): string[] =>
  fields.map((field) => say`field ${field} in ${key}`)

/** Units left in one field of a hash that may hold more about the goods. */
export const hashField: StockReader<Extract<StockPlace, { type: 'hash-field' }>> = {
  read: async (redis, { key, field }) =>
    numbersLeft(await valuesOf(redis, key, [field]), namesOf(key, [field]), ([value]) => value as number),
  clear: ({ key, field }) => [command('HDEL', key, field)],
  write: ({ key, field }, units) => [command('HSET', key, field, units)],
}

export const hashPair: StockReader<Extract<StockPlace, { type: 'hash-pair' }>> = {
  read: async (redis, { key, total, sold }) =>
    numbersLeft(
      await valuesOf(redis, key, [total, sold]),
      namesOf(key, [total, sold]),
      ([all, taken]) => (all as number) - (taken as number),
    ),
  clear: ({ key, total, sold }) => [command('HDEL', key, total, sold)],
  write: ({ key, total, sold }, units) => [command('HSET', key, total, units, sold, 0)],
}

/** Without named fields every field is units; one is written, called `0`. */
export const hashSum: StockReader<Extract<StockPlace, { type: 'hash-sum' }>> = {
  read: async (redis, { key, fields }) => {
    if (fields !== null) return partsLeft(await valuesOf(redis, key, fields), namesOf(key, fields))
    const size = Number(await redis.call('HLEN', key))
    if (size === 0) return unreadable(say`there is no hash at ${key}`)
    if (size > MAX_FIELDS)
      return unreadable(say`${key} has ${size} fields, too many to add up: name those that hold stock`)
    const flat = (await redis.call('HGETALL', key)) as string[]
    const found = flat.filter((_, i) => i % 2 === 0)
    return partsLeft(
      flat.filter((_, i) => i % 2 === 1),
      namesOf(key, found),
    )
  },
  clear: ({ key, fields }) => [fields === null ? command('UNLINK', key) : command('HDEL', key, ...fields)],
  write: ({ key, fields }, units) => {
    const names = fields ?? ['0']
    return [command('HSET', key, ...spread(units, names.length).flatMap((part, i) => [names[i] as string, part]))]
  },
}
