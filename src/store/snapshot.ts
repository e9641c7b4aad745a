import { say } from '../language/say.js'
import type { RedisPort } from '../redis/port.js'
import type { FinalState, RecordSource } from '../sale/final-state.js'
import { type Places, type RecordsPlace, redisTypeOf, type StockPlace, stockKeys } from '../sale/layout.js'
import { maskSecrets } from '../sale/mask-secrets.js'
import { type OwnQueuePlace, readOrderBook } from './order-book.js'
import { readQueueDepth } from './queue-depth.js'
import { readRecords, recordsReader } from './readers/records/index.js'
import { readStock } from './readers/stock/index.js'
import { type StockReading, unreadable } from './readers/stock/reader.js'
import { wrongTypeAt } from './readers/wrong-type.js'

/** What belongs to a sale beside its places in Redis; absent, it is left out. */
export interface Beside {
  /** Reads records that do not lie in Redis; null where there was nothing. */
  readonly outside?: (place: RecordsPlace) => Promise<RecordSource | null>
  /** The queue of our own strategies. */
  readonly own?: OwnQueuePlace
}

/**
 * Reads a sale as it stands. No command holds Redis for long: records come in pages. Not a point in time: let
 * the sale settle first (see settle).
 */
export const readFinalState = async (
  redis: RedisPort,
  places: Places,
  { outside, own }: Beside = {},
): Promise<FinalState> => {
  const { stock } = places
  const [reading, ttlSeconds] = await Promise.all([readStock(redis, stock), lifetimeOf(redis, stock)])
  const records: RecordSource[] = []
  const problems: string[] = []
  for (const place of places.records) {
    const reader = recordsReader(place)
    const wrong = reader === undefined ? null : await wrongTypeAt(redis, place.key, redisTypeOf(place.type))
    if (wrong !== null) problems.push(say`records key ${wrong}`)
    else if (reader !== undefined) records.push(await readRecords(redis, reader, place, places))
    else if (outside !== undefined) {
      const source = await outside(place)
      if (source === null)
        problems.push(say`${maskSecrets(place.key)} gave not a line, not even a header: are there no orders?`)
      else records.push(source)
    }
  }
  return {
    ...(stock.type === 'none' && records[0]
      ? { remaining: roomLeft(stock.capacity, records[0]), stockProblem: null }
      : withRecords(reading, problems.length > 0 || records.some(({ users }) => users.length > 0))),
    records,
    recordsProblem: problems.length > 0 ? problems.join('; ') : null,
    ttlSeconds,
    ...(await failedJobsOf(redis, places, own)),
    ...(await ordersOf(redis, places, own)),
  }
}

/** Absent where no queue has jobs. */
const failedJobsOf = async (
  redis: RedisPort,
  { queues }: Places,
  own: OwnQueuePlace | undefined,
): Promise<Pick<FinalState, 'failedJobs'>> => {
  const declared = queues.filter(({ type }) => type === 'bullmq').map(({ key }) => key)
  const jobs = [...declared, ...(own === undefined ? [] : [own.keys.jobs])]
  if (jobs.length === 0) return {}
  const depths = await Promise.all(jobs.map((key) => readQueueDepth(redis, key)))
  return { failedJobs: depths.flatMap(({ failedJobs }) => failedJobs) }
}

const ordersOf = async (
  redis: RedisPort,
  places: Places,
  own: OwnQueuePlace | undefined,
): Promise<Pick<FinalState, 'orders'>> => {
  const orders = own === undefined ? null : await readOrderBook(redis, own, places)
  return orders === null ? {} : { orders }
}

const withRecords = (reading: StockReading, recorded: boolean): StockReading => {
  if (reading.remaining === null) return reading
  const { unlessRecorded, ...told } = reading
  return recorded && unlessRecorded !== undefined ? unreadable(unlessRecorded) : told
}

const TTL_NONE = -1

/** Seconds until the first key of a stock goes; null where none does. */
const lifetimeOf = async (redis: RedisPort, stock: StockPlace): Promise<number | null> => {
  const ttls = await Promise.all(stockKeys(stock).map(async (key) => Number(await redis.call('TTL', key))))
  const finite = ttls.filter((ttl) => ttl > TTL_NONE)
  return finite.length > 0 ? Math.min(...finite) : null
}

const roomLeft = (capacity: number, source: RecordSource): number => capacity - recordedUnits(source)

/** Places of records in Redis that are not there, though others hold some: one sentence each. */
export const missingRecords = ({ records }: FinalState): string[] => {
  const [full] = records.filter(({ users }) => users.length > 0)
  if (full === undefined) return []
  return records
    .filter(({ type, users }) => users.length === 0 && type !== 'file' && type !== 'command')
    .map(({ key }) => say`there is no key ${key}, while ${full.key} holds records: is that what the shop calls it?`)
}

/** Sum of the recorded units, unreadable ones left out. */
export const recordedUnits = (source: RecordSource): number => {
  let units = 0
  for (let i = 0; i < source.users.length; i++) {
    const quantity = source.quantities[i] as number
    if (!Number.isNaN(quantity)) units += quantity
  }
  return units
}
