import { outcomeCode } from '../sale/outcome.js'
import type { Run } from './run.js'

const QUEUED = outcomeCode('queued')

/**
 * The run as its buyers knew it in the end: a queued attempt that was followed counts by what became of it, and lasted until
 * then. One that was not decided stays `queued`.
 */
export const decided = (run: Run): Run => {
  const { attempts, decisions = [] } = run
  if (decisions.length === 0) return run
  const rows = new Map<string, number>()
  attempts.outcome.forEach((code, row) => {
    if (code === QUEUED) rows.set(`${attempts.userIndex[row]} ${attempts.copy[row]}`, row)
  })
  const outcome = attempts.outcome.slice()
  const serviceUs = attempts.serviceUs.slice()
  for (const decision of decisions) {
    const row = rows.get(`${decision.userIndex} ${decision.copy}`)
    if (row === undefined) continue
    outcome[row] = outcomeCode(decision.outcome)
    serviceUs[row] = decision.decidedAtUs - attempts.sentAtUs(row)
  }
  return { ...run, attempts: Object.assign(attempts.head(attempts.length), { outcome, serviceUs }) }
}
