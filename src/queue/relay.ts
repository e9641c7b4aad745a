import { messageOf } from '../errors.js'
import type { RedisPort } from '../redis/port.js'
import type { BackOffice, StrategyContext } from '../strategies/strategy.js'

const BLOCK_MS = 1_000
const AGAIN_MS = 200

export interface RelayOptions {
  /** Its Redis is one that nobody else uses: the relay waits in it. */
  readonly context: StrategyContext
  readonly relay: NonNullable<BackOffice['relay']>
  readonly signal: AbortSignal
  onMoved?(orders: number): void
  /** Told what is wrong, again and again while it is: Redis is gone, a key is of another type. */
  onTrouble(message: string): void
}

/** Moves orders on as they come, until `signal`. Several may run at once; whatever goes wrong is tried again. */
export const runRelay = async ({ context, relay, signal, onMoved, onTrouble }: RelayOptions): Promise<void> => {
  const { clock, redis, keys } = context
  while (!signal.aborted) {
    try {
      await untilOrders(redis, keys.orders)
      let moved: number
      do {
        moved = await relay(context)
        if (moved > 0) onMoved?.(moved)
      } while (moved > 0)
    } catch (error) {
      if (signal.aborted) return
      onTrouble(messageOf(error))
      await clock.sleep(AGAIN_MS, signal).catch(() => {})
    }
  }
}

/** Waits where the orders come in, a while at most. */
const untilOrders = (redis: RedisPort, orders: string): Promise<unknown> =>
  redis.call('XREAD', 'COUNT', 1, 'BLOCK', BLOCK_MS, 'STREAMS', orders, '0')
