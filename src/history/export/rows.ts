import { userNamer } from '../../sale/usernames.js'
import type { AnswerGroup } from '../attempt.js'
import type { AttemptTable } from '../attempt-table.js'
import type { RunMeta } from '../run.js'

/** Writes a run: text in pieces, a chunk of attempts each, so that memory stays bounded. */
export type Exporter = (meta: RunMeta, batches: Iterable<AttemptTable>) => Iterable<string>

/** One attempt with everything that the log says of it. Times in µs since the start of the run. */
export interface ExportedAttempt {
  readonly user: string
  readonly index: number
  readonly copy: number
  readonly quantity: number
  readonly outcome: string
  readonly status: number
  readonly intendedAtUs: number
  readonly sentAtUs: number
  readonly doneAtUs: number
  readonly connectUs: number
  /** From intended to done, and from sent to done. */
  readonly responseUs: number
  readonly serviceUs: number
  /** What classified the answer; null where no rule did. */
  readonly rule: string | null
  /** Id of the group of its answer. */
  readonly group: number
  /** What a queued attempt came to, when, and how long after `intendedAtUs`; null where it was not queued, or is undecided. */
  readonly decision: string | null
  readonly decidedAtUs: number | null
  readonly decisionUs: number | null
}

export const COLUMNS = [
  ...['user', 'index', 'copy', 'quantity', 'outcome', 'status', 'intendedAtUs', 'sentAtUs', 'doneAtUs'],
  ...['connectUs', 'responseUs', 'serviceUs', 'rule', 'group', 'decision', 'decidedAtUs', 'decisionUs'],
] as readonly (keyof ExportedAttempt)[]

/** Reads rows of a table of the same run. */
export const rowReader = ({
  header,
  groups,
  decisions,
}: RunMeta): ((table: AttemptTable, row: number) => ExportedAttempt) => {
  const nameOf = userNamer(header.users)
  const byId = groupsById(groups)
  return (table, row) => {
    const index = table.userIndex[row] as number
    const group = table.group[row] as number
    const intendedAtUs = round(table.intendedAtUs[row] as number)
    const sentAtUs = round(table.sentAtUs(row))
    const doneAtUs = round(table.doneAtUs(row))
    const decision = decisions?.rowOf(table, row) ?? -1
    const decidedAtUs = decision < 0 ? null : round(decisions?.decidedAtUs[decision] as number)
    return {
      user: nameOf(index),
      index,
      copy: table.copy[row] as number,
      quantity: table.quantity[row] as number,
      outcome: table.outcomeAt(row),
      status: table.status[row] as number,
      intendedAtUs,
      sentAtUs,
      doneAtUs,
      connectUs: table.connectUs[row] as number,
      responseUs: round(doneAtUs - intendedAtUs),
      serviceUs: table.serviceUs[row] as number,
      rule: byId.get(group)?.rule ?? null,
      group,
      decision: decision < 0 ? null : (decisions?.outcomeAt(decision) ?? null),
      decidedAtUs,
      decisionUs: decidedAtUs === null ? null : decidedAtUs - intendedAtUs,
    }
  }
}

export const groupsById = (groups: readonly AnswerGroup[]): ReadonlyMap<number, AnswerGroup> =>
  new Map(groups.map((group) => [group.id, group]))

/** Whole microseconds: what is behind the point is noise. */
const round = (us: number): number => Math.round(us)

/**
 * The moment from which times are counted, ms since the epoch. A countdown may lie between the header and it, so that it is
 * told by the end where there is one.
 */
export const startMsOf = ({ header, footer }: RunMeta): number =>
  footer === null ? Date.parse(header.startedAt) : Math.round(Date.parse(footer.endedAt) - footer.elapsedMs)

/** A cell of CSV (RFC 4180). */
export const csvCell = (value: string | number | null): string => {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
