import { randomBytes } from 'node:crypto'
import { messageOf } from '../errors.js'
import type { KeptKind } from '../history/kept-documents.js'
import { say } from '../language/say.js'
import type { Context } from './context.js'
import { runsFolder } from './runs.js'

/** Keeps the document of an audit beside the run logs, for `report`; that it cannot be written fails no audit. */
export const keepAudit = async (
  context: Context,
  document: { readonly runs: readonly { readonly runId: string }[] },
): Promise<void> => {
  const newest = document.runs.at(-1)
  if (newest !== undefined) await keep(context, 'audit', newest.runId, document)
}

/** The same for what a race found. */
export const keepRace = async (context: Context, document: object): Promise<void> => {
  const { newRunId } = await import('../history/runs-folder.js')
  await keep(context, 'race', newRunId(new Date(), 'race', randomBytes(2).toString('hex')), document)
}

const keep = async (context: Context, kind: KeptKind, id: string, document: object): Promise<void> => {
  const [{ keepDocument }, { stateFolder }, { SCHEMA_VERSION }] = await Promise.all([
    import('../history/kept-documents.js'),
    import('../redis/state-folder.js'),
    import('./context.js'),
  ])
  try {
    if (context.options.runsDir === undefined) await stateFolder(context.io.cwd, 'runs')
    keepDocument(runsFolder(context), kind, id, { schemaVersion: SCHEMA_VERSION, command: kind, ...document })
  } catch (error) {
    context.note(say`reports will not know of it: ${messageOf(error)}`)
  }
}
