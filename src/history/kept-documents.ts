import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is kept beside run logs for reports: what the last audit said of a run and of those before it; what races found. */
export type KeptKind = 'audit' | 'race'

const suffixOf = (kind: KeptKind): string => `.${kind}.json`

/** As many of each kind as there are run logs: those of logs that lie elsewhere count too. */
const KEPT = 20

/**
 * Keeps a document, in place of an earlier one of its id: of an audit the newest run that it judged. The newest {@link KEPT} of
 * a kind stay. Throws what the disk does.
 */
export const keepDocument = (folder: string, kind: KeptKind, id: string, document: unknown): void => {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, id + suffixOf(kind))
  // A reader sees the old one or the new one.
  writeFileSync(`${path}.new`, `${JSON.stringify(document)}\n`)
  renameSync(`${path}.new`, path)
  for (const name of list(folder, kind).slice(0, -KEPT)) rmSync(join(folder, name), { force: true })
}

/** The documents of a kind kept in a folder, by name; what cannot be read is left out. */
export const keptDocuments = (folder: string, kind: KeptKind): unknown[] =>
  list(folder, kind).flatMap((name) => {
    try {
      return [JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown]
    } catch {
      return []
    }
  })

/** Removes the audits of runs whose logs are gone. */
export const removeAudits = (folder: string, runIds: readonly string[]): void => {
  for (const runId of runIds) rmSync(join(folder, runId + suffixOf('audit')), { force: true })
}

const list = (folder: string, kind: KeptKind): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(suffixOf(kind)))
      .sort()
  } catch {
    return []
  }
}
