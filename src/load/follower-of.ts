import { parseOutcomeRule } from '../history/outcome-rules.js'
import { monotonicUs } from '../sale/clock.js'
import type { UserNamer } from '../sale/usernames.js'
import { Follower } from './follow.js'
import { compilePoll, compileTicket } from './poll.js'
import type { Recipe } from './recipe.js'
import { httpTransport } from './transports/http.js'

/** Polls under way at once. */
const SLOTS = 32

/**
 * Who follows the queued attempts of purchases that are made so; null where nobody is to. `rules` are those of the purchases, as
 * `--outcome` takes them. Throws usage errors.
 */
export const followerOf = async (
  { poll, target, fields, http, timeoutMs }: Recipe,
  rules: readonly string[],
  nameOf: UserNamer,
): Promise<Follower | null> => {
  if (!poll) return null
  const request = compilePoll(poll, target, fields)
  return new Follower({
    transport: await httpTransport({ ...http, request, timeoutMs, nowUs: monotonicUs }),
    ...{ ticketOf: compileTicket(poll), nameOf, nowUs: monotonicUs, slots: SLOTS },
    rules: (poll.outcomes.length > 0 ? poll.outcomes : rules).map(parseOutcomeRule),
    ...{ intervalMs: poll.intervalMs, timeoutMs: poll.timeoutMs },
  })
}
