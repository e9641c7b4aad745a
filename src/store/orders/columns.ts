/** The cells of a CSV record (RFC 4180); undefined where quotes stand where none may. */
export const cellsOf = (text: string): string[] | undefined => {
  if (!text.includes('"')) return text.split(',')
  const cells: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y
  for (;;) {
    const found = cell.exec(text)
    if (found === null) return undefined
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '') return cells
  }
}

const USER_NAMES = [
  'user',
  'username',
  'userid',
  'uid',
  'buyer',
  'buyerid',
  'customer',
  'customerid',
  'member',
  'memberid',
]
const QUANTITY_NAMES = ['quantity', 'qty', 'units', 'count', 'num', 'purchase']

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
