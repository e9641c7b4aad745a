import { say } from '../../../language/say.js'
import { command, RedisFailure, type RedisPort } from '../../../redis/port.js'
import type { StockPlace } from '../../../sale/layout.js'
import { partsLeft, type StockReader, spread } from './reader.js'

/** One look at all shards; on a cluster, where they lie in several slots, one look at each. */
const valuesOf = async (redis: RedisPort, keys: readonly string[]): Promise<(string | null)[]> => {
  try {
    return (await redis.call('MGET', ...keys)) as (string | null)[]
  } catch (error) {
    if (!(error instanceof RedisFailure && error.prefix === 'CROSSSLOT')) throw error
    return Promise.all(keys.map((key) => redis.get(key)))
  }
}

/** Units left, sharded over several counters. */
export const shardedStock: StockReader<Extract<StockPlace, { type: 'sum' }>> = {
  read: async (redis, { keys }) =>
    partsLeft(
      await valuesOf(redis, keys),
      keys.map((key) => say`counter at ${key}`),
    ),
  clear: ({ keys }) => [command('UNLINK', ...keys)],
  write: ({ keys }, units) => spread(units, keys.length).map((part, i) => command('SET', keys[i] as string, part)),
}
