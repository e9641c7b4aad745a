import type { RedisPort } from '../../../redis/port.js'
import type { RecordsPlace } from '../../../sale/layout.js'
import { evenOnes, oddOnes, type RecordsReader, scanPages, sizeBy } from './reader.js'

/** A page takes Redis well under a millisecond: bench/readers.mjs. */
const PAGE = 1_000

const pairs = (redis: RedisPort, { key }: RecordsPlace) =>
  scanPages((cursor) => redis.call('HSCAN', key, cursor, 'COUNT', PAGE) as Promise<[string, string[]]>)

/** A hash user → value. */
export const hashRecords: RecordsReader = {
  scans: true,
  size: sizeBy('HLEN'),
  find: (redis, { key }, user) => redis.hget(key, user),
  async *pages(redis, place) {
    for await (const page of pairs(redis, place)) yield { names: evenOnes(page), values: oddOnes(page) }
  },
}

/** A hash unit → user. */
export const hashUnits: RecordsReader = {
  scans: true,
  size: sizeBy('HLEN'),
  async *pages(redis, place) {
    for await (const page of pairs(redis, place)) {
      const users = oddOnes(page)
      yield { names: users, values: users, ids: evenOnes(page) }
    }
  },
}
