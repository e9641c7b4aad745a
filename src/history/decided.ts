import type { Run, RunMeta } from './run.js'

/** Whether its queued attempts were followed, as far as the log goes. */
export const wasFollowed = ({ header, decisions }: Pick<RunMeta, 'header' | 'decisions'>): boolean =>
  header.followed === true || (decisions?.length ?? 0) > 0

/**
 * The run as its buyers knew it in the end: a queued attempt that was followed counts by what became of it, and lasted until
 * then. One that was not decided stays `queued`.
 */
export const decided = (run: Run): Run => {
  const { attempts, decisions } = run
  if (decisions === undefined || decisions.length === 0) return run
  const outcome = attempts.outcome.slice()
  const serviceUs = attempts.serviceUs.slice()
  for (let row = 0; row < attempts.length; row++) {
    const decision = decisions.rowOf(attempts, row)
    if (decision < 0) continue
    outcome[row] = decisions.outcome[decision] as number
    serviceUs[row] = (decisions.decidedAtUs[decision] as number) - attempts.sentAtUs(row)
  }
  return { ...run, attempts: Object.assign(attempts.head(attempts.length), { outcome, serviceUs }) }
}
