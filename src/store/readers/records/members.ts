import { evenOnes, oddOnes, type RecordsReader, scanPages, sizeBy } from './reader.js'

const PAGE = 1_000

/** A set of users. */
export const setRecords: RecordsReader = {
  scans: true,
  size: sizeBy('SCARD'),
  find: async (redis, { key }, user) => ((await redis.call('SISMEMBER', key, user)) === 1 ? user : null),
  async *pages(redis, { key }) {
    const scan = (cursor: string) => redis.call('SSCAN', key, cursor, 'COUNT', PAGE) as Promise<[string, string[]]>
    for await (const users of scanPages(scan)) yield { names: users, values: users }
  },
}

/** A sorted set of users; the score is their units where `quantity` says so. */
export const zsetRecords: RecordsReader = {
  scans: true,
  size: sizeBy('ZCARD'),
  find: (redis, { key }, user) => redis.call('ZSCORE', key, user) as Promise<string | null>,
  async *pages(redis, { key, quantity }) {
    const scan = (cursor: string) => redis.call('ZSCAN', key, cursor, 'COUNT', PAGE) as Promise<[string, string[]]>
    for await (const page of scanPages(scan)) {
      const users = evenOnes(page)
      yield { names: users, values: quantity === 'score' ? oddOnes(page) : users, ids: users }
    }
  },
}
