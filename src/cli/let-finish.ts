import type { StartedTarget } from '../load/start-command.js'
import type { RedisPort } from '../redis/port.js'
import { systemClock } from '../sale/clock.js'
import type { Sale } from '../sale/sale.js'
import { GAP_MS } from './audit-look.js'
import type { Context } from './context.js'

const LONGEST_MS = 30_000

/**
 * Gives a server that is to be stopped the time to work off what it accepted: what it would have recorded a moment later
 * would otherwise be lost by our hand. Ends at once where it has ended by itself; never rejects.
 */
export const letFinish = async (
  { interrupted }: Context,
  redis: RedisPort,
  sale: Sale,
  { exited }: StartedTarget,
): Promise<void> => {
  const { lookAt, untilIdle } = await import('../store/settle.js')
  const over = new AbortController()
  void exited.then(() => over.abort())
  const signal = AbortSignal.any([interrupted, over.signal])
  const idle = untilIdle(() => lookAt(redis, sale.places, sale.keys), {
    ...{ clock: systemClock, maxMs: LONGEST_MS, gapMs: GAP_MS, signal },
  })
  await idle.catch(() => {})
}
