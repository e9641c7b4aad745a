import type { RedisClient } from '../redis/client.js'
import { LAYOUTS } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'

export type Status = Awaited<ReturnType<typeof readStatus>>

/** A sale in a few figures: the document of `status --json` and of the server's `GET /status`. */
export const readStatus = async ({ redis }: RedisClient, sale: Sale) => {
  const { readFinalState, recordedUnits } = await import('../store/snapshot.js')
  const state = await readFinalState(redis, sale.keys, LAYOUTS[sale.layout])
  const memory = async (key: string) => (await redis.call('MEMORY', 'USAGE', key).catch(() => null)) as number | null
  const [records] = state.records
  return {
    sale: sale.id,
    saleUuid: sale.uuid,
    layout: sale.layout,
    stock: { initial: sale.initial, remaining: state.remaining },
    sold: records ? recordedUnits(records) : null,
    buyers: records ? new Set(records.users).size : null,
    ttlSeconds: state.ttlSeconds,
    keys: {
      stock: { key: sale.keys.stock, type: LAYOUTS[sale.layout].stock, bytes: await memory(sale.keys.stock) },
      records: { key: sale.keys.records, type: LAYOUTS[sale.layout].records, bytes: await memory(sale.keys.records) },
    },
    problems: [state.stockProblem, state.recordsProblem].filter((problem) => problem !== null),
  }
}
