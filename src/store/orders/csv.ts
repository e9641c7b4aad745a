import { say } from '../../language/say.js'
import type { RecordsPlace } from '../../sale/layout.js'
import { wholeNumber } from '../readers/raw.js'
import type { RecordList } from '../readers/records/decode.js'
import { type Columns, cellsOf, columnsHint, findColumns, type Separator, unitsText, waysToCut } from './columns.js'
import { ordersError } from './error.js'
import type { Taker, TextRecord } from './split.js'

/** How a table is to be read, as its first record shows. */
interface Format {
  readonly separator: Separator
  readonly width: number
  readonly columns: Columns<number>
  /** The first record names columns. */
  readonly isHeader: boolean
}

/** Takes in records of CSV, its cells separated by `,`, `;` or tabs. Throws errors of orders, with the line. */
export const csvTaker = (place: RecordsPlace, list: RecordList, name: string): Taker => {
  let format: Format | undefined
  return (record) => {
    const { line, text } = record
    const isFirst = format === undefined
    format ??= formatOf(record, place, name)
    const { separator, width, columns, isHeader } = format
    if (isFirst && isHeader) return
    const cells = cellsOf(text, separator)
    if (cells === undefined) throw strayQuotes(name, record)
    if (cells.length !== width) {
      const hint = say`is a separator or a newline in a cell without quotes?`
      throw ordersError(name, line, say`${cells.length} columns, where the first line has ${width}`, hint)
    }
    const user = cells[columns.user] as string
    if (user === '') throw ordersError(name, line, say`no user: ${text.slice(0, 80)}`)
    list.add(user, columns.quantity === undefined ? null : unitsText(cells[columns.quantity] as string), text)
  }
}

const formatOf = (first: TextRecord, place: RecordsPlace, name: string): Format => {
  const { line, text } = first
  if (text.includes('\0'))
    throw ordersError(name, line, say`not text, or UTF-16 without its mark`, say`save it as UTF-8`)
  const ways = waysToCut(text)
  const [widest] = ways
  if (widest === undefined) throw strayQuotes(name, first)
  for (const { separator, cells } of ways) {
    const header = findColumns(cells, place)
    if (header === undefined) continue
    const quantity = header.quantity === undefined ? undefined : cells.indexOf(header.quantity)
    const columns = { user: cells.indexOf(header.user), quantity }
    return { separator, width: cells.length, columns, isHeader: true }
  }
  const { separator, cells } = widest
  if (place.user !== null || place.quantity !== null) {
    const wanted = [place.user, place.quantity].filter((column) => column !== null).join(say` or no `)
    throw ordersError(name, line, say`no column ${wanted} among ${cells.join(say`, `)}`, columnsHint())
  }
  const isSure = ways.filter((way) => way.cells.length > 1).length <= 1
  if (!isSure || !isOrder(cells)) {
    const message = say`neither an order (user, units) nor a header with a known name of the user: ${text.slice(0, 80)}`
    throw ordersError(name, line, message, columnsHint())
  }
  const columns = { user: 0, quantity: cells.length > 1 ? 1 : undefined }
  return { separator, width: cells.length, columns, isHeader: false }
}

/** A user and whole units, or a user alone. */
const isOrder = ([user = '', units]: readonly string[]): boolean =>
  user.trim() !== '' && (units === undefined ? !user.includes('|') : !Number.isNaN(wholeNumber(unitsText(units))))

const strayQuotes = (name: string, { line, text }: TextRecord) =>
  ordersError(name, line, say`stray quotes: ${text.slice(0, 80)}`)
