import { usageError } from '../errors.js'
import { count, say } from '../language/say.js'

/** Users of a file, with what else it says of them; `columns[name][i]` belongs to `names[i]`. */
export interface UserTable {
  readonly names: readonly string[]
  readonly columns: Readonly<Record<string, readonly string[]>>
}

const USER_COLUMNS = ['user', 'username']
const COLUMN_NAME = /^[^{}\s]+$/

/**
 * Reads CSV (RFC 4180): the first line names the columns, one of them `user` or `username`; or a bare list, one name a line. `file` stands in
 * usage errors: a ragged row, a quote that stays open, a name that is missing or stands there twice, each with its line.
 */
export const parseUserTable = (text: string, file: string): UserTable => {
  const rows = csvRows(text, file)
  const { value: head } = rows.next() as { value: Row | undefined }
  if (head === undefined)
    throw usageError(say`${file} names no users`, say`write one name a line, or CSV with a column user`)
  const at = head.cells.findIndex((cell) => USER_COLUMNS.includes(cell.trim().toLowerCase()))
  if (at === -1 && head.cells.length > 1) {
    throw usageError(say`${file}:${head.line} names no column user or username`, say`its first line names the columns`)
  }
  const titles = at === -1 ? ['user'] : head.cells.map((cell) => cell.trim())
  checkTitles(titles, `${file}:${head.line}`)
  const columns = titles.map((): string[] => [])
  const lines = new Map<string, number>()
  const add = ({ cells, line }: Row) => {
    if (cells.length !== titles.length) {
      throw usageError(
        say`${file}:${line} has ${cells.length} of ${count(titles.length, 'column')}`,
        say`write as many cells as the first line names, in quotes where they hold a comma`,
      )
    }
    const name = cells[Math.max(0, at)]!
    if (name === '') throw usageError(say`${file}:${line} names no user`)
    const earlier = lines.get(name)
    if (earlier !== undefined) {
      throw usageError(
        say`${file}:${line} names ${JSON.stringify(name)}, as line ${earlier} does`,
        say`name each user once`,
      )
    }
    lines.set(name, line)
    for (const [i, cell] of cells.entries()) columns[i]!.push(cell)
  }
  if (at === -1) add(head)
  for (const row of rows) add(row)
  if (lines.size === 0) throw usageError(say`${file} names columns, but no users`)
  return {
    names: columns[Math.max(0, at)]!,
    columns: Object.fromEntries(titles.map((title, i) => [title, columns[i]!])),
  }
}

const checkTitles = (titles: readonly string[], place: string): void => {
  titles.forEach((title, i) => {
    if (!COLUMN_NAME.test(title))
      throw usageError(say`${place} names a column ${JSON.stringify(title)}`, say`use no spaces or braces`)
    if (titles.indexOf(title) !== i) throw usageError(say`${place} names column ${title} twice`)
  })
}

interface Row {
  readonly cells: readonly string[]
  /** Where it begins, from 1. */
  readonly line: number
}

// A cell, in quotes or bare, and what ends it.
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y

/** Empty lines are passed over. */
function* csvRows(source: string, file: string): Generator<Row> {
  const text = source.replace(/^\ufeff/, '')
  let cells: string[] = []
  let line = 1
  let start = 1
  for (let at = 0; at < text.length || cells.length > 0; at = CELL.lastIndex) {
    CELL.lastIndex = at
    const [matched, quoted, bare = '', end] = CELL.exec(text) ?? []
    if (matched === undefined)
      throw usageError(say`${file}:${line} has a quote out of place`, say`write "" for a quote in a cell`)
    cells.push(quoted?.replaceAll('""', '"') ?? bare)
    if (quoted !== undefined) line += quoted.split('\n').length - 1
    if (end === ',') continue
    if (cells.length > 1 || cells[0] !== '' || quoted !== undefined) yield { cells, line: start }
    cells = []
    start = ++line
  }
}
