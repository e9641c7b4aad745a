import { say } from '../language/say.js'
import type { RedisPort } from '../redis/port.js'
import { recordsKeys, stockKeys } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import { typedKeys } from './places.js'
import { readStock } from './readers/stock/index.js'

/** What lies under the keys that a seeding would overwrite. */
export interface Existing {
  /** Size of the stock: elements, units left, or the counter's value as it stands. */
  readonly stock: string | null
  /** Number of records. */
  readonly records: number | null
  /** Why these keys are not simply an earlier sale of ours; null where they are, or where there is nothing. */
  readonly foreign: string | null
}

/** Looks at the keys of a sale about to be seeded; `old` is what an earlier init left. */
export const readExisting = async (redis: RedisPort, sale: Sale, old: Sale | null): Promise<Existing> => {
  const found = new Map<string, string>()
  for (const key of typedKeys(sale.places).keys()) {
    const type = (await redis.call('TYPE', key)) as string
    if (type !== 'none') found.set(key, type)
  }
  const { stock, records } = sale.places
  return {
    stock: await stockSize(
      redis,
      sale,
      stockKeys(stock).filter((key) => found.has(key)),
      found,
    ),
    records: await recordsSize(
      redis,
      recordsKeys(records).filter((key) => found.has(key)),
      found,
    ),
    foreign: foreignReason(found, old),
  }
}

const foreignReason = (found: ReadonlyMap<string, string>, old: Sale | null): string | null => {
  if (found.size === 0) return null
  const what = [...found].map(([key, type]) => `${key} (${type})`).join(say` and `)
  if (!old) return say`${what} not written by seckill init`
  const ours = typedKeys(old.places)
  if ([...found.keys()].some((key) => !ours.has(key))) return say`${what} not part of the sale that init wrote before`
  const changed = [...found].some(([key, type]) => ours.get(key) !== type)
  return changed ? say`${what} of another type than init wrote` : null
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

const stockSize = async (
  redis: RedisPort,
  { places }: Sale,
  [first]: readonly string[],
  types: ReadonlyMap<string, string>,
): Promise<string | null> => {
  if (first === undefined) return null
  const { remaining } = await readStock(redis, places.stock)
  return remaining === null ? sizeOf(redis, first, types.get(first) as string) : String(remaining)
}

const recordsSize = async (
  redis: RedisPort,
  keys: readonly string[],
  types: ReadonlyMap<string, string>,
): Promise<number | null> => {
  if (keys.length === 0) return null
  const sizes = await Promise.all(keys.map(async (key) => Number(await sizeOf(redis, key, types.get(key) as string))))
  return sizes.reduce((sum, size) => sum + size, 0)
}
