/** How the units for sale are kept: a list with an element per unit, or an integer string that counts down. */
export type StockType = 'list' | 'string-down'

/** How buyers are kept: a hash user → quantity, or a list of users with one unit each. */
export type RecordsType = 'hash' | 'list'

export const LAYOUT_NAMES = ['list', 'list-basic', 'counter'] as const

export type LayoutName = (typeof LAYOUT_NAMES)[number]

/** Where a sale lives, as far as types go; the key names are the sale's own. */
export interface Layout {
  readonly name: LayoutName
  readonly stock: StockType
  readonly records: RecordsType
  readonly summary: string
}

export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  list: { name: 'list', stock: 'list', records: 'hash', summary: 'a list of units, a hash user → quantity' },
  'list-basic': { name: 'list-basic', stock: 'list', records: 'list', summary: 'a list of units, a list of users' },
  counter: { name: 'counter', stock: 'string-down', records: 'hash', summary: 'a counter, a hash user → quantity' },
}

/** The Redis type (as TYPE answers it) of a stock or records key. */
export const redisTypeOf = (type: StockType | RecordsType): 'list' | 'hash' | 'string' =>
  type === 'string-down' ? 'string' : type

/** The layout with these types, or undefined where none has them. */
export const layoutOf = (stock: StockType, records: RecordsType): Layout | undefined =>
  Object.values(LAYOUTS).find((layout) => layout.stock === stock && layout.records === records)
