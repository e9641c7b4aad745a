import type { RedisPort } from '../../redis/port.js'
import type { RecordSource } from '../../sale/final-state.js'

const PAGE = 1_000
const MAX_UNREADABLE = 20
const WHOLE = /^-?\d{1,15}$/

/** Records of a hash user → quantity, by HSCAN: it may show a field twice, so fields are gathered by name. */
export const readHashRecords = async (redis: RedisPort, key: string): Promise<RecordSource> => {
  const positions = new Map<string, number>()
  const users: string[] = []
  const quantities: number[] = []
  const unreadable: { user: string; raw: string }[] = []
  let cursor = '0'
  do {
    const [next, page] = (await redis.call('HSCAN', key, cursor, 'COUNT', PAGE)) as [string, string[]]
    for (let i = 0; i < page.length; i += 2) {
      const user = page[i] as string
      const raw = page[i + 1] as string
      let position = positions.get(user)
      if (position === undefined) {
        position = users.length
        positions.set(user, position)
        users.push(user)
        if (!WHOLE.test(raw) && unreadable.length < MAX_UNREADABLE) unreadable.push({ user, raw: raw.slice(0, 80) })
      }
      quantities[position] = WHOLE.test(raw) ? Number(raw) : Number.NaN
    }
    cursor = next
  } while (cursor !== '0')
  return { key, type: 'hash', users, quantities, unreadable }
}
