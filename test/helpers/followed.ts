import { runFigures } from '../../src/cli/run-figures.js'
import { decided } from '../../src/history/decided.js'
import { DecisionTable } from '../../src/history/decision-table.js'
import type { Run } from '../../src/history/run.js'
import { remeasure } from '../../src/load/remeasure.js'
import { type RunSummary, summarise } from '../../src/report/summary.js'
import type { Outcome } from '../../src/sale/outcome.js'
import { type RunWish, runOf, type Told } from './history.js'

/** What users that were told "queued" came to; null: nothing more was heard. */
type Came = Readonly<Record<string, Outcome | null>>

/** A run in which these were told "queued", and decided 10 ms after they were due, one a millisecond; as its log has it. */
export const waited = (came: Came, wish?: RunWish): Run => {
  const run = runOf(
    Object.keys(came).map((user): Told => [user, 'queued']),
    wish,
  )
  const decisions = Object.values(came).flatMap((outcome, userIndex) =>
    outcome === null ? [] : [{ userIndex, copy: 0, outcome, decidedAtUs: userIndex * 1_000 + 10_000 }],
  )
  const header = { ...run.header, followed: true }
  return { ...run, header, decisions: DecisionTable.of(decisions) }
}

/** The same as its buyers knew it in the end. */
export const followed = (came: Came, wish?: RunWish): Run => decided(waited(came, wish))

/** What a report shows of a run that nobody judged. */
export const shownOf = (run: Run): RunSummary => {
  const meta = { ...run, attempts: run.attempts.length }
  return summarise(meta, runFigures({ meta, ...remeasure(meta, [run.attempts]) }), { audit: null, race: null })
}
