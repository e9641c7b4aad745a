import type { Run } from '../history/run.js'
import type { RedisClient } from '../redis/client.js'
import { systemClock } from '../sale/clock.js'
import type { RecordsPlace } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import { quietAfterMs } from './audit-runs.js'
import type { Context } from './context.js'
import type { Looked } from './render-audit.js'

const GAP_MS = 250

/** Waits until a sale stands still, and reads it with all its records, those outside Redis too. */
export const settleSale = async (
  context: Context,
  { redis }: RedisClient,
  sale: Sale,
  runs: readonly Run[],
  maxMs: number,
): Promise<Looked> => {
  const [{ settle, lookAt }, { readFinalState }, { openOrders }] = await Promise.all([
    import('../store/settle.js'),
    import('../store/snapshot.js'),
    import('../store/orders/open.js'),
  ])
  const { cwd, env } = context.io
  const { places } = sale
  const outside = (place: RecordsPlace) => openOrders(place, places, { cwd, env, signal: context.interrupted })
  return settle(
    () => lookAt(redis, places),
    () => readFinalState(redis, places, outside),
    { clock: systemClock, maxMs, gapMs: GAP_MS, quietAfterMs: quietAfterMs(runs), signal: context.interrupted },
  )
}
