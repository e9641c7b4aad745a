import { say } from '../../../language/say.js'
import { command } from '../../../redis/port.js'
import type { StockPlace } from '../../../sale/layout.js'
import { left, numbersLeft, type StockReader } from './reader.js'

/** Units left, as a decimal string; absent, it tells nothing. */
export const stringDown: StockReader<Extract<StockPlace, { type: 'string-down' }>> = {
  read: async (redis, { key }) =>
    numbersLeft([await redis.get(key)], [say`counter at ${key}`], ([value]) => value as number),
  clear: ({ key }) => [command('UNLINK', key)],
  write: ({ key }, units) => [command('SET', key, units)],
}

/** Units taken, as a decimal string: INCR begins with an absent key, so that until something is recorded none is taken. */
export const stringUp: StockReader<Extract<StockPlace, { type: 'string-up' }>> = {
  read: async (redis, { key, capacity }) => {
    const text = await redis.get(key)
    return text === null
      ? { ...left(capacity), unlessRecorded: say`there is no counter at ${key}, yet there are records` }
      : numbersLeft([text], [say`counter at ${key}`], ([taken]) => capacity - (taken as number))
  },
  clear: ({ key }) => [command('UNLINK', key)],
  write: ({ key, capacity }, units) => [command('SET', key, capacity - units)],
}
