import { type Arg, command } from '../../../redis/port.js'
import type { StockPlace } from '../../../sale/layout.js'
import { left, type StockReader } from './reader.js'

type Collection = Extract<StockPlace, { type: 'list' | 'set' | 'zset' }>

/** A collection with one element a unit; absent, it has none. */
const collection = (
  size: string,
  add: string,
  element: (number: number) => readonly Arg[],
): StockReader<Collection> => ({
  read: async (redis, { key }) => left(Number(await redis.call(size, key))),
  clear: ({ key }) => [command('UNLINK', key)],
  fill: (key, from, count) => command(add, key, ...Array.from({ length: count }, (_, i) => element(from + i)).flat()),
})

/** Elements `1`, as the document has them. */
export const listStock = collection('LLEN', 'RPUSH', () => [1])
export const setStock = collection('SCARD', 'SADD', (number) => [number])
export const zsetStock = collection('ZCARD', 'ZADD', (number) => [number, number])
