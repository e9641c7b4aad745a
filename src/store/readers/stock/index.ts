import { say } from '../../../language/say.js'
import { RedisFailure, type RedisPort } from '../../../redis/port.js'
import { redisTypeOf, type StockPlace, type StockType, stockKeys } from '../../../sale/layout.js'
import { wrongTypeAt } from '../wrong-type.js'
import { listStock, setStock, zsetStock } from './collection.js'
import { hashField, hashPair, hashSum } from './hash.js'
import { noStock } from './none.js'
import { type StockReader, type StockReading, unreadable } from './reader.js'
import { stringDown, stringUp } from './string.js'
import { shardedStock } from './sum.js'

const READERS: { readonly [T in StockType]: StockReader<Extract<StockPlace, { type: T }>> } = {
  list: listStock,
  set: setStock,
  zset: zsetStock,
  'string-down': stringDown,
  'string-up': stringUp,
  'hash-field': hashField,
  'hash-pair': hashPair,
  'hash-sum': hashSum,
  sum: shardedStock,
  none: noStock,
}

export const stockReader = ({ type }: StockPlace): StockReader<StockPlace> => READERS[type] as StockReader<StockPlace>

/** Units left in a stock, or why they cannot be told. An absent list, set or sorted set is 0 units; an absent counter is unreadable. */
export const readStock = async (redis: RedisPort, place: StockPlace): Promise<StockReading> => {
  const reading = await stockReader(place)
    .read(redis, place)
    .catch((error: unknown): StockReading => {
      if (error instanceof RedisFailure && error.prefix === 'WRONGTYPE') return unreadable(error.message)
      throw error
    })
  if (reading.stockProblem === null) return reading
  for (const key of stockKeys(place)) {
    const wrong = await wrongTypeAt(redis, key, redisTypeOf(place.type))
    if (wrong !== null) return unreadable(say`stock key ${wrong}`)
  }
  return reading
}
