import { SeckillError } from '../errors.js'
import type { OutcomeRule } from '../history/outcome-rules.js'
import type { Run } from '../history/run.js'
import { folder } from '../sale/layout.js'
import { outcomeCode } from '../sale/outcome.js'
import type { Sale } from '../sale/sale.js'
import type { Context } from './context.js'
import { thousands } from './numbers.js'
import { runsFolder } from './runs.js'

/** The runs to judge; null for none at all, by wish. */
export const findRuns = async (context: Context, sale: Sale, wanted: string | undefined): Promise<Run[] | null> => {
  if (wanted === 'none') return null
  const [{ runsOfSale, belongs }, { readRunLog }] = await Promise.all([
    import('../history/runs-folder.js'),
    import('../history/run-log-reader.js'),
  ])
  if (wanted === undefined || wanted === 'latest') {
    const paths = runsOfSale(runsFolder(context), sale)
    return (wanted === 'latest' ? paths.slice(-1) : paths).map(readRunLog)
  }
  const { resolve } = await import('node:path')
  const run = readRunLog(resolve(context.io.cwd, wanted))
  if (belongs(run.header, sale)) return [run]
  const other = run.header.sale === sale.id ? `an earlier seeding of sale ${sale.id}` : `sale ${run.header.sale}`
  throw new SeckillError(
    'run_log',
    `${wanted} is a run of ${other}`,
    `audit that one, or fire a new run at sale ${sale.id}`,
  )
}

/** The runs as `--outcome` reads their answers, with a warning where what was kept of them does not decide. */
export const reclassified = async (
  context: Context,
  runs: Run[] | null,
  rules: readonly OutcomeRule[],
): Promise<Run[] | null> => {
  if (runs === null || rules.length === 0) return runs
  const { reclassify } = await import('../history/reclassify.js')
  const results = runs.map((run) => reclassify(run, rules))
  const undecided = results.reduce((sum, each) => sum + each.undecided, 0)
  if (undecided > 0) {
    context.warn(
      `${thousands(undecided)} answers count as unknown: these rules ask for what the run log does not keep of each answer; fire again with the same --outcome`,
    )
  }
  return results.map(({ run }) => run)
}

/** How many of all the runs that are to be judged are gone. */
export const countRemoved = async (context: Context, sale: Sale, wanted: string | undefined): Promise<number> => {
  if (wanted !== undefined) return 0
  const { removedRunsOf } = await import('../history/runs-folder.js')
  return removedRunsOf(runsFolder(context), sale)
}

/** The runs with names as the sale compares them; only given names can differ from that. */
export const folded = (runs: Run[] | null, { places }: Sale): Run[] | null => {
  if (runs === null || places.fold.length === 0) return runs
  const fold = folder(places.fold)
  return runs.map((run) => {
    const { users } = run.header
    if (users.kind !== 'given') return run
    return { ...run, header: { ...run.header, users: { ...users, names: users.names.map(fold) } } }
  })
}

/** Milliseconds until the last attempt without an answer has run into its timeout. */
export const quietAfterMs = (runs: readonly Run[]): number => {
  const unknown = outcomeCode('unknown')
  let last = 0
  for (const { header, attempts } of runs) {
    const startMs = Date.parse(header.startedAt)
    for (let row = 0; row < attempts.length; row++) {
      if (attempts.outcome[row] !== unknown) continue
      last = Math.max(last, startMs + attempts.sentAtUs(row) / 1_000 + header.timeoutMs)
    }
  }
  return Math.max(0, last - Date.now())
}
