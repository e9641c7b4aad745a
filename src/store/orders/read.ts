import { parseJsonPath, valueAt } from '../../history/json-path.js'
import type { RecordSource } from '../../sale/final-state.js'
import type { Places, RecordsPlace } from '../../sale/layout.js'
import { parseExactly } from '../readers/exact-json.js'
import { isPath, RecordList } from '../readers/records/decode.js'
import { type Columns, cellsOf, findColumns } from './columns.js'
import { ordersError } from './error.js'
import { RecordSplitter, type TextRecord } from './split.js'

/** Takes in one record of orders. */
type Taker = (record: TextRecord) => void

/**
 * Reads orders as they come, CSV or NDJSON (told apart by the first character): user and units are the columns or members
 * that the place names, else those with a usual name; CSV without a header has the user first and the units second.
 * `name` stands in messages. Errors: orders, with the line.
 */
export const readOrders = async (
  chunks: AsyncIterable<string>,
  place: RecordsPlace,
  places: Pick<Places, 'fold'>,
  name: string,
): Promise<RecordSource> => {
  const list = new RecordList(place, places)
  let splitter: RecordSplitter | null = null
  let take: Taker = () => {}
  let head = ''
  for await (const chunk of chunks) {
    head = splitter === null ? (head + chunk).replace(/^\ufeff/, '') : ''
    if (splitter === null && head.trim() === '') continue
    if (splitter === null) {
      const json = head.trimStart().startsWith('{')
      splitter = new RecordSplitter(name, { quotes: !json })
      take = json ? jsonTaker(place, list, name) : csvTaker(place, list, name)
    }
    for (const record of splitter.push(head === '' ? chunk : head)) take(record)
  }
  for (const record of splitter?.end() ?? []) take(record)
  return { ...list.source(), distinct: false }
}

const jsonTaker = (place: RecordsPlace, list: RecordList, name: string): Taker => {
  let columns: Columns<string> | undefined
  const at = (order: object, where: string): unknown =>
    isPath(where) ? valueAt(order, parseJsonPath(where)?.path ?? []) : (order as Record<string, unknown>)[where]
  return ({ line, text }) => {
    const order = parseObject(text)
    if (order === undefined) throw ordersError(name, line, `no JSON object: ${text.slice(0, 80)}`)
    columns ??= columnsOfJson(order, place)
    if (columns === undefined) throw ordersError(name, line, `no user among ${Object.keys(order).join(', ')}`, HINT)
    const units = columns.quantity === undefined ? null : at(order, columns.quantity)
    list.add(textOf(at(order, columns.user)), units === null ? null : textOf(units), text)
  }
}

const columnsOfJson = (order: object, place: RecordsPlace): Columns<string> | undefined => {
  if (!isPath(place.user)) return findColumns(Object.keys(order), place)
  return { user: place.user, quantity: place.quantity ?? undefined }
}

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

const HINT = 'say which in the sale file: records: [ { type: file, path: orders.csv, user: COLUMN, quantity: COLUMN } ]'

const csvTaker = (place: RecordsPlace, list: RecordList, name: string): Taker => {
  let width: number | undefined
  let columns: Columns<number> = { user: 0, quantity: undefined }
  return ({ line, text }) => {
    const cells = cellsOf(text)
    if (cells === undefined) throw ordersError(name, line, `stray quotes: ${text.slice(0, 80)}`)
    if (width === undefined) {
      width = cells.length
      const header = findColumns(cells, place)
      if (header === undefined && place.user !== null) {
        throw ordersError(
          name,
          line,
          `no column ${place.user}${place.quantity === null ? '' : ` or no ${place.quantity}`} among ${cells.join(', ')}`,
          HINT,
        )
      }
      const quantity = header?.quantity === undefined ? undefined : cells.indexOf(header.quantity)
      columns = header
        ? { user: cells.indexOf(header.user), quantity }
        : { user: 0, quantity: width > 1 ? 1 : undefined }
      if (header) return
    }
    if (cells.length !== width) {
      throw ordersError(
        name,
        line,
        `${cells.length} columns, where the first line has ${width}`,
        'is a comma or a newline in a cell without quotes?',
      )
    }
    list.add(
      cells[columns.user] as string,
      columns.quantity === undefined ? null : (cells[columns.quantity] as string),
      text,
    )
  }
}
