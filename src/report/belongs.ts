import type { RunHeader } from '../history/run.js'
import type { AuditDocument, RaceDocument } from './documents/kept.js'

/** The newest audit that judged a run; null where none did. */
export const auditOf = (audits: readonly AuditDocument[], { runId }: Pick<RunHeader, 'runId'>): AuditDocument | null =>
  audits
    .filter(({ runs }) => runs.some((run) => run.runId === runId))
    .sort((a, b) => a.judgedAt.localeCompare(b.judgedAt))
    .at(-1) ?? null

/** The newest race of the shop or strategy that a run fired at; null where it was never raced. */
export const raceOf = (races: readonly RaceDocument[], { target }: Pick<RunHeader, 'target'>): RaceDocument | null => {
  const of = subjectsOf(target)
  return (
    races
      .filter((race) =>
        subjectsOf('url' in race ? race.url : `strategy ${race.strategy}`).some((it) => of.includes(it)),
      )
      .sort((a, b) => a.racedAt.localeCompare(b.racedAt))
      .at(-1) ?? null
  )
}

/** What is bought from: a strategy; a place at a host, whichever port it got; both where our own server sells by a strategy. */
const subjectsOf = (target: string): string[] => {
  if (target.startsWith('strategy ')) return [target]
  const url = target.replace('{port}', '1')
  if (!URL.canParse(url)) return [target]
  const { hostname, pathname, search } = new URL(url)
  const [, strategy] = /^\/buy\/([a-z-]+)$/.exec(pathname) ?? []
  return [`${hostname}${pathname}${search}`, ...(strategy === undefined ? [] : [`strategy ${strategy}`])]
}

/** Whether two runs bought from the same. */
export const sameTarget = (a: string, b: string): boolean => subjectsOf(a)[0] === subjectsOf(b)[0]
