import { type Fold, type Places, type RecordsPlace, type StockPlace, usualQuantity } from '../sale/layout.js'
import type { SaleFileInput } from './schema.js'

export type SaleInput = NonNullable<SaleFileInput['sale']>
type StockInput = NonNullable<SaleInput['stock']>
type RecordsInput = NonNullable<SaleInput['records']>[number]

/** What a description leaves open. */
export interface PlaceDefaults {
  readonly stock: string
  readonly records: string
  /** Units at the start: the capacity where none is given. */
  readonly initial: number
}

/** Members of `sale.stock` beside key, type and initial, each with the types that it belongs to. */
export const STOCK_MEMBERS = {
  capacity: ['string-up', 'none'],
  field: ['hash-field'],
  total: ['hash-pair'],
  sold: ['hash-pair'],
  fields: ['hash-sum'],
  keys: ['sum'],
} as const satisfies Partial<Record<keyof StockInput, readonly StockPlace['type'][]>>

/** What has to be there, by type. */
export const STOCK_NEEDS: Partial<Record<StockPlace['type'], readonly (keyof typeof STOCK_MEMBERS)[]>> = {
  'hash-field': ['field'],
  'hash-pair': ['total', 'sold'],
  sum: ['keys'],
}

/** Where records of a type lie: the member that names it. */
export const placeMember = (type: RecordsPlace['type']): 'key' | 'pattern' | 'path' | 'command' => {
  if (type === 'keys') return 'pattern'
  if (type === 'file') return 'path'
  return type === 'command' ? 'command' : 'key'
}

/** The places that a checked sale section describes; null where it names no type, so that what init wrote holds. */
export const placesOf = ({ stock, records, fold, queues }: SaleInput, defaults: PlaceDefaults): Places | null => {
  if (stock?.type === undefined && records === undefined) return null
  return {
    stock: stockPlace(stock ?? {}, defaults),
    records: (records ?? [{}]).map((place) => recordsPlace(place, defaults.records)),
    fold: foldsOf(fold),
    queues: queues ?? [],
  }
}

const stockPlace = (stock: StockInput, { stock: usualKey, initial }: PlaceDefaults): StockPlace => {
  const { type = 'list', key = usualKey, capacity = initial } = stock
  switch (type) {
    case 'string-up':
      return { type, key, capacity }
    case 'hash-field':
      return { type, key, field: stock.field as string }
    case 'hash-pair':
      return { type, key, total: stock.total as string, sold: stock.sold as string }
    case 'hash-sum':
      return { type, key, fields: stock.fields ?? null }
    case 'sum':
      return { type, keys: (stock.keys ?? []).flatMap(numbered) }
    case 'none':
      return { type, capacity }
    default:
      return { type, key }
  }
}

const RANGE = /\{(\d+)\.\.(\d+)\}/
const MAX_SHARDS = 1_000

/** `stock:{0..3}` → four keys; undefined where the range is none. */
export const numbered = (key: string): string[] => {
  const [range, from, to] = RANGE.exec(key) ?? []
  if (range === undefined) return [key]
  const count = Number(to) - Number(from) + 1
  if (count < 1 || count > MAX_SHARDS) return []
  return Array.from({ length: count }, (_, i) => key.replace(range, String(Number(from) + i)))
}

const recordsPlace = (place: RecordsInput, usualKey: string): RecordsPlace => {
  const { type = 'hash', user = null, quantity } = place
  return {
    type,
    key: place[placeMember(type)] ?? usualKey,
    user,
    quantity: quantity === undefined ? usualQuantity(type) : quantity === 1 ? null : quantity,
  }
}

export const foldsOf = (fold: SaleInput['fold']): readonly Fold[] => (typeof fold === 'string' ? [fold] : (fold ?? []))
