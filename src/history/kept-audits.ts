import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Beside a run log: what the last audit said of it and of the runs before it. */
export const AUDIT_SUFFIX = '.audit.json'
/** As many as there are run logs: those of logs that lie elsewhere count too. */
const KEPT = 20

/** Keeps an audit's document under the id of the newest run that it judged, in place of an earlier one; the newest {@link KEPT} stay. Throws what the disk does. */
export const keepAudit = (folder: string, runId: string, document: unknown): void => {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, runId + AUDIT_SUFFIX)
  // A reader sees the old one or the new one.
  writeFileSync(`${path}.new`, `${JSON.stringify(document)}\n`)
  renameSync(`${path}.new`, path)
  for (const name of listAudits(folder).slice(0, -KEPT)) rmSync(join(folder, name), { force: true })
}

/** The documents kept in a folder, by name; what cannot be read is left out. */
export const keptAudits = (folder: string): unknown[] =>
  listAudits(folder).flatMap((name) => {
    try {
      return [JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown]
    } catch {
      return []
    }
  })

/** Removes the audits of runs whose logs are gone. */
export const removeAudits = (folder: string, runIds: readonly string[]): void => {
  for (const runId of runIds) rmSync(join(folder, runId + AUDIT_SUFFIX), { force: true })
}

const listAudits = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(AUDIT_SUFFIX))
      .sort()
  } catch {
    return []
  }
}
