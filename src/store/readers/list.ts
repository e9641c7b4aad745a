import type { RedisPort } from '../../redis/port.js'
import type { RecordSource } from '../../sale/final-state.js'

const PAGE = 1_000

/** Records of a list of users, one unit each. Paged from the tail: LPUSH moves the head while we read. */
export const readListRecords = async (redis: RedisPort, key: string): Promise<RecordSource> => {
  const users: string[] = []
  for (;;) {
    const page = await redis.lrange(key, -users.length - PAGE, -users.length - 1)
    for (let i = page.length - 1; i >= 0; i--) users.push(page[i] as string)
    if (page.length < PAGE) break
  }
  return { key, type: 'list', users, quantities: new Uint8Array(users.length).fill(1), unreadable: [] }
}
