import type { RedisPort } from '../redis/port.js'
import { LAYOUTS, redisTypeOf } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'

/** What lies under the keys that a seeding would overwrite. */
export interface Existing {
  /** Size of the stock key: elements, or the counter's value as it stands. */
  readonly stock: string | null
  /** Number of records. */
  readonly records: number | null
  /** Why these keys are not simply an earlier sale of ours; null where they are, or where there is nothing. */
  readonly foreign: string | null
}

/** Looks at the keys of a sale about to be seeded; `old` is what an earlier init left. */
export const readExisting = async (redis: RedisPort, sale: Sale, old: Sale | null): Promise<Existing> => {
  const { stock, records } = sale.keys
  const types = (await Promise.all([redis.call('TYPE', stock), redis.call('TYPE', records)])) as [string, string]
  return {
    stock: await sizeOf(redis, stock, types[0]),
    records: types[1] === 'none' ? null : Number(await sizeOf(redis, records, types[1])),
    foreign: foreignReason(sale, old, types),
  }
}

const foreignReason = (sale: Sale, old: Sale | null, [stockType, recordsType]: [string, string]): string | null => {
  const { stock, records } = sale.keys
  const present = [
    stockType === 'none' ? '' : `${stock} (${stockType})`,
    recordsType === 'none' ? '' : `${records} (${recordsType})`,
  ]
  const what = present.filter(Boolean).join(' and ')
  if (what === '') return null
  if (!old) return `${what} not written by seckill init`
  if ((stockType !== 'none' && old.keys.stock !== stock) || (recordsType !== 'none' && old.keys.records !== records)) {
    return `${what} not part of the sale that init wrote before`
  }
  const layout = LAYOUTS[old.layout]
  const changed =
    (stockType !== 'none' && stockType !== redisTypeOf(layout.stock)) ||
    (recordsType !== 'none' && recordsType !== redisTypeOf(layout.records))
  return changed ? `${what} of another type than init wrote` : null
}

const SIZE_COMMANDS: Readonly<Record<string, string>> = {
  string: 'GET',
  list: 'LLEN',
  hash: 'HLEN',
  set: 'SCARD',
  zset: 'ZCARD',
  stream: 'XLEN',
}

const sizeOf = async (redis: RedisPort, key: string, type: string): Promise<string | null> => {
  const size = SIZE_COMMANDS[type]
  return size === undefined ? null : String(await redis.call(size, key)).slice(0, 40)
}
