import type { RedisPort } from '../../redis/port.js'
import type { RecordSource } from '../../sale/final-state.js'

/** A page takes Redis about a millisecond. */
const PAGE = 2_000
const MAX_UNREADABLE = 20
const WHOLE = /^-?\d{1,15}$/

/** Records of a hash user → quantity, by HSCAN, which may show a field twice while the hash is being rehashed. */
export const readHashRecords = async (redis: RedisPort, key: string): Promise<RecordSource> => {
  let users: string[] = []
  let values: string[] = []
  const scan = (cursor: string) => redis.call('HSCAN', key, cursor, 'COUNT', PAGE) as Promise<[string, string[]]>
  for (let pending: Promise<[string, string[]]> | null = scan('0'); pending !== null; ) {
    const [next, page]: [string, string[]] = await pending
    // Redis looks for the next page while we take this one in.
    pending = next === '0' ? null : scan(next)
    for (let i = 0; i < page.length; i += 2) {
      users.push(page[i] as string)
      values.push(page[i + 1] as string)
    }
  }
  // As many as there are: none came twice, and a map of a million names can be spared.
  if (users.length !== (await redis.call('HLEN', key))) {
    const latest = new Map(users.map((user, i) => [user, values[i] as string]))
    users = [...latest.keys()]
    values = [...latest.values()]
  }
  return { key, type: 'hash', users, ...quantitiesOf(users, values) }
}

const quantitiesOf = (users: readonly string[], values: readonly string[]) => {
  const quantities = new Float64Array(values.length)
  const unreadable: { user: string; raw: string }[] = []
  values.forEach((raw, i) => {
    const whole = WHOLE.test(raw)
    quantities[i] = whole ? Number(raw) : Number.NaN
    if (!whole && unreadable.length < MAX_UNREADABLE)
      unreadable.push({ user: users[i] as string, raw: raw.slice(0, 80) })
  })
  return { quantities, unreadable }
}
