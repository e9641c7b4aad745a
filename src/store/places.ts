import { type Command, command } from '../redis/port.js'
import { type Places, type RedisType, recordsKeys, redisTypeOf, stockKeys } from '../sale/layout.js'
import { stockReader } from './readers/stock/index.js'

/** Every key of a sale with a name of its own, and the type that it has there. Keys of single users are not among them. */
export const typedKeys = ({ stock, records }: Places): ReadonlyMap<string, RedisType> => {
  const keys = new Map<string, RedisType>()
  for (const key of stockKeys(stock)) keys.set(key, redisTypeOf(stock.type) as RedisType)
  for (const { key, type } of records) {
    const redisType = redisTypeOf(type)
    if (redisType !== null) keys.set(key, redisType)
  }
  return keys
}

/** Takes stock and records away; of a hash that holds more than stock, only the fields that are stock. */
export const clearPlaces = ({ stock, records }: Places): Command[] => {
  const keys = recordsKeys(records)
  return [...stockReader(stock).clear(stock), ...(keys.length > 0 ? [command('UNLINK', ...keys)] : [])]
}
