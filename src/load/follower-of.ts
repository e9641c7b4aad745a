import { parseOutcomeRule } from '../history/outcome-rules.js'
import { monotonicUs } from '../sale/clock.js'
import type { UserNamer } from '../sale/usernames.js'
import type { Decisions } from './decisions.js'
import { Follower } from './follow.js'
import { MOST_OPEN } from './following.js'
import { type CompiledPoll, compilePoll, compileTicket, knownStates } from './poll.js'
import type { Recipe } from './recipe.js'
import type { Transport } from './transport.js'
import { httpTransport } from './transports/http.js'
import type { RedisTarget } from './transports/redis.js'

/** Polls under way at once, of all threads; each has one at least. Those of Redis share a connection. */
const SLOTS: Readonly<Record<CompiledPoll['kind'], number>> = { http: 32, redis: 256 }

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
  recipe: Recipe,
  rules: readonly string[],
  nameOf: UserNamer,
  results: Decisions,
  share: Share = ALONE,
): Promise<Follower | null> => {
  const { poll, target, fields } = recipe
  if (!poll) return null
  const compiled = compilePoll(poll, target, fields)
  const given = poll.outcomes.length > 0 ? poll.outcomes : rules
  return new Follower({
    transport: await transportOf(compiled, recipe, poll.timeoutMs),
    ...{ ticketOf: compileTicket(poll), nameOf, nowUs: monotonicUs, results },
    ...{ slots: partOf(SLOTS[compiled.kind], share), mostOpen: partOf(MOST_OPEN, share) },
    rules: [...given.map(parseOutcomeRule), ...knownStates(compiled.kind)],
    ...{ intervalMs: poll.intervalMs, timeoutMs: poll.timeoutMs },
  })
}

/** A poll that hangs takes no more time than its attempt has. */
const transportOf = async (
  poll: CompiledPoll,
  { http, redis, timeoutMs }: Recipe,
  followedMs: number,
): Promise<Transport> => {
  const bounds = { timeoutMs: Math.min(timeoutMs, followedMs), nowUs: monotonicUs }
  if (poll.kind === 'http') return httpTransport({ ...http, request: poll.request, ...bounds })
  const { RedisTransport } = await import('./transports/redis.js')
  return new RedisTransport({ command: poll.command, target: redis as RedisTarget, ...bounds })
}
