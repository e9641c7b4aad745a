import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { messageOf, SeckillError } from '../errors.js'
import { wasFollowed } from '../history/decided.js'
import { keptDocuments } from '../history/kept-documents.js'
import { readRunMeta } from '../history/run-log-reader.js'
import { listRuns, RUN_SUFFIX } from '../history/runs-folder.js'
import { say } from '../language/say.js'
import { auditOf, raceOf } from '../report/belongs.js'
import { asAudit, asRace, type RaceDocument } from '../report/documents/kept.js'
import { type RunSummary, summarise } from '../report/summary.js'
import type { Context } from './context.js'
import { thousands } from './numbers.js'
import { runFigures } from './run-figures.js'
import { runsFolder } from './runs.js'
import { type Summary, sumUp } from './sum-up.js'

/** A run as reports need it: `summed` still knows what can be measured of it, `shown` is plain data. */
export interface ReportedRun {
  readonly summed: Summary
  readonly shown: RunSummary
}

/** The path of a run: a file, the id of a run, or `latest`. Errors: run_log. */
export const findRun = async (context: Context, wanted: string): Promise<string> => {
  const { existsSync } = await import('node:fs')
  const folder = runsFolder(context)
  const path = resolve(context.io.cwd, wanted)
  if (wanted !== 'latest') {
    const byId = `${folder}/${wanted}${RUN_SUFFIX}`
    return !existsSync(path) && existsSync(byId) ? byId : path
  }
  const latest = listRuns(folder).at(-1)
  if (latest !== undefined) return latest
  throw new SeckillError('run_log', say`no run logs in ${folder}`, say`fire one: seckill blast; or name a file`)
}

/** All but the attempts of a run, with a warning where it has no proper end. */
export const openRun = (context: Context, path: string): Summary['meta'] => {
  const meta = readRunMeta(path)
  if (meta.tornBytes > 0) {
    context.warn(say`${path}: its last ${thousands(meta.tornBytes)} bytes are no whole chunk and were skipped`)
  }
  if (meta.footer === null) {
    context.warn(say`${path} has no end: the run crashed, or still goes on`)
    if (wasFollowed(meta))
      context.warn(say`what its queued attempts came to is known up to there; those without a decision are undecided`)
  }
  return meta
}

/** A run with what audit and race said of it. `race`: a file of `race --json`, or none; otherwise the newest kept one of its target. */
export const reportRun = async (
  context: Context,
  meta: Summary['meta'],
  race: RaceDocument | null | undefined,
): Promise<ReportedRun> => {
  const summed = await sumUp(meta)
  const folders = [...new Set([runsFolder(context), dirname(meta.path)])]
  const audits = folders.flatMap((folder) => keptDocuments(folder, 'audit')).flatMap((kept) => asAudit(kept) ?? [])
  const races = folders.flatMap((folder) => keptDocuments(folder, 'race')).flatMap((kept) => asRace(kept) ?? [])
  const said = {
    audit: auditOf(audits, meta.header),
    race: race === undefined ? raceOf(races, meta.header) : race,
  }
  return { summed, shown: summarise(meta, runFigures(summed), said) }
}

/** What `--race` names: undefined to look for it, null for none. Errors: usage. */
export const namedRace = async (
  context: Context,
  file: string | undefined,
): Promise<RaceDocument | null | undefined> => {
  if (file === undefined) return undefined
  if (file === 'none') return null
  const bad = (why: string) =>
    new SeckillError('usage', say`${file} holds no race: ${why}`, say`write one: seckill race … --json > ${file}`)
  const text = await readFile(resolve(context.io.cwd, file), 'utf8').catch((error: unknown) => {
    throw bad(messageOf(error))
  })
  const race = asRace(tryJson(text))
  if (race === null) throw bad(say`it is not what seckill race --json prints`)
  return race
}

const tryJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
