import { MAX_BASELINE, type StartState } from '../history/run.js'
import type { RedisClient } from '../redis/client.js'
import type { RecordSource } from '../sale/final-state.js'
import type { RecordsPlace } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'

/**
 * Stock and records before the first attempt. A claim of our own queue counts as the record that it is going to be: an order
 * that still waits belongs to an earlier run.
 */
export const startState = async (client: RedisClient, sale: Sale): Promise<StartState> => {
  const { redis } = client
  const { countRecords, readRecords } = await import('../store/readers/records/index.js')
  const { hashRecords } = await import('../store/readers/records/hash.js')
  const { readStock } = await import('../store/readers/stock/index.js')
  const { readFinalState } = await import('../store/snapshot.js')
  const { readServerMark } = await import('../store/environment.js')
  const server = client.target.kind === 'cluster' ? null : await readServerMark(redis)
  const { places, keys } = sale
  const { remaining } = await readStock(redis, places.stock)
  const countIn = async (place: RecordsPlace) => (await countRecords(redis, place).catch(() => 0)) ?? 0
  const claimed: RecordsPlace = { type: 'hash', key: keys.claims, user: null, quantity: 'value' }
  const [claims, ...counts] = await Promise.all([claimed, ...places.records].map(countIn))
  const counted = Math.max(
    claims as number,
    counts.reduce((sum, count) => sum + count, 0),
  )
  if (counted > MAX_BASELINE) return { remaining, records: counted, users: null, server }
  const { records } = await readFinalState(redis, places)
  const sources =
    claims === 0 ? records : withClaims(records, keys.records, await readRecords(redis, hashRecords, claimed, places))
  const orders = sources.reduce((sum, { users }) => sum + users.length, 0)
  if (orders > MAX_BASELINE) return { remaining, records: orders, users: null, server }
  const users = [...new Set(sources.flatMap(({ users }) => users))]
  const units = Object.fromEntries(sources.map((source) => [source.key, unitsOf(source, users)]))
  return { remaining, records: orders, users, units, server }
}

type Holders = Pick<RecordSource, 'key' | 'users' | 'quantities'>

/** With those whose claims wait for a record, at the place where workers record. */
const withClaims = (records: readonly Holders[], key: string, claims: Holders): Holders[] =>
  records.map((source) => {
    if (source.key !== key) return source
    const recorded = new Set(source.users)
    const rows = claims.users.flatMap((user, i) => (recorded.has(user) ? [] : [i]))
    return {
      key,
      users: [...source.users, ...rows.map((i) => claims.users[i] as string)],
      quantities: [...Array.from(source.quantities), ...rows.map((i) => claims.quantities[i] as number)],
    }
  })

/** What one place records of each of these users; NaN where it cannot be read, which a run log keeps as null. */
const unitsOf = ({ users, quantities }: Holders, wanted: readonly string[]): number[] => {
  const units = new Map<string, number>()
  users.forEach((user, i) => void units.set(user, (units.get(user) ?? 0) + (quantities[i] as number)))
  return wanted.map((user) => units.get(user) ?? 0)
}
