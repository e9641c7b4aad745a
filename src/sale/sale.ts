import type { SaleKeys } from './keys.js'
import { LAYOUTS, type LayoutName } from './layout.js'

/** One flash sale in Redis, as `init` wrote it or as flags and the sale file describe it. */
export interface Sale {
  readonly id: string
  /** Ties run logs to this seeding of the sale; null for a sale that seckill did not seed. */
  readonly uuid: string | null
  readonly layout: LayoutName
  readonly keys: SaleKeys
  /** Units at the start. */
  readonly initial: number
  readonly perUser: PerUser
  /** Lifetime of the keys in seconds, or null where they stay. */
  readonly ttlSeconds: number | null
  /** When `init` wrote it, ISO 8601; absent for a sale that seckill did not seed. */
  readonly seededAt?: string
}

export interface PerUser {
  /** Records that one user may hold. */
  readonly orders: number
  /** Units that one user may hold. */
  readonly units: number
}

/** Units that one user can get: a list of users has room for one each, whatever the sale allows. */
export const unitLimit = ({ layout, perUser }: Pick<Sale, 'layout' | 'perUser'>): number =>
  LAYOUTS[layout].records === 'list' ? 1 : perUser.units

export const DEFAULT_SALE_ID = 'a'
export const DEFAULT_UNIT_LIMIT = 2
