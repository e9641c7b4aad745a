import { parseJsonPath, valueAt } from '../../history/json-path.js'
import { say } from '../../language/say.js'
import type { RecordsPlace } from '../../sale/layout.js'
import { parseExactly } from '../readers/exact-json.js'
import { isPath, type RecordList } from '../readers/records/decode.js'
import { type Columns, columnsHint, findColumns, unitsText } from './columns.js'
import { ordersError } from './error.js'
import type { Taker } from './split.js'

/**
 * Takes in records of NDJSON. All of them name their units or none does, and then each is for one. Throws errors of orders,
 * with the line.
 */
export const jsonTaker = (place: RecordsPlace, list: RecordList, name: string): Taker => {
  let columns: Columns<string> | undefined
  return ({ line, text }) => {
    const refusal = (message: string, hint?: string) => ordersError(name, line, message, hint)
    const order = parseObject(text)
    if (order === undefined) throw refusal(say`no JSON object: ${text.slice(0, 80)}`, oneALine())
    const here = columnsOf(order, place)
    columns ??= here
    if (columns === undefined) throw refusal(say`no user among ${Object.keys(order).join(say`, `)}`, columnsHint())
    const user = at(order, columns.user)
    if (user == null || user === '') throw refusal(say`no user at ${columns.user}: ${text.slice(0, 80)}`)
    if (columns.quantity === undefined && here?.quantity !== undefined)
      throw refusal(say`units at ${here.quantity}, where the lines before have none`)
    const units = columns.quantity === undefined ? null : at(order, columns.quantity)
    if (units === undefined || (units === null && columns.quantity !== undefined))
      throw refusal(say`no units at ${columns.quantity}, where the first line has some: ${text.slice(0, 80)}`)
    list.add(textOf(user), units === null ? null : unitsText(textOf(units)), text)
  }
}

/** What to do about JSON that is not NDJSON. */
export const oneALine = () => say`one object a line, please: jq -c '.[]' orders.json > orders.ndjson`

const columnsOf = (order: object, place: RecordsPlace): Columns<string> | undefined => {
  if (!isPath(place.user)) return findColumns(Object.keys(order), place)
  return { user: place.user, quantity: place.quantity ?? undefined }
}

const at = (order: object, where: string): unknown =>
  isPath(where) ? valueAt(order, parseJsonPath(where)?.path ?? []) : (order as Record<string, unknown>)[where]

const parseObject = (text: string): object | undefined => {
  try {
    const value = parseExactly(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '')
