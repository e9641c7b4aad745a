import { RedisFailure } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { outcomeOfFailure } from './per-purchase.js'
import type { Order, OrderQueue, StrategyContext } from './strategy.js'

/** Where a context's orders go; an error of whoever opened a strategy with a back office without a queue. */
export const queueOf = ({ queue }: StrategyContext): OrderQueue => {
  if (queue === undefined) throw new Error('a strategy with a back office was opened without a queue')
  return queue
}

/** Hands an order over. A queue is written by commands of its own: what a failure means is decided here. */
export const enqueue = async (context: StrategyContext, order: Order, wroteBefore: boolean): Promise<Outcome> => {
  try {
    await queueOf(context).add(order)
    return 'queued'
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error
    return outcomeOfFailure(error, wroteBefore)
  }
}
