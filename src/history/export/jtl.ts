import { userNamer } from '../../sale/usernames.js'
import { answerOf } from '../answer.js'
import type { AttemptTable } from '../attempt-table.js'
import type { RunHeader } from '../run.js'
import { csvCell, type Exporter, groupsById, startMsOf } from './rows.js'

/** JMeter's columns as it writes them by default, in its order. */
const JTL_COLUMNS = [
  ...['timeStamp', 'elapsed', 'label', 'responseCode', 'responseMessage', 'threadName', 'dataType', 'success'],
  ...['failureMessage', 'bytes', 'sentBytes', 'grpThreads', 'allThreads', 'URL', 'Latency', 'IdleTime', 'Connect'],
]

/** No answer of the shop about this purchase: failures in the eyes of a dashboard. */
const FAILED = ['throttled', 'error', 'unknown', 'not_sent']
const LONGEST_MESSAGE = 200

/**
 * A run as a JMeter results file. A sample begins when its connection does, or with its first byte on an open one;
 * `success` is a definite answer of the shop, be it that all is gone; `responseMessage` is the outcome. The log keeps neither the first
 * byte nor sizes: `Latency` is `elapsed`, `bytes` and `sentBytes` are 0.
 */
export const jtl: Exporter = function* (meta, batches) {
  const { header, groups } = meta
  const startMs = startMsOf(meta)
  const nameOf = userNamer(header.users)
  const byId = groupsById(groups)
  const label = csvCell(labelOf(header))
  const url = csvCell(/^https?:/.test(header.target) ? header.target : '')
  const { concurrency } = header
  yield `${JTL_COLUMNS.join(',')}\n`

  const line = (table: AttemptTable, row: number): string => {
    const outcome = table.outcomeAt(row)
    const connect = table.connectUs[row] as number
    // A connection made ahead, for a burst, is no part of the sample.
    const connectUs = connect <= (table.lagUs[row] as number) ? connect : 0
    const beganAtUs = table.sentAtUs(row) - connectUs
    const elapsedMs = Math.round((table.doneAtUs(row) - beganAtUs) / 1_000)
    const group = byId.get(table.group[row] as number)
    const failed = FAILED.includes(outcome)
    const told = answerOf(group?.sample ?? '').text.slice(0, LONGEST_MESSAGE)
    const status = table.status[row] || `Non HTTP response code: ${told || outcome}`
    return [
      Math.round(startMs + beganAtUs / 1_000),
      elapsedMs,
      label,
      csvCell(status),
      outcome,
      csvCell(`${nameOf(table.userIndex[row] as number)}-${table.copy[row]}`),
      'text',
      !failed,
      failed ? csvCell(told) : '',
      ...[0, 0, concurrency, concurrency, url, elapsedMs, 0, Math.round(connectUs / 1_000)],
    ].join(',')
  }
  for (const table of batches) {
    let text = ''
    for (let row = 0; row < table.length; row++) text += `${line(table, row)}\n`
    yield text
  }
}

/** The path of the target: a run is one sampler. */
const labelOf = ({ target }: RunHeader): string => (URL.canParse(target) ? new URL(target).pathname : target)
