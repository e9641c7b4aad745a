import { command, type RedisPort } from '../../../redis/port.js'
import { traceKeys } from '../../../sale/keys.js'
import type { Sale } from '../../../sale/sale.js'
import { userNamer } from '../../../sale/usernames.js'
import { clearPlaces } from '../../../store/places.js'
import { readStock, stockReader } from '../../../store/readers/stock/index.js'
import { readFinalState } from '../../../store/snapshot.js'
import type { SaleControl } from './course.js'

export interface ControlOptions {
  /** Straight to Redis, past the gates. */
  readonly redis: RedisPort
  readonly sale: Sale
  /** The server is nobody else's: whatever the shop wrote may go. */
  readonly alone: boolean
  /** Of the users' names. */
  readonly seed: number
  /** Puts back what the shop keeps outside Redis. */
  readonly resetElsewhere?: () => Promise<void>
}

/** A sale that is seeded anew, in one transaction, before each execution. */
export const controlOf = ({ redis, sale, alone, seed, resetElsewhere }: ControlOptions): SaleControl => {
  const { places, keys } = sale
  const { fill, write } = stockReader(places.stock)
  const nameOf = userNamer({ kind: 'random', seed })
  let users = 0
  return {
    sale,
    reset: async (stock, written) => {
      const others = alone ? [...written] : []
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
    newUser: () => nameOf(users++),
  }
}
