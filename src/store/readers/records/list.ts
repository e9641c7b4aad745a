import { type RecordsReader, sizeBy } from './reader.js'

const PAGE = 1_000

/** A list of users, or of JSON. Paged from the tail: LPUSH moves the head while we read. */
export const listRecords: RecordsReader = {
  scans: false,
  size: sizeBy('LLEN'),
  find: async (redis, { key }, user) => {
    const times = (await redis.call('LPOS', key, user, 'COUNT', 0)) as unknown[]
    return times.length === 0 ? null : String(times.length)
  },
  async *pages(redis, { key }) {
    const pageFrom = (seen: number) => redis.lrange(key, -seen - PAGE, -seen - 1)
    let pending = pageFrom(0)
    for (let seen = 0; ; ) {
      const page = (await pending).reverse()
      seen += page.length
      if (page.length === PAGE) pending = pageFrom(seen)
      pending.catch(() => {})
      yield { names: page, values: page }
      if (page.length < PAGE) return
    }
  },
}
