import type { Attempt } from '../history/attempt.js'
import type { Classified } from './classify.js'
import type { PlannedAttempt } from './plan.js'
import type { Answer } from './transport.js'

/** What an answer comes to, once it is classified; times from `originUs`. */
export const attemptOf = (
  { userIndex, copy, quantity }: PlannedAttempt,
  { sentAtUs, doneAtUs, connectUs, reply }: Answer,
  { outcome, group }: Classified,
  intendedAtUs: number,
  originUs: number,
): Attempt => ({
  userIndex,
  copy,
  quantity,
  outcome,
  status: reply.kind === 'http' ? reply.status : 0,
  group,
  intendedAtUs: intendedAtUs - originUs,
  sentAtUs: sentAtUs - originUs,
  doneAtUs: doneAtUs - originUs,
  connectUs,
})
