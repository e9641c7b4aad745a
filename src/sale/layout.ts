interface KeyOf<T extends string> {
  readonly type: T
  readonly key: string
}

/** How the units for sale are kept. */
export type StockPlace =
  /** One element a unit. */
  | KeyOf<'list'>
  | KeyOf<'set'>
  | KeyOf<'zset'>
  /** Units left. */
  | KeyOf<'string-down'>
  /** Units taken so far, out of a fixed capacity; absent, none is. */
  | { readonly type: 'string-up'; readonly key: string; readonly capacity: number }
  | { readonly type: 'hash-field'; readonly key: string; readonly field: string }
  /** Two fields: units in all, units taken. */
  | { readonly type: 'hash-pair'; readonly key: string; readonly total: string; readonly sold: string }
  /** Units left, spread over fields; null: over all there are. */
  | { readonly type: 'hash-sum'; readonly key: string; readonly fields: readonly string[] | null }
  /** Units left, spread over several counters (sharded stock). */
  | { readonly type: 'sum'; readonly keys: readonly string[] }
  /** No key: as many records as there is room for. */
  | { readonly type: 'none'; readonly capacity: number }

export const STOCK_TYPES = [
  'list',
  'string-down',
  'string-up',
  'hash-field',
  'hash-pair',
  'hash-sum',
  'sum',
  'set',
  'zset',
  'none',
] as const satisfies readonly StockPlace['type'][]

export type StockType = (typeof STOCK_TYPES)[number]

/** How buyers are kept: `hash` is user → value, `hash-units` unit → user, `keys` one key a user; the last two lie outside Redis. */
export const RECORDS_TYPES = ['hash', 'hash-units', 'set', 'zset', 'list', 'stream', 'keys', 'file', 'command'] as const

export type RecordsType = (typeof RECORDS_TYPES)[number]

/** One place that records buyers. */
export interface RecordsPlace {
  readonly type: RecordsType
  /** The key; for `keys` a pattern with `{user}`, for `file` a path, for `command` a shell command. */
  readonly key: string
  /** Where a record holds its user: a JSON path, the field of a stream's entry, a column; null: it is the name itself. */
  readonly user: string | null
  /** Where a record holds its units: `value` (`score` in a zset), a JSON path, a field, a column; null: one unit each. */
  readonly quantity: string | null
}

export const FOLDS = ['lower', 'trim'] as const

/** What two spellings of a name may differ in and still be the same user. */
export type Fold = (typeof FOLDS)[number]

export const QUEUE_TYPES = ['list', 'zset', 'set', 'stream', 'bullmq'] as const

/** What holds orders that were accepted and are yet to be worked off. */
export interface QueuePlace {
  /** The key; of a queue of BullMQ what its keys begin with, such as `bull:orders`. */
  readonly key: string
  readonly type: (typeof QUEUE_TYPES)[number]
}

/** Where a sale lies and how it is read. */
export interface Places {
  readonly stock: StockPlace
  /** At least one. */
  readonly records: readonly RecordsPlace[]
  readonly fold: readonly Fold[]
  /** Empty once every accepted order is decided. */
  readonly queues: readonly QueuePlace[]
}

export const LAYOUT_NAMES = ['list', 'list-basic', 'counter'] as const

export type LayoutName = (typeof LAYOUT_NAMES)[number]

/** The document's layouts have names, and strategies that sell from them; any other is `custom`. */
export type SaleLayout = LayoutName | 'custom'

/** A preset, as far as types go; the key names are the sale's own. */
export interface Layout {
  readonly name: LayoutName
  readonly stock: 'list' | 'string-down'
  readonly records: 'hash' | 'list'
  readonly summary: string
}

export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  list: { name: 'list', stock: 'list', records: 'hash', summary: 'a list of units, a hash user → quantity' },
  'list-basic': { name: 'list-basic', stock: 'list', records: 'list', summary: 'a list of units, a list of users' },
  counter: { name: 'counter', stock: 'string-down', records: 'hash', summary: 'a counter, a hash user → quantity' },
}

/** What a record of a type is taken to say where nothing else is declared. */
export const usualQuantity = (type: RecordsType): string | null => (type === 'hash' ? 'value' : null)

/** The places of a preset under these keys. */
export const presetPlaces = (name: LayoutName, keys: { readonly stock: string; readonly records: string }): Places => {
  const { stock, records } = LAYOUTS[name]
  const place = { type: records, key: keys.records, user: null, quantity: usualQuantity(records) }
  return { stock: { type: stock, key: keys.stock }, records: [place], fold: [], queues: [] }
}

/** The preset that these places are, or `custom`. */
export const layoutOf = ({ stock, records }: Pick<Places, 'stock' | 'records'>): SaleLayout => {
  const [place] = records
  const plain = place?.user === null && place.quantity === usualQuantity(place.type)
  if (!plain || records.length > 1) return 'custom'
  const preset = Object.values(LAYOUTS).find((layout) => layout.stock === stock.type && layout.records === place.type)
  return preset?.name ?? 'custom'
}

/** The keys of a stock, in order; none where it has none. */
export const stockKeys = (stock: StockPlace): readonly string[] => {
  if (stock.type === 'none') return []
  return stock.type === 'sum' ? stock.keys : [stock.key]
}

/** The records that lie under a key of their own in Redis. */
export const recordsKeys = (records: readonly RecordsPlace[]): readonly string[] =>
  records.filter(({ type }) => redisTypeOf(type) !== null).map(({ key }) => key)

/** The Redis type (as TYPE answers it) of what lies in a place; null where that is not Redis. */
export const redisTypeOf = (type: StockType | RecordsType): RedisType | null => {
  if (type === 'none' || type === 'file' || type === 'command' || type === 'keys') return null
  if (type.startsWith('hash')) return 'hash'
  if (type.startsWith('string') || type === 'sum') return 'string'
  return type as RedisType
}

export type RedisType = 'string' | 'list' | 'hash' | 'set' | 'zset' | 'stream'

/** Whether a stock of this type can fall below zero at all. */
export const canBeNegative = (type: StockType): boolean => !['list', 'set', 'zset'].includes(type)

/** Whether a place cannot hold two records of one user: the second overwrites the first. */
export const holdsOneEach = ({ type, user }: RecordsPlace): boolean =>
  user === null && ['hash', 'set', 'zset', 'keys'].includes(type)

/** Folds a name: two that come out alike are one user. */
export const folder = (fold: readonly Fold[]): ((name: string) => string) => {
  const lower = fold.includes('lower')
  const trim = fold.includes('trim')
  return (name) => {
    const trimmed = trim ? name.trim() : name
    return lower ? trimmed.toLowerCase() : trimmed
  }
}
