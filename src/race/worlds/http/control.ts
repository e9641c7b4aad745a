import { command, type RedisPort } from '../../../redis/port.js'
import { traceKeys } from '../../../sale/keys.js'
import type { Sale } from '../../../sale/sale.js'
import { clearPlaces } from '../../../store/places.js'
import { keyOfUser } from '../../../store/readers/records/keys.js'
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

/** A sale that is seeded anew, in one transaction, before each execution. */
export const controlOf = ({ redis, sale, alone, guests, resetElsewhere }: ControlOptions): SaleControl => {
  const { places, keys } = sale
  const { fill, write } = stockReader(places.stock)
  const patterns = places.records.filter(({ type }) => type === 'keys').map(({ key }) => key)
  return {
    sale,
    reset: async (stock, written) => {
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
      await resetElsewhere?.()
    },
    readStock: async () => (await readStock(redis, places.stock)).remaining,
    readState: () => readFinalState(redis, places),
    newUser: () => guests.newUser(),
    secretsOf: (user) => guests.secretsOf(user),
  }
}
