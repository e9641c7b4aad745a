import type { DedicatedRedis, RedisPort } from '../redis/port.js'
import type { Clock } from '../sale/clock.js'
import type { InvariantId } from '../sale/invariant.js'
import type { SaleKeys } from '../sale/keys.js'
import type { LayoutName } from '../sale/layout.js'
import type { Outcome } from '../sale/outcome.js'
import type { Purchase } from '../sale/purchase.js'

/** What one process of a shop has at hand. */
export interface StrategyContext {
  /** The process's shared connection. */
  readonly redis: RedisPort
  dedicated(): Promise<DedicatedRedis>
  readonly keys: SaleKeys
  /** Units that one user may ask for. */
  readonly limit: number
  readonly clock: Clock
  /** Random hex text, for lock tokens. */
  newToken(): string
  /** Where accepted orders wait; only for a strategy with a back office. */
  readonly queue?: OrderQueue
}

/** An order that was accepted, and is decided later. */
export interface Order extends Purchase {
  /** Names the order: the same ticket twice is one order. */
  readonly ticket: string
  /** The seeding of the sale (its uuid) that the order belongs to, where whoever hands it over knows better than the queue. */
  readonly seeding?: string
}

/** Hands orders over to workers, at least once each. */
export interface OrderQueue {
  /** Resolves once the orders are safe there; rejects with a RedisFailure, and then some of several may be there. */
  add(...orders: readonly Order[]): Promise<void>
}

/**
 * Decides an order; called again for the same order where a worker died in the middle of it. An order of another seeding than
 * that of now is an `error`, and nothing is touched.
 */
export type Decide = (order: Order) => Promise<Outcome>

/** What happens to orders after their buyers were told "queued", in processes of its own. */
export interface BackOffice {
  /** The name that a purchase's order gets: of its user, or another one for each click. */
  ticket(purchase: Purchase, newToken: () => string): string
  /** A worker of this process. */
  decider(context: StrategyContext): Decide
  /** Units leave the stock at the door, and a claim says whose they are. */
  readonly reserves?: true
  /** Moves orders that a purchase left in Redis on to the queue, once; how many. */
  relay?(context: StrategyContext): Promise<number>
}

/** A purchase as a shop gets it: with the ticket, where the caller has to know it; the strategy makes one otherwise. */
export type Wish = Purchase & { readonly ticket?: string }

/** A strategy at work: one open instance is one process of a shop. */
export interface Shop {
  /** Resolves with what the buyer is told; rejects only with {@link StockMissing} or a bug. Redis trouble is an outcome. */
  buy(purchase: Wish): Promise<Outcome>
  close(): Promise<void>
}

/** What the race portfolio finds. */
export interface Breaks {
  /** In any interleaving. */
  readonly always: readonly InvariantId[]
  /** Further ones where a lock may expire while its holder works. */
  readonly ifLockExpires?: readonly InvariantId[]
  /** Further ones where several workers decide orders at the same time. */
  readonly withSeveralWorkers?: readonly InvariantId[]
  /** Further ones where a process may die between two commands. */
  readonly ifProcessDies?: readonly InvariantId[]
}

/** Purchase logic over a handful of Redis commands, and what it is known to break. */
export interface Strategy {
  readonly name: string
  /** The commands in order, in a few words. */
  readonly summary: string
  readonly layout: LayoutName
  readonly breaks: Breaks
  /** A command that not every server has. */
  readonly requires?: { readonly command: string; readonly servers: string }
  open(context: StrategyContext): Shop | Promise<Shop>
  /** Absent where purchases are decided at once. */
  readonly backOffice?: BackOffice
}

/** The stock key does not exist: there is no such sale (a counter that expired, a wrong key). Nothing was written. */
export class StockMissing extends Error {
  constructor(key: string) {
    super(`no stock at key ${key}`)
    this.name = 'StockMissing'
  }
}
