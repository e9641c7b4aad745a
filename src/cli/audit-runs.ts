import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { SeckillError } from '../errors.js'
import type { OutcomeRule } from '../history/outcome-rules.js'
import type { Run } from '../history/run.js'
import { say } from '../language/say.js'
import { folder } from '../sale/layout.js'
import { outcomeCode } from '../sale/outcome.js'
import type { Sale } from '../sale/sale.js'
import { userNamer } from '../sale/usernames.js'
import type { Context } from './context.js'
import { thousands } from './numbers.js'
import { runsFolder } from './runs.js'

/** What buyers were told: the runs to judge, null for none at all, by wish. */
export interface Heard {
  readonly runs: Run[] | null
  /** Why attempts of this sale are missing from the runs; null where none are. */
  readonly gap: string | null
}

/** The runs that `--run` names of a sale, or all of them. Errors: run_log. */
export const findRuns = async (context: Context, sale: Sale, wanted: string | undefined): Promise<Heard> => {
  if (wanted === 'none') return { runs: null, gap: null }
  const [{ findRunLogs, removedRunsOf, runsOfSeeding }, { readRunLog }, { sinceSeeding }] = await Promise.all([
    import('../history/runs-folder.js'),
    import('../history/run-log-reader.js'),
    import('../history/since-seeding.js'),
  ])
  const folder = runsFolder(context)
  const found = findRunLogs(folder)
  const paths = runsOfSeeding(found, sale)
  if (wanted === undefined) {
    const runs = paths.map(readRunLog)
    const unreadable = found.filter(({ header }) => header === null).map(({ path }) => path)
    for (const path of unreadable)
      context.warn(
        say`${path} is not a run log, or it is cut in its first line; if it is no run of this sale, remove it`,
      )
    const removed = removedRunsOf(folder, sale)
    return {
      runs: sale.uuid === null ? sinceSeeding(runs, sale.initial) : runs,
      gap: gapOf(removed, unreadable.length),
    }
  }
  const run = wanted === 'latest' ? paths.slice(-1).map(readRunLog)[0] : await namedRun(context, sale, wanted)
  if (run === undefined) return { runs: [], gap: null }
  const others = found.filter(
    ({ path, header }) => paths.includes(path) && header?.runId !== run.header.runId && writtenSince(path, run),
  )
  return {
    runs: [run],
    gap:
      others.length === 0
        ? null
        : others.length === 1
          ? say`a run log of this sale went on beside or after this one and is not judged, so attempts are missing`
          : say`${others.length} run logs of this sale went on beside or after this one and are not judged, so attempts are missing`,
  }
}

const runLogs = (count: number): string => (count === 1 ? say`a run log` : say`${count} run logs`)

const gapOf = (removed: number, unreadable: number): string | null => {
  if (unreadable > 0) return say`${runLogs(unreadable)} cannot be read, so attempts may be missing`
  return removed === 0 ? null : say`${runLogs(removed)} of this sale made room for newer ones, so attempts are missing`
}

/** Whether another log was still being written once a run had begun. */
const writtenSince = (path: string, { header }: Run): boolean => statSync(path).mtimeMs > Date.parse(header.startedAt)

const namedRun = async (context: Context, sale: Sale, file: string): Promise<Run> => {
  const [{ belongs }, { readRunLog }] = await Promise.all([
    import('../history/runs-folder.js'),
    import('../history/run-log-reader.js'),
  ])
  const run = readRunLog(resolve(context.io.cwd, file))
  const { header } = run
  if (belongs(header, sale)) return run
  if (header.sale === sale.id && header.saleUuid === null) {
    context.warn(say`${file} was fired without Redis: it is taken for a run of this seeding`)
    return run
  }
  const other = header.sale === sale.id ? say`another seeding of sale ${sale.id}` : say`sale ${header.sale}`
  throw new SeckillError(
    'run_log',
    say`${file} is a run of ${other}`,
    say`audit that one, or fire a new run at sale ${sale.id}`,
  )
}

/** The seeding that the newest run of a sale, or a named one, belongs to: all that can be known of it without Redis. */
export const lastSeeding = async (context: Context, id: string, wanted: string | undefined): Promise<string | null> => {
  const [{ findRunLogs }, { readRunHeader }] = await Promise.all([
    import('../history/runs-folder.js'),
    import('../history/run-log-reader.js'),
  ])
  if (wanted !== undefined && wanted !== 'latest') return readRunHeader(resolve(context.io.cwd, wanted)).saleUuid
  return findRunLogs(runsFolder(context)).findLast(({ header }) => header?.sale === id)?.header?.saleUuid ?? null
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
      say`${thousands(undecided)} answers count as unknown: these rules ask for what the run log does not keep of each answer; fire again with the same --outcome`,
    )
  }
  return results.map(({ run }) => run)
}

/** The runs with names as the sale compares them; only names with text of the user's own can differ from that. */
export const folded = (runs: Run[] | null, { places }: Sale): Run[] | null => {
  if (runs === null || places.fold.length === 0) return runs
  const fold = folder(places.fold)
  return runs.map((run) => {
    const { header, attempts } = run
    if (header.users.kind !== 'given' && header.users.kind !== 'template') return run
    const nameOf = userNamer(header.users)
    const known = attempts.userIndex.reduce((most, index) => Math.max(most, index + 1), 0)
    const names = Array.from({ length: known }, (_, index) => fold(nameOf(index)))
    return { ...run, header: { ...header, users: { kind: 'given', names } } }
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
