import type { Attempt } from '../history/attempt.js'
import type { AttemptTable } from '../history/attempt-table.js'
import { type Asked, AskedFrom } from '../history/repeat.js'
import type { RunMeta } from '../history/run.js'
import { Measures } from './measures.js'
import { OverTime } from './over-time.js'

/** What a run log tells of its load. */
export interface Remeasured {
  readonly measures: Measures
  readonly overTime: OverTime
  readonly asked: Asked
  /** Attempts by group of answers. */
  readonly groupSizes: ReadonlyMap<number, number>
}

/** Measures a run once more, from its log; one pass, in bounded memory. `into`: what several runs are counted and timed in. */
export const remeasure = (
  { header, footer, decisions }: RunMeta,
  batches: Iterable<AttemptTable>,
  into: Partial<Pick<Measures, 'tally' | 'latency'>> = {},
): Remeasured => {
  const hasPlan = (footer?.load?.model ?? 'closed') !== 'closed'
  const measures = new Measures(hasPlan, header.warmupMs ?? 0, into)
  const overTime = new OverTime()
  const asked = new AskedFrom()
  const groupSizes = new Map<number, number>()
  const won = (quantity: number, atUs: number) => {
    overTime.add('won', atUs)
    overTime.add('units', atUs, quantity)
  }
  for (const table of batches) {
    for (let row = 0; row < table.length; row++) {
      const attempt = attemptAt(table, row)
      const { outcome, quantity, group, sentAtUs, doneAtUs } = attempt
      measures.add(attempt)
      asked.add(table, row)
      groupSizes.set(group, (groupSizes.get(group) ?? 0) + 1)
      if (outcome === 'not_sent') continue
      overTime.add('sent', sentAtUs)
      overTime.add('answered', doneAtUs)
      if (outcome === 'sold') won(quantity, doneAtUs)
      const decision = decisions?.rowOf(table, row) ?? -1
      if (decisions === undefined || decision < 0) continue
      const decidedAtUs = decisions.decidedAtUs[decision] as number
      const came = decisions.outcomeAt(decision)
      measures.decide({ ...attempt, outcome: came, decidedAtUs })
      if (came === 'sold') won(quantity, decidedAtUs)
    }
  }
  return { measures, overTime, asked: asked.asked(), groupSizes }
}

const attemptAt = (table: AttemptTable, row: number): Attempt => ({
  userIndex: table.userIndex[row] as number,
  copy: table.copy[row] as number,
  quantity: table.quantity[row] as number,
  outcome: table.outcomeAt(row),
  status: table.status[row] as number,
  group: table.group[row] as number,
  intendedAtUs: table.intendedAtUs[row] as number,
  sentAtUs: table.sentAtUs(row),
  doneAtUs: table.doneAtUs(row),
  connectUs: table.connectUs[row] as number,
})
