import { readdirSync, rmSync } from 'node:fs'
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

/** Removes the oldest run logs, so that with one more to come {@link KEPT} remain. */
export const pruneRuns = (folder: string): void => {
  for (const path of listRuns(folder).slice(0, -(KEPT - 1))) rmSync(path, { force: true })
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

export const belongs = (header: RunHeader, sale: { readonly id: string; readonly uuid: string | null }): boolean =>
  header.sale === sale.id && header.saleUuid === sale.uuid

const tryHeader = (path: string): RunHeader | null => {
  try {
    return readRunHeader(path)
  } catch {
    return null
  }
}
