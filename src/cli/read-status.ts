import type { RedisClient } from '../redis/client.js'
import { stockKeys } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'

export type Status = Awaited<ReturnType<typeof readStatus>>

/** A sale in a few figures: the document of `status --json` and of the server's `GET /status`. */
export const readStatus = async ({ redis }: RedisClient, sale: Sale) => {
  const { readFinalState, recordedUnits } = await import('../store/snapshot.js')
  const state = await readFinalState(redis, sale.places)
  const memory = async (key: string) => (await redis.call('MEMORY', 'USAGE', key).catch(() => null)) as number | null
  const [first] = sale.places.records
  const records = state.records.find(({ key }) => key === first?.key)
  const bytes = await Promise.all(stockKeys(sale.places.stock).map(memory))
  return {
    sale: sale.id,
    saleUuid: sale.uuid,
    layout: sale.layout,
    stock: { initial: sale.initial, remaining: state.remaining },
    sold: records ? recordedUnits(records) : null,
    buyers: records ? new Set(records.users).size : null,
    ttlSeconds: state.ttlSeconds,
    keys: {
      stock: {
        key: sale.keys.stock,
        type: sale.places.stock.type,
        bytes: bytes.includes(null) ? null : bytes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
      },
      records: { key: sale.keys.records, type: first?.type, bytes: await memory(sale.keys.records) },
    },
    records: state.records.map((source) => ({
      ...{ key: source.key, type: source.type, records: source.users.length, units: recordedUnits(source) },
      unreadable: source.unreadable,
    })),
    problems: [state.stockProblem, state.recordsProblem].filter((problem) => problem !== null),
  }
}
