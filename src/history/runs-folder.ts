import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
}

/** How many runs of a seeding have made room for newer ones. */
export const removedRunsOf = (folder: string, sale: { readonly id: string; readonly uuid: string | null }): number =>
  readRemoved(folder).filter((run) => belongs(run, sale)).length

const readRemoved = (folder: string): RemovedRun[] => {
  try {
    const lines = readFileSync(join(folder, REMOVED), 'utf8').split('\n')
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
  } catch {
    return []
  }
}

/**
 * The runs that belong to a seeding of a sale: those with its uuid; for a sale that seckill did not seed, those with its id
 * and no uuid. Files that are no run logs are passed over.
 */
export const runsOfSale = (folder: string, sale: { readonly id: string; readonly uuid: string | null }): string[] =>
  listRuns(folder).filter((path) => {
    const header = tryHeader(path)
    return header !== null && belongs(header, sale)
  })

export const belongs = (
  header: Pick<RunHeader, 'sale' | 'saleUuid'>,
  sale: { readonly id: string; readonly uuid: string | null },
): boolean => header.sale === sale.id && header.saleUuid === sale.uuid

const tryHeader = (path: string): RunHeader | null => {
  try {
    return readRunHeader(path)
  } catch {
    return null
  }
}
