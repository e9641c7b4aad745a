import { messageOf } from '../errors.js'
import { say } from '../language/say.js'
import type { Context } from './context.js'
import { runsFolder } from './runs.js'

interface Judged {
  readonly runs: readonly { readonly runId: string }[]
}

/** Keeps the document of an audit beside the run logs, for `report`; that it cannot be written fails no audit. */
export const keepForReports = async (context: Context, document: Judged): Promise<void> => {
  const newest = document.runs.at(-1)
  if (newest === undefined) return
  const [{ keepAudit }, { stateFolder }, { SCHEMA_VERSION }] = await Promise.all([
    import('../history/kept-audits.js'),
    import('../redis/state-folder.js'),
    import('./context.js'),
  ])
  try {
    if (context.options.runsDir === undefined) await stateFolder(context.io.cwd, 'runs')
    keepAudit(runsFolder(context), newest.runId, { schemaVersion: SCHEMA_VERSION, command: 'audit', ...document })
  } catch (error) {
    context.note(say`reports will not know of this audit: ${messageOf(error)}`)
  }
}
