import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { type Places, stockKeys } from './layout.js'

/** The Redis keys of one sale. */
export interface SaleKeys {
  readonly stock: string
  readonly records: string
  readonly meta: string
  readonly lock: string
  /** Stream of orders that a purchase accepted and no relay has moved on yet. */
  readonly orders: string
  /** Hash user → quantity of the units that accepted orders have taken; stays behind the record. */
  readonly claims: string
  /** What the keys of the queue's jobs begin with, as BullMQ names them: `<jobs>:wait`, `<jobs>:<job id>`, … */
  readonly jobs: string
}

export interface KeyOptions {
  /** `goods_{a}` and `{a}_users`, which share a cluster slot, in place of `goods_a` and `a_users`. */
  readonly hashTag?: boolean | undefined
  readonly stockKey?: string | undefined
  readonly recordsKey?: string | undefined
}

const SALE_ID = /^[A-Za-z0-9_.-]{1,64}$/

/** Checks a sale id; it becomes part of key names, so braces and spaces are out. */
export const parseSaleId = (id: string): string => {
  if (SALE_ID.test(id)) return id
  throw usageError(
    say`sale id ${JSON.stringify(id)} is not usable`,
    say`use 1 to 64 of the characters A-Z a-z 0-9 _ . -`,
  )
}

/** Names of the keys that seckill makes beside stock and records, for whatever sale. */
const OWN_KEY = /^seckill:\{.+\}:(?:meta$|lock$|orders$|claims$|queue:|seeding:)/s

/** Whether a key is the meta of some sale. */
export const isMetaKey = (key: string): boolean => /^seckill:\{.+\}:meta$/s.test(key)

/** Checks a key for stock or records. */
export const parseKey = (key: string): string => {
  if (key === '') throw usageError(say`a key of stock or records is empty`, say`name one, or leave it out`)
  if (!OWN_KEY.test(key)) return key
  throw usageError(say`${key} is a key of seckill’s own`, say`name another for stock or records`)
}

/**
 * The key names of sale `id`; the defaults are those of the original document. No two are equal, nor equal to a key of our
 * own of any sale: a usage error otherwise.
 */
export const saleKeys = (id: string, options: KeyOptions = {}): SaleKeys => {
  const tagged = options.hashTag ? `{${id}}` : id
  const stock = parseKey(options.stockKey ?? `goods_${tagged}`)
  const records = parseKey(options.recordsKey ?? `${tagged}_users`)
  if (stock === records) throw usageError(say`stock and records cannot share the key ${stock}`, say`name two keys`)
  return { stock, records, ...keysBeside(id, stock) }
}

/** The keys of a sale that lies in these places: of several, the first stands for all. */
export const keysOf = (id: string, { stock, records }: Pick<Places, 'stock' | 'records'>): SaleKeys => {
  const first = records[0]?.key ?? ''
  const main = stockKeys(stock)[0] ?? first
  return { stock: main, records: first, ...keysBeside(id, main) }
}

/** What seckill keeps beside stock and records: all but the meta in the slot of the stock. */
const keysBeside = (id: string, stock: string): Omit<SaleKeys, 'stock' | 'records'> => {
  const own = `seckill:{${hashPart(stock)}}`
  return {
    meta: metaKey(id),
    lock: `${own}:lock`,
    orders: `${own}:orders`,
    claims: `${own}:claims`,
    jobs: `${own}:queue:orders`,
  }
}

/** What strategies leave beside stock and records while they work: nobody misses it once the sale is gone. */
export const traceKeys = ({ lock, orders, claims }: SaleKeys): readonly string[] => [lock, orders, claims]

export const metaKey = (id: string): string => `seckill:{${id}}:meta`

/** Where a stock grows before it takes its place in one step: in the same cluster slot, and another one for each seeding. */
export const seedingKey = (stockKey: string, token: string): string =>
  `seckill:{${hashPart(stockKey)}}:seeding:${token}`

/** The part of a key that decides its cluster slot: what stands in the first braces, else the whole key. */
const hashPart = (key: string): string => /^[^{]*\{([^}]+)\}/.exec(key)?.[1] ?? key

/** Whether keys are sure to lie in one cluster slot. */
export const keysShareSlot = (keys: readonly string[]): boolean => new Set(keys.map(hashPart)).size === 1
