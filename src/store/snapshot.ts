import type { RedisPort } from '../redis/port.js'
import type { FinalState, RecordSource } from '../sale/final-state.js'
import type { SaleKeys } from '../sale/keys.js'
import { type Layout, redisTypeOf } from '../sale/layout.js'
import { readHashRecords } from './readers/hash.js'
import { readListRecords } from './readers/list.js'
import { readStock } from './readers/stock.js'

const TTL_NONE = -1

/**
 * Reads a sale as it stands. No command holds Redis for long: records come in pages. Not a point in time: let
 * the sale settle first (see settle).
 */
export const readFinalState = async (redis: RedisPort, keys: SaleKeys, layout: Layout): Promise<FinalState> => {
  const stock = await readStock(redis, keys.stock, layout.stock)
  const ttl = Number(await redis.call('TTL', keys.stock))
  const recordsType = (await redis.call('TYPE', keys.records)) as string
  const expected = redisTypeOf(layout.records)
  const wrong = recordsType !== 'none' && recordsType !== expected
  return {
    ...stock,
    records: wrong ? [] : [await readRecords(redis, keys.records, layout)],
    recordsProblem: wrong ? `records key ${keys.records} is a ${recordsType}, not a ${expected}` : null,
    ttlSeconds: ttl > TTL_NONE ? ttl : null,
  }
}

const readRecords = (redis: RedisPort, key: string, layout: Layout): Promise<RecordSource> =>
  layout.records === 'hash' ? readHashRecords(redis, key) : readListRecords(redis, key)

/** Sum of the recorded units, unreadable ones left out. */
export const recordedUnits = (source: RecordSource): number => {
  let units = 0
  for (let i = 0; i < source.users.length; i++) {
    const quantity = source.quantities[i] as number
    if (!Number.isNaN(quantity)) units += quantity
  }
  return units
}
