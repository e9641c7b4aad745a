import type { RedisPort } from '../../../redis/port.js'
import type { RecordSource } from '../../../sale/final-state.js'
import { holdsOneEach, type Places, type RecordsPlace, type RecordsType } from '../../../sale/layout.js'
import { decodeRecords } from './decode.js'
import { hashRecords, hashUnits } from './hash.js'
import { keyRecords } from './keys.js'
import { listRecords } from './list.js'
import { setRecords, zsetRecords } from './members.js'
import type { RecordsReader } from './reader.js'
import { streamRecords } from './stream.js'

const READERS: { readonly [T in Exclude<RecordsType, 'file' | 'command'>]: RecordsReader } = {
  hash: hashRecords,
  'hash-units': hashUnits,
  set: setRecords,
  zset: zsetRecords,
  list: listRecords,
  stream: streamRecords,
  keys: keyRecords,
}

/** The reader of a place in Redis; undefined for one outside it. */
export const recordsReader = ({ type }: RecordsPlace): RecordsReader | undefined =>
  type === 'file' || type === 'command' ? undefined : READERS[type]

/** Reads all records of a place. Not a point in time. */
export const readRecords = async (
  redis: RedisPort,
  reader: RecordsReader,
  place: RecordsPlace,
  places: Pick<Places, 'fold'>,
): Promise<RecordSource> => {
  let names: (string | null)[] = []
  let values: string[] = []
  const ids: string[] = []
  for await (const page of reader.pages(redis, place)) {
    for (let i = 0; i < page.names.length; i++) {
      names.push(page.names[i] as string | null)
      values.push(page.values[i] as string)
    }
    if (reader.scans && page.ids !== undefined) for (const id of page.ids) ids.push(id)
  }
  // As many as there are: none came twice, and a map of a million names can be spared.
  if (reader.scans && names.length !== (await reader.size?.(redis, place))) {
    const rowOf = new Map((ids.length > 0 ? ids : names).map((id, i) => [id, i]))
    const rows = [...rowOf.values()]
    names = rows.map((row) => names[row] as string | null)
    values = rows.map((row) => values[row] as string)
  }
  // Folding may make two names one.
  const distinct = holdsOneEach(place) && places.fold.length === 0
  return { ...decodeRecords(place, places, names, values), distinct }
}

/** The number of records of a place; null where no single command tells. */
export const countRecords = async (redis: RedisPort, place: RecordsPlace): Promise<number | null> =>
  (await recordsReader(place)?.size?.(redis, place)) ?? null

/** One user's record as it stands; null without one, or where it cannot be looked up. */
export const findRecord = async (redis: RedisPort, place: RecordsPlace, user: string): Promise<string | null> =>
  place.user === null ? ((await recordsReader(place)?.find?.(redis, place, user)) ?? null) : null
