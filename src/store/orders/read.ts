import { say } from '../../language/say.js'
import type { RecordSource } from '../../sale/final-state.js'
import type { Places, RecordsPlace } from '../../sale/layout.js'
import { RecordList } from '../readers/records/decode.js'
import { csvTaker } from './csv.js'
import { ordersError } from './error.js'
import { jsonTaker, oneALine } from './ndjson.js'
import { RecordSplitter, type Taker } from './split.js'

/**
 * Reads orders as they come, CSV or NDJSON (told apart by the first character): user and units are the columns or members
 * that the place names, else those with a usual name; CSV without a header has the user first and the units second.
 * `name` stands in messages. Null where there is not a line: whether that means no order nobody can tell. Errors: orders,
 * with the line.
 */
export const readOrders = async (
  chunks: AsyncIterable<string>,
  place: RecordsPlace,
  places: Pick<Places, 'fold'>,
  name: string,
): Promise<RecordSource | null> => {
  const list = new RecordList(place, places)
  let splitter: RecordSplitter | null = null
  let take: Taker = () => {}
  let head = ''
  for await (const chunk of chunks) {
    head = splitter === null ? (head + chunk).replace(/^\ufeff/, '') : ''
    if (splitter === null && ['', '['].includes(head.trim())) continue
    if (splitter === null) {
      if (/^\s*\[\s*[{\]]/.test(head)) throw ordersError(name, 1, say`a JSON array`, oneALine())
      const json = head.trimStart().startsWith('{')
      splitter = new RecordSplitter(name, { quotes: !json })
      take = json ? jsonTaker(place, list, name) : csvTaker(place, list, name)
    }
    for (const record of splitter.push(head === '' ? chunk : head)) take(record)
  }
  if (splitter === null) return null
  for (const record of splitter.end()) take(record)
  return { ...list.source(), distinct: false }
}
