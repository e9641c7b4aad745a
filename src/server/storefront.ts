import type { SaleKeys } from '../sale/keys.js'
import type { Outcome } from '../sale/outcome.js'
import type { Purchase } from '../sale/purchase.js'
import {
  type OrderQueue,
  type Shop,
  StockMissing,
  type Strategy,
  type StrategyContext,
  type Wish,
} from '../strategies/strategy.js'
import { Refusal } from './refusal.js'
import { type DeclaredSale, type OpenSale, SaleGuard } from './sale-guard.js'

export interface StorefrontOptions {
  /** Keys and limit are those for a sale without meta. */
  readonly context: StrategyContext
  readSale(): Promise<DeclaredSale | null>
  /** Where a strategy's orders of a sale go; asked only for those that hand orders over while the buyer waits. */
  queueFor(strategy: string, keys: SaleKeys): Promise<OrderQueue>
  /** Whether the Redis server has a command. */
  supports(command: string): Promise<boolean>
}

interface OpenShop {
  readonly sale: OpenSale
  readonly shop: Promise<Shop>
}

/** Every strategy's counter in this process: opened at its first purchase, closed at the end. */
export class Storefront {
  readonly #options: StorefrontOptions
  readonly #guard: SaleGuard
  readonly #open = new Map<Strategy, OpenShop>()
  /** Shops of a sale that was seeded anew since; purchases may still be under way in them. */
  readonly #retired: Promise<Shop>[] = []
  readonly #supported = new Set<string>()

  constructor(options: StorefrontOptions) {
    this.#options = options
    const { context, readSale } = options
    const { redis, clock, keys, limit } = context
    this.#guard = new SaleGuard({ redis, clock, keys, limit, readSale })
  }

  /** Resolves with the outcome; rejects with a {@link Refusal}, StockMissing, or a RedisFailure before anything was written. */
  async buy(strategy: Strategy, purchase: Wish): Promise<Outcome> {
    if (strategy.requires) await this.#require(strategy.name, strategy.requires)
    const sale = await this.#guard.check(strategy, purchase.quantity)
    const shop = await this.#shop(strategy, sale)
    try {
      const outcome = await shop.buy(purchase)
      if (outcome === 'error') this.#guard.distrust()
      return outcome
    } catch (error) {
      if (error instanceof StockMissing) this.#guard.distrust()
      throw error
    }
  }

  /** The ticket of a purchase that is decided later; undefined where it is decided at once. */
  ticketFor({ backOffice }: Strategy, purchase: Purchase): string | undefined {
    return backOffice?.ticket(purchase, this.#options.context.newToken)
  }

  async close(): Promise<void> {
    const shops = [...this.#retired, ...[...this.#open.values()].map(({ shop }) => shop)]
    this.#open.clear()
    await Promise.allSettled(shops.map(async (shop) => (await shop).close()))
  }

  #shop(strategy: Strategy, sale: OpenSale): Promise<Shop> {
    const open = this.#open.get(strategy)
    if (open && (open.sale === sale || sameSale(open.sale, sale))) return open.shop
    if (open) this.#retired.push(open.shop)
    const shop = this.#newShop(strategy, sale)
    this.#open.set(strategy, { sale, shop })
    shop.catch(() => this.#open.delete(strategy))
    return shop
  }

  async #newShop(strategy: Strategy, { keys, limit }: OpenSale): Promise<Shop> {
    const { context, queueFor } = this.#options
    const { backOffice } = strategy
    const handsOver = backOffice !== undefined && backOffice.relay === undefined
    const queue = handsOver ? { queue: await queueFor(strategy.name, keys) } : {}
    return strategy.open({ ...context, keys, limit, ...queue })
  }

  async #require(name: string, { command, servers }: NonNullable<Strategy['requires']>): Promise<void> {
    if (this.#supported.has(command)) return
    if (!(await this.#options.supports(command))) {
      throw new Refusal(501, `${name} needs the command ${command} (${servers}), which this Redis lacks`)
    }
    this.#supported.add(command)
  }
}

const sameSale = (a: OpenSale, b: OpenSale): boolean =>
  a.limit === b.limit && a.keys.stock === b.keys.stock && a.keys.records === b.keys.records
