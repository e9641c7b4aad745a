import type { RedisPort } from '../redis/port.js'
import type { Clock } from '../sale/clock.js'
import type { SaleKeys } from '../sale/keys.js'
import { LAYOUT_NAMES, LAYOUTS, redisTypeOf, type SaleLayout } from '../sale/layout.js'
import type { Strategy } from '../strategies/strategy.js'
import { Refusal } from './refusal.js'

/** A sale as its meta declares it; without `keys` it lies under the server's own key names. */
export interface DeclaredSale {
  readonly layout: SaleLayout
  readonly limit: number
  readonly keys?: SaleKeys
}

/** Where and how to sell. */
export interface OpenSale {
  readonly keys: SaleKeys
  readonly limit: number
}

interface Reading extends OpenSale {
  readonly declared: SaleLayout | null
  readonly stockType: string
  readonly recordsType: string
  /** What {@link objectionTo} said, asked once per strategy. */
  readonly objections: Map<Strategy, Refusal | null>
}

export interface GuardOptions {
  readonly redis: RedisPort
  readonly clock: Clock
  /** Used where no meta names others. */
  readonly keys: SaleKeys
  readonly limit: number
  /** The sale's meta, or null without one. */
  readSale(): Promise<DeclaredSale | null>
}

const TRUST_MS = 1_000

/**
 * Checks that there is a sale that a strategy can sell from. A reading that says yes is trusted for a second; one that
 * says no is never kept, since `init` may have come in between.
 */
export class SaleGuard {
  readonly #options: GuardOptions
  #reading: Reading | null = null
  #trustedUntilMs = 0
  #underWay: Promise<Reading> | null = null

  constructor(options: GuardOptions) {
    this.#options = options
  }

  /** Resolves with the sale, or rejects with a {@link Refusal} (404, 409) or a RedisFailure. */
  async check(strategy: Strategy, quantity: number): Promise<OpenSale> {
    const known = this.#reading
    if (known && this.#options.clock.now() < this.#trustedUntilMs && welcomes(known, strategy, quantity)) return known
    // A reading that began before this request may say yes to it, but not no.
    const joined = await this.#underWay
    if (joined && welcomes(joined, strategy, quantity)) return joined
    const fresh = await (this.#underWay ?? this.#read())
    const objection = objectionOf(fresh, strategy)
    if (objection) throw objection
    return fresh
  }

  /** Makes the next check look again. */
  distrust(): void {
    this.#trustedUntilMs = 0
  }

  #read(): Promise<Reading> {
    this.#underWay = this.#readNow().finally(() => {
      this.#underWay = null
    })
    return this.#underWay
  }

  async #readNow(): Promise<Reading> {
    const { redis, clock, readSale } = this.#options
    const startedAtMs = clock.now()
    const declared = await readSale()
    const keys = declared?.keys ?? this.#options.keys
    const [stockType, recordsType] = await Promise.all([
      redis.call('TYPE', keys.stock),
      redis.call('TYPE', keys.records),
    ])
    this.#trustedUntilMs = startedAtMs + TRUST_MS
    this.#reading = {
      keys,
      limit: declared?.limit ?? this.#options.limit,
      declared: declared?.layout ?? null,
      stockType: String(stockType),
      recordsType: String(recordsType),
      objections: new Map(),
    }
    return this.#reading
  }
}

const welcomes = (reading: Reading, strategy: Strategy, quantity: number): boolean =>
  // A quantity above a limit that may have been raised since is worth another look.
  !(quantity > reading.limit) && objectionOf(reading, strategy) === null

const objectionOf = (reading: Reading, strategy: Strategy): Refusal | null => {
  let objection = reading.objections.get(strategy)
  if (objection === undefined) {
    objection = objectionTo(reading, strategy)
    reading.objections.set(strategy, objection)
  }
  return objection
}

/** Why a strategy cannot sell from what was read; null where it can. */
const objectionTo = ({ declared, keys, stockType, recordsType }: Reading, strategy: Strategy): Refusal | null => {
  const wanted = strategy.layout
  // The last unit of a list takes its key with it; a counter stays.
  const mayBeAbsent = declared !== null && declared !== 'custom' && LAYOUTS[declared].stock === 'list'
  if (stockType === 'none' && !mayBeAbsent) {
    return new Refusal(404, `no stock at key ${keys.stock}: run seckill init first`)
  }
  const fitting = LAYOUT_NAMES.filter(
    (name) => isOrAbsent(stockType, LAYOUTS[name].stock) && isOrAbsent(recordsType, LAYOUTS[name].records),
  )
  const found = declared ?? (fitting.includes(wanted) ? wanted : fitting[0])
  if (found !== undefined && found !== wanted) {
    return new Refusal(409, `this sale has layout ${found}, but ${strategy.name} sells from layout ${wanted}`)
  }
  if (fitting.includes(wanted)) return null
  const types = `${keys.stock} is a ${stockType}, ${keys.records} a ${recordsType}`
  return new Refusal(409, `${types}: this is no sale of layout ${wanted}, as ${strategy.name} needs`)
}

const isOrAbsent = (actual: string, expected: Parameters<typeof redisTypeOf>[0]): boolean =>
  actual === 'none' || actual === redisTypeOf(expected)
