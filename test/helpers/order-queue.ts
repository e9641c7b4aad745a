import type { Order, OrderQueue } from '../../src/strategies/strategy.js'

/** A queue as BullMQ is one, in memory: a ticket that came before is taken no second time. */
export class MemoryQueue implements OrderQueue {
  readonly #orders = new Map<string, Order>()

  async add(...orders: readonly Order[]): Promise<void> {
    for (const order of orders) if (!this.#orders.has(order.ticket)) this.#orders.set(order.ticket, order)
  }

  /** All that ever came, in that order. */
  get orders(): readonly Order[] {
    return [...this.#orders.values()]
  }
}
