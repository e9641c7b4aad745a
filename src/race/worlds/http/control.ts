import { command, type RedisPort } from '../../../redis/port.js'
import { traceKeys } from '../../../sale/keys.js'
import type { Sale } from '../../../sale/sale.js'
import { clearPlaces } from '../../../store/places.js'
import { keyOfUser } from '../../../store/readers/records/keys.js'
import { scanPages } from '../../../store/readers/records/reader.js'
import { readStock, stockReader } from '../../../store/readers/stock/index.js'
import { readFinalState } from '../../../store/snapshot.js'
import type { SaleControl } from './course.js'
import type { Guests } from './guests.js'

export interface ControlOptions {
  /** Straight to Redis, past the gates. */
  readonly redis: RedisPort
  readonly sale: Sale
  /** The server is nobody else's: whatever the shop wrote may go. */
  readonly alone: boolean
  readonly guests: Guests
  /** Puts back what the shop keeps outside Redis. */
  readonly resetElsewhere?: () => Promise<void>
}

/** All keys of a server of our own. */
const keysIn = async (redis: RedisPort): Promise<Set<string>> => {
  const keys = new Set<string>()
  const scan = (cursor: string) => redis.call('SCAN', cursor, 'COUNT', 1_000) as Promise<[string, string[]]>
  for await (const page of scanPages(scan)) for (const key of page) keys.add(key)
  return keys
}

/** A sale that is seeded anew, in one transaction, before each execution. */
export const controlOf = ({ redis, sale, alone, guests, resetElsewhere }: ControlOptions): SaleControl => {
  const { places, keys } = sale
  const { fill, write } = stockReader(places.stock)
  const patterns = places.records.filter(({ type }) => type === 'keys').map(({ key }) => key)
  const written = new Set<string>()
  return {
    sale,
    reset: async (stock) => {
      const users = await guests.leave()
      const others = [
        ...(alone ? written : []),
        ...patterns.flatMap((pattern) => users.map((user) => keyOfUser(pattern, user))),
      ]
      await redis.transaction(
        ...clearPlaces(places),
        command('UNLINK', ...traceKeys(keys), ...others),
        ...(fill && stock > 0 ? [fill(keys.stock, 0, stock)] : []),
        ...(write?.(places.stock, stock) ?? []),
      )
      written.clear()
      await resetElsewhere?.()
    },
    wrote: (key) => void written.add(key),
    unseen: async (purchases) => {
      if (!alone) return purchases()
      const before = await keysIn(redis)
      const result = await purchases()
      for (const key of await keysIn(redis)) if (!before.has(key)) written.add(key)
      return result
    },
    readStock: async () => (await readStock(redis, places.stock)).remaining,
    readState: () => readFinalState(redis, places),
    newUser: () => guests.newUser(),
    secretsOf: (user) => guests.secretsOf(user),
  }
}
