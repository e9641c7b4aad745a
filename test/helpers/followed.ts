import { decided } from '../../src/history/decided.js'
import { DecisionTable } from '../../src/history/decision-table.js'
import type { Run } from '../../src/history/run.js'
import type { Outcome } from '../../src/sale/outcome.js'
import { type RunWish, runOf, type Told } from './history.js'

/** A run in which these were told "queued", and then that; null: nothing more was heard. */
export const followed = (came: Readonly<Record<string, Outcome | null>>, wish?: RunWish): Run => {
  const run = runOf(
    Object.keys(came).map((user): Told => [user, 'queued']),
    wish,
  )
  const decisions = Object.values(came).flatMap((outcome, userIndex) =>
    outcome === null ? [] : [{ userIndex, copy: 0, outcome, decidedAtUs: 9_000 }],
  )
  return decided({ ...run, decisions: DecisionTable.of(decisions) })
}
