import { COLUMNS, csvCell, type Exporter, rowReader } from './rows.js'

/** A JSON document a line, for each attempt. */
export const ndjson: Exporter = function* (meta, batches) {
  const read = rowReader(meta)
  for (const table of batches) {
    let text = ''
    for (let row = 0; row < table.length; row++) text += `${JSON.stringify(read(table, row))}\n`
    yield text
  }
}

/** The same columns as CSV, names first. */
export const csv: Exporter = function* (meta, batches) {
  const read = rowReader(meta)
  yield `${COLUMNS.join(',')}\n`
  for (const table of batches) {
    let text = ''
    for (let row = 0; row < table.length; row++) {
      const attempt = read(table, row)
      text += `${COLUMNS.map((name) => csvCell(attempt[name])).join(',')}\n`
    }
    yield text
  }
}
