import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeAudits } from './kept-documents.js'
import type { RunHeader } from './run.js'
import { readRunHeader } from './run-log-reader.js'

export const RUN_SUFFIX = '.run'
const KEPT = 20

/** `20261123-221530-blast-k3f9`: sorts by time. `salt` tells apart runs of one second. */
export const newRunId = (now: Date, command: string, salt: string): string => {
  const stamp = now.toISOString().replace(/\D/g, '')
  return `${stamp.slice(0, 8)}-${stamp.slice(8, 14)}-${command}-${salt}`
}

/** Run logs in a folder, oldest first; none where there is no such folder. */
export const listRuns = (folder: string): string[] => {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(RUN_SUFFIX))
    return names.sort().map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** Whom a run belonged to: what is kept of a run log that made room, so that an audit misses it. */
interface RemovedRun {
  readonly runId: string
  readonly sale: string
  readonly saleUuid: string | null
}

const REMOVED = 'removed.ndjson'
const REMOVED_KEPT = 1_000

/** Removes the oldest run logs, so that with one more to come {@link KEPT} remain; which ones is written down. */
export const pruneRuns = (folder: string): void => {
  const paths = listRuns(folder).slice(0, -(KEPT - 1))
  if (paths.length === 0) return
  const removed = paths.flatMap((path): RemovedRun[] => {
    const header = tryHeader(path)
    return header === null ? [] : [{ runId: header.runId, sale: header.sale, saleUuid: header.saleUuid }]
  })
  const all = [...readRemoved(folder), ...removed].slice(-REMOVED_KEPT)
  writeFileSync(join(folder, REMOVED), all.map((run) => `${JSON.stringify(run)}\n`).join(''))
  for (const path of paths) rmSync(path, { force: true })
  removeAudits(
    folder,
    removed.map(({ runId }) => runId),
  )
}

/** How many runs of a seeding have made room for newer ones. */
export const removedRunsOf = (folder: string, seeding: Seeding): number =>
  readRemoved(folder).filter((run) => belongs(run, seeding)).length

const readRemoved = (folder: string): RemovedRun[] => {
  try {
    const lines = readFileSync(join(folder, REMOVED), 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  } catch {
    return []
  }
}

/** A seeding of a sale: uuid null for one that seckill did not seed. */
export interface Seeding {
  readonly id: string
  readonly uuid: string | null
}

/** A run log of a folder, by its header; null where that cannot be read. */
export interface FoundRun {
  readonly path: string
  readonly header: RunHeader | null
}

/** Every run log of a folder, by the time at which it began; those that cannot be read come first. */
export const findRunLogs = (folder: string): FoundRun[] =>
  listRuns(folder)
    .map((path) => ({ path, header: tryHeader(path) }))
    .sort((a, b) => (a.header?.startedAt ?? '').localeCompare(b.header?.startedAt ?? ''))

/** The logs of the runs of a seeding, oldest first; of copies of one run the first. */
export const runsOfSeeding = (found: readonly FoundRun[], seeding: Seeding): string[] => {
  const seen = new Set<string>()
  return found.flatMap(({ path, header }) => {
    if (header === null || !belongs(header, seeding) || seen.has(header.runId)) return []
    seen.add(header.runId)
    return [path]
  })
}

export const belongs = (header: Pick<RunHeader, 'sale' | 'saleUuid'>, seeding: Seeding): boolean =>
  header.sale === seeding.id && header.saleUuid === seeding.uuid

const tryHeader = (path: string): RunHeader | null => {
  try {
    return readRunHeader(path)
  } catch {
    return null
  }
}
