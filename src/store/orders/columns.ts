import { say } from '../../language/say.js'

const SEPARATORS = [',', ';', '\t'] as const

export type Separator = (typeof SEPARATORS)[number]

/** A cell in quotes or without, up to the separator or the end. */
const CELL: Readonly<Record<Separator, RegExp>> = {
  ',': /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y,
  ';': /(?:"((?:[^"]|"")*)"|([^";]*))(;|$)/y,
  '\t': /(?:"((?:[^"]|"")*)"|([^"\t]*))(\t|$)/y,
}

/** The cells of a CSV record (RFC 4180); undefined where quotes stand where none may. */
export const cellsOf = (text: string, separator: Separator): string[] | undefined => {
  if (!text.includes('"')) return text.split(separator)
  const cells: string[] = []
  const cell = CELL[separator]
  cell.lastIndex = 0
  for (;;) {
    const found = cell.exec(text)
    if (found === null) return undefined
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '') {
      cell.lastIndex = 0
      return cells
    }
  }
}

/** Every way to cut the first record that quotes allow, that into the most cells first. */
export const waysToCut = (text: string): { readonly separator: Separator; readonly cells: readonly string[] }[] =>
  SEPARATORS.flatMap((separator) => {
    const cells = cellsOf(text, separator)
    return cells === undefined ? [] : [{ separator, cells }]
  }).sort((a, b) => b.cells.length - a.cells.length)

const USER_NAMES = [
  ...[
    'user',
    'username',
    'userid',
    'userno',
    'uid',
    'buyer',
    'buyerid',
    'buyername',
    'buyerno',
    'account',
    'accountid',
  ],
  ...[
    'customer',
    'customerid',
    'customername',
    'customerno',
    'member',
    'memberid',
    'memberno',
    '用户',
    '用户id',
    '用户名',
  ],
  ...['姓名', '买家', '买家id', '会员', '会员id'],
]
const QUANTITY_NAMES = ['quantity', 'qty', 'units', 'count', 'num', 'purchase', 'amount', '数量', '购买数量', '件数']

/** `User ID` and `user_id` are the same name. */
const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

const find = (names: readonly string[], given: string | null, usual: readonly string[]): string | undefined => {
  if (given !== null) return names.find((name) => name === given)
  const byPlain = new Map(names.map((name) => [plain(name), name]))
  return byPlain.get(usual.find((name) => byPlain.has(name)) ?? '')
}

export interface Columns<Name> {
  readonly user: Name
  /** Undefined: each order is for one unit. */
  readonly quantity: Name | undefined
}

/** The names among `names` that hold user and units: as told, else by what they are usually called. */
export const findColumns = (
  names: readonly string[],
  told: { readonly user: string | null; readonly quantity: string | null },
): Columns<string> | undefined => {
  const user = find(names, told.user, USER_NAMES)
  const quantity = find(names, told.quantity, QUANTITY_NAMES)
  const missing = user === undefined || (told.quantity !== null && quantity === undefined)
  return missing ? undefined : { user, quantity }
}

/** Units as a table or a database writes them, such as ` 2 ` and `2.00`, without what says nothing. */
export const unitsText = (text: string): string => text.trim().replace(/^(-?\d+)\.0+$/, '$1')

/** What to do where user and units are not found. */
export const columnsHint = () =>
  say`name the columns as usual, such as user and quantity, or say which they are in the sale file: records: [ { type: file, path: orders.csv, user: COLUMN, quantity: COLUMN } ]`
