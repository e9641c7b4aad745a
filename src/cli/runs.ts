import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { newRunId, pruneRuns, RUN_SUFFIX } from '../history/runs-folder.js'
import { stateFolder } from '../redis/state-folder.js'
import type { Context } from './context.js'

/** The folder of run logs: `--runs-dir`, else `.seckill/runs` (which ignores itself in git). */
export const runsFolder = (context: Context): string =>
  resolve(context.io.cwd, context.options.runsDir ?? '.seckill/runs')

/** Where a new run is logged; makes room among the older ones. */
export const newRun = async (context: Context, out: string | undefined): Promise<{ runId: string; path: string }> => {
  const runId = newRunId(new Date(), context.command, randomBytes(2).toString('hex'))
  if (out !== undefined) return { runId, path: resolve(context.io.cwd, out) }
  const folder = runsFolder(context)
  if (context.options.runsDir === undefined) await stateFolder(context.io.cwd, 'runs')
  pruneRuns(folder)
  return { runId, path: `${folder}/${runId}${RUN_SUFFIX}` }
}

/** The seed of this call: as told by flag or sale file, or drawn. */
export const seedOf = (context: Context, fromFile?: number): number =>
  context.options.seed ?? fromFile ?? randomBytes(4).readUInt32LE(0)
