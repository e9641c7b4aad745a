import type { Run } from '../history/run.js'
import type { Outcome } from '../sale/outcome.js'
import { userNamer } from '../sale/usernames.js'
import type { Judged } from './audit.js'
import { forEachAttempt } from './ledger.js'

/** One attempt as evidence. Times in ms since the start of its run. */
export interface AttemptEvidence {
  readonly runId: string
  readonly user: string
  readonly copy: number
  readonly quantity: number
  readonly outcome: Outcome
  readonly sentAtMs: number
  readonly doneAtMs: number
}

const NAMED_PER_RULE = 20

/** The users whose attempts are worth showing: the first few that each failed or undecided rule names. */
export const namedUsers = (invariants: readonly Judged[]): ReadonlySet<string> => {
  const open = invariants.filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
  return new Set(open.flatMap(({ users }) => users.slice(0, NAMED_PER_RULE)))
}

/** An attempt of a run. */
export const evidenceAt = ({ header, attempts }: Run, row: number): AttemptEvidence => ({
  runId: header.runId,
  user: userNamer(header.users)(attempts.userIndex[row] as number),
  copy: attempts.copy[row] as number,
  quantity: attempts.quantity[row] as number,
  outcome: attempts.outcomeAt(row),
  sentAtMs: inMs(attempts.sentAtUs(row)),
  doneAtMs: inMs(attempts.doneAtUs(row)),
})

const inMs = (us: number): number => Math.round(us) / 1_000

/** Every attempt of those users, in the order of the logs. */
export const attemptsOfUsers = (runs: readonly Run[], users: ReadonlySet<string>): AttemptEvidence[] => {
  const found: AttemptEvidence[] = []
  if (users.size === 0) return found
  const all = () => true
  forEachAttempt(runs, all, (user, run, row) => {
    if (users.has(user)) found.push(evidenceAt(run, row))
  })
  return found
}
