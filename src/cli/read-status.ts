import { say } from '../language/say.js'
import type { RedisClient } from '../redis/client.js'
import type { RecordSource } from '../sale/final-state.js'
import { stockKeys } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import { requireScannable } from './user-keys.js'

export type Status = Awaited<ReturnType<typeof readStatus>>

/** A sale in a few figures: the document of `status --json` and of the server's `GET /status`. */
export const readStatus = async (client: RedisClient, sale: Sale) => {
  const { redis } = client
  requireScannable(client, sale)
  const { waitingIn } = await import('../store/readers/queues.js')
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
    queues: await Promise.all(
      sale.places.queues.map(async (queue) => ({ ...queue, waiting: await waitingIn(redis, queue) })),
    ),
    orders: await ordersOf(client, sale),
    problems: [state.stockProblem, state.recordsProblem, ...state.records.map(unreadableIn)].filter(
      (problem) => problem !== null,
    ),
  }
}

/** What waits in the sale's own queue; null where nothing ever did and nobody works. */
const ordersOf = async ({ redis }: RedisClient, { keys }: Sale) => {
  const { readOwnQueue } = await import('../store/own-queue.js')
  const { failedJobs, ...figures } = await readOwnQueue(redis, keys)
  const idle = Object.values(figures).every((figure) => !figure)
  return idle ? null : { key: keys.jobs, ...figures, failedJobs }
}

const unreadableIn = ({ key, unreadable: [first], unreadableCount }: RecordSource): string | null =>
  first === undefined ? null : say`${unreadableCount} of ${key} cannot be read, such as "${first.raw}": ${first.why}`
