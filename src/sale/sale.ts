import type { SaleKeys } from './keys.js'
import type { Places, SaleLayout } from './layout.js'

/** One flash sale in Redis, as `init` wrote it or as flags and the sale file describe it. */
export interface Sale {
  readonly id: string
  /** Ties run logs to this seeding of the sale; null for a sale that seckill did not seed. */
  readonly uuid: string | null
  /** The name of these places, where they have one. */
  readonly layout: SaleLayout
  readonly places: Places
  readonly keys: SaleKeys
  /** Units at the start. */
  readonly initial: number
  readonly perUser: PerUser
  /** Nobody stated how many units one user may hold: `perUser.units` is the default, by which nobody can be convicted. */
  readonly limitAssumed?: true
  /** Lifetime of the keys in seconds, or null where they stay. */
  readonly ttlSeconds: number | null
  /** When it may sell, where the sale file says so. */
  readonly window?: SaleWindow | undefined
  /** When `init` wrote it, ISO 8601; absent for a sale that seckill did not seed. */
  readonly seededAt?: string
}

/** Milliseconds since 1970; null where that end is open. */
export interface SaleWindow {
  readonly startMs: number | null
  readonly endMs: number | null
}

export interface PerUser {
  /** Records that one user may hold. */
  readonly orders: number
  /** Units that one user may hold. */
  readonly units: number
}

/** Units that one user can get: where an order's record stands for one unit, no more than orders. */
export const unitLimit = ({ places, perUser }: Pick<Sale, 'places' | 'perUser'>): number =>
  places.records.every(({ type, quantity }) => type !== 'hash-units' && quantity === null)
    ? Math.min(perUser.orders, perUser.units)
    : perUser.units

/** What one user may hold, as far as it was stated. */
export const statedLimit = ({ perUser, limitAssumed }: Sale): PerUser =>
  limitAssumed ? { ...perUser, units: Number.POSITIVE_INFINITY } : perUser

export const DEFAULT_SALE_ID = 'a'
export const DEFAULT_UNIT_LIMIT = 2

/** The flag that names the sale to another command; nothing where it is the default. */
export const ofSale = ({ id }: Pick<Sale, 'id'>): string => (id === DEFAULT_SALE_ID ? '' : ` --sale ${id}`)
