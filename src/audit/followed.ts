import type { Run } from '../history/run.js'
import type { Outcome } from '../sale/outcome.js'
import { userNamer } from '../sale/usernames.js'

/** Users of attempts that were told "queued" and then decided. */
export interface Followed {
  readonly sold: ReadonlySet<string>
  readonly refused: ReadonlySet<string>
}

/** Decisions by which nothing was bought. "Already bought" tells of another attempt. */
const REFUSALS: ReadonlySet<Outcome> = new Set(['insufficient_stock', 'sold_out', 'not_open', 'rejected', 'error'])

/** Whom the decisions of these runs told what. */
export const followedIn = (runs: readonly Run[]): Followed => {
  const [sold, refused] = [new Set<string>(), new Set<string>()]
  for (const { header, decisions = [] } of runs) {
    if (decisions.length === 0) continue
    const nameOf = userNamer(header.users)
    for (const { userIndex, outcome } of decisions) {
      if (outcome === 'sold') sold.add(nameOf(userIndex))
      else if (REFUSALS.has(outcome)) refused.add(nameOf(userIndex))
    }
  }
  return { sold, refused }
}
