import { parseOutcomeRule } from '../history/outcome-rules.js'
import { monotonicUs } from '../sale/clock.js'
import type { UserNamer } from '../sale/usernames.js'
import type { Decisions } from './decisions.js'
import { Follower } from './follow.js'
import { compilePoll, compileTicket, knownStates } from './poll.js'
import type { Recipe } from './recipe.js'
import { httpTransport } from './transports/http.js'

/** Polls under way at once, of all threads; each has one at least. */
const SLOTS = 32
/** Attempts that are open at once, of all threads. */
const MOST_OPEN = 500_000

/** One thread of so many. */
export interface Share {
  readonly index: number
  readonly of: number
}

export const ALONE: Share = { index: 0, of: 1 }

/** A thread's part of what all of them may have at once. */
const partOf = (whole: number, { index, of }: Share): number =>
  Math.max(1, Math.floor(whole / of) + (index < whole % of ? 1 : 0))

/**
 * Who follows the queued attempts of purchases that are made so; null where nobody is to. `rules` are those of the purchases, as
 * `--outcome` takes them. Throws usage errors.
 */
export const followerOf = async (
  { poll, target, fields, http, timeoutMs }: Recipe,
  rules: readonly string[],
  nameOf: UserNamer,
  results: Decisions,
  share: Share = ALONE,
): Promise<Follower | null> => {
  if (!poll) return null
  const request = compilePoll(poll, target, fields)
  // A poll that hangs takes no more time than its attempt has.
  const bounds = { timeoutMs: Math.min(timeoutMs, poll.timeoutMs), nowUs: monotonicUs }
  return new Follower({
    transport: await httpTransport({ ...http, request, ...bounds }),
    ...{ ticketOf: compileTicket(poll), nameOf, nowUs: monotonicUs, results },
    ...{ slots: partOf(SLOTS, share), mostOpen: partOf(MOST_OPEN, share) },
    rules: [...(poll.outcomes.length > 0 ? poll.outcomes : rules).map(parseOutcomeRule), ...knownStates()],
    ...{ intervalMs: poll.intervalMs, timeoutMs: poll.timeoutMs },
  })
}
