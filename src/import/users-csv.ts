import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { columnName } from './buyer.js'
import type { ImportedTable } from './import.js'

/** A file of users as seckill reads it. */
export interface UsersCsv {
  readonly text: string
  readonly users: number
  /** Rows that named a user again, and are left out. */
  readonly repeated: number
}

/** The rows of a plan's CSV file `name` as a file of users: a first line that names the columns, each user once. Errors: usage. */
export const usersCsv = (text: string, { data, user }: ImportedTable, name: string): UsersCsv => {
  const rows = rowsOf(text.replace(/^\ufeff/, ''), data.delimiter, data.quoted)
  const columns = data.columns ?? rows.shift() ?? []
  if (data.columns !== null && data.skipsFirst) rows.shift()
  const named = user !== null && columns.includes(user) ? user : columns[0]
  if (named === undefined || rows.length === 0)
    throw usageError(say`${name} names no users`, say`check filename of CSVDataSet`)
  const at = columns.indexOf(named)
  const seen = new Set<string>()
  const lines = [columns.map((column) => columnName(column, named))]
  for (const row of rows) {
    const who = row[at] ?? ''
    if (who === '' || seen.has(who)) continue
    seen.add(who)
    lines.push(columns.map((_, i) => row[i] ?? ''))
  }
  const written = lines.map((cells) => cells.map(cell).join(',')).join('\n')
  return { text: `${written}\n`, users: seen.size, repeated: rows.length - seen.size }
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Rows as JMeter reads them: quotes count only where the plan says so. */
const rowsOf = (text: string, delimiter: string, quoted: boolean): string[][] => {
  if (!quoted) return text.split(/\r?\n/).flatMap((line) => (line === '' ? [] : [line.split(delimiter)]))
  const rows: string[][] = []
  let row: string[] = []
  for (let at = 0; at <= text.length; ) {
    const { value, next } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter)
    row.push(value)
    if (text.startsWith(delimiter, next)) {
      at = next + delimiter.length
      continue
    }
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
    at = text.startsWith('\r\n', next) ? next + 2 : next + 1
  }
  return rows
}

const quotedCell = (text: string, at: number) => {
  let end = at + 1
  while (end < text.length && !(text[end] === '"' && text[end + 1] !== '"')) end += text[end] === '"' ? 2 : 1
  return { value: text.slice(at + 1, end).replaceAll('""', '"'), next: end + 1 }
}

const plainCell = (text: string, at: number, delimiter: string) => {
  let end = at
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r' && !text.startsWith(delimiter, end)) end++
  return { value: text.slice(at, end), next: end }
}
