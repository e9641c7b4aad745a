import type { Outcome } from '../../sale/outcome.js'
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
const FAILED: readonly Outcome[] = ['throttled', 'error', 'unknown', 'not_sent']
const LONGEST_MESSAGE = 200

interface Sample {
  /** Milliseconds since the epoch, and of its length. */
  readonly at: number
  readonly elapsed: number
  /** A cell. */
  readonly label: string
  readonly code: number | string
  readonly outcome: Outcome
  readonly thread: string
  /** What a failure said. */
  readonly told: string
  readonly url: string
  readonly connect: number
}

/**
 * A run as a JMeter results file. A sample begins when its connection does, or with its first byte on an open one;
 * `success` is a definite answer of the shop, be it that all is gone; `responseMessage` is the outcome. The log keeps neither the first
 * byte nor sizes: `Latency` is `elapsed`, `bytes` and `sentBytes` are 0.
 *
 * A queued attempt that was decided is a second sample as well, of a label of its own, from the planned send to the decision: JMeter
 * knows no sample with two times, and tells apart by label. One that is undecided has the first alone.
 */
export const jtl: Exporter = function* (meta, batches) {
  const { header, groups, decisions } = meta
  const startMs = startMsOf(meta)
  const nameOf = userNamer(header.users)
  const byId = groupsById(groups)
  const label = csvCell(labelOf(header))
  const decisionLabel = csvCell([labelOf(header), 'decision'].join(' '))
  const url = csvCell(/^https?:/.test(header.target) ? header.target : '')
  const line = lineOf(header)
  const threadOf = (table: AttemptTable, row: number) => `${nameOf(table.userIndex[row] as number)}-${table.copy[row]}`

  const sample = (table: AttemptTable, row: number): Sample => {
    const outcome = table.outcomeAt(row)
    const connect = table.connectUs[row] as number
    // A connection made ahead, for a burst, is no part of the sample.
    const connectUs = connect <= (table.lagUs[row] as number) ? connect : 0
    const beganAtUs = table.sentAtUs(row) - connectUs
    const told = answerOf(byId.get(table.group[row] as number)?.sample ?? '').text.slice(0, LONGEST_MESSAGE)
    return {
      ...{ at: startMs + beganAtUs / 1_000, elapsed: (table.doneAtUs(row) - beganAtUs) / 1_000, label, url },
      code: table.status[row] || `Non HTTP response code: ${told || outcome}`,
      ...{ outcome, thread: threadOf(table, row), told, connect: connectUs / 1_000 },
    }
  }
  const decision = (table: AttemptTable, row: number): Sample | null => {
    const found = decisions?.rowOf(table, row) ?? -1
    if (decisions === undefined || found < 0) return null
    const [dueUs, decidedAtUs] = [table.intendedAtUs[row] as number, decisions.decidedAtUs[found] as number]
    return {
      ...{ at: startMs + dueUs / 1_000, elapsed: (decidedAtUs - dueUs) / 1_000, label: decisionLabel },
      // The log keeps no status of polls, and a decision is no request.
      ...{ code: '', url: '', outcome: decisions.outcomeAt(found), thread: threadOf(table, row), told: '', connect: 0 },
    }
  }
  yield `${JTL_COLUMNS.join(',')}\n`
  for (const table of batches) {
    let text = ''
    for (let row = 0; row < table.length; row++) {
      text += line(sample(table, row))
      const decided = decision(table, row)
      if (decided !== null) text += line(decided)
    }
    yield text
  }
}

const lineOf =
  ({ concurrency }: RunHeader) =>
  ({ at, elapsed, label, code, outcome, thread, told, url, connect }: Sample): string => {
    const failed = FAILED.includes(outcome)
    const ms = Math.round(elapsed)
    const what = [label, csvCell(code), outcome, csvCell(thread), 'text', !failed, failed ? csvCell(told) : '']
    const load = [0, 0, concurrency, concurrency, url, ms, 0, Math.round(connect)]
    return `${[Math.round(at), ms, ...what, ...load].join(',')}\n`
  }

/** The path of the target: a run is one sampler. */
const labelOf = ({ target }: RunHeader): string => (URL.canParse(target) ? new URL(target).pathname : target)
