import { type Execute, isWrite, RedisFailure, RedisPort } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { isQuantity } from '../sale/purchase.js'
import type { Shop, StrategyContext, Wish } from './strategy.js'

/** The steps of one purchase, over a port that remembers whether this purchase has written. */
export type Steps = (redis: RedisPort, purchase: Wish) => Promise<Outcome>

/** What a buyer may be told after a Redis failure: once something was written, nobody knows. */
export const outcomeOfFailure = (failure: RedisFailure, wroteBefore: boolean): Outcome => {
  if (wroteBefore || failure.kind === 'partial') return 'unknown'
  if (failure.kind === 'refused') return 'error'
  return failure.kind
}

/**
 * Runs the steps for one purchase and turns Redis failures into outcomes. A read whose reply was lost changed nothing, so
 * before the first write the outcome is `error`; a first write whose reply was lost is `unknown`.
 */
export const runSteps = async (execute: Execute, steps: Steps, purchase: Wish): Promise<Outcome> => {
  let wrote = false
  let writing = false
  const tracked = new RedisPort((unit) => {
    wrote ||= writing
    writing = isWrite(unit)
    return execute(unit)
  })
  try {
    return await steps(tracked, purchase)
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error
    if (!wrote && !writing && error.kind === 'unknown') return 'error'
    return outcomeOfFailure(error, wrote)
  }
}

/** A shop whose purchases are independent sequences of steps on the shared connection. */
export const shopOf = (context: StrategyContext, steps: Steps): Shop => ({
  buy: async (purchase) =>
    isQuantity(purchase.quantity, context.limit) ? runSteps(context.redis.execute, steps, purchase) : 'rejected',
  close: async () => {},
})
