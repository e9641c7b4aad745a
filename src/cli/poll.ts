import type { Command } from 'commander'
import { usageError } from '../errors.js'
import { listed } from '../language/lists.js'
import { count, say, word } from '../language/say.js'
import type { Followed as FollowedNow } from '../load/decisions.js'
import type { FieldSpec } from '../load/fields.js'
import type { PollSpec } from '../load/poll.js'
import type { Followed } from '../report/followed.js'
import { printable } from '../sale/shell-word.js'
import type { SaleFile } from '../sale-file/load.js'
import { thousands } from './numbers.js'
import { durationMs, repeat } from './options.js'
import type { Target } from './target.js'

/** Flags that say how queued attempts are followed; they win over the sale file. */
export interface PollOptions {
  /** `GET /orders/{{ticket}}`. */
  readonly poll?: string
  readonly ticket?: string
  readonly pollInterval?: number
  readonly pollTimeout?: number
  readonly pollOutcome?: string[]
}

export const addPollOptions = (command: Command): Command =>
  command
    .option(
      '--poll <request>',
      'follow queued attempts to their decision: "GET /orders/{{ticket}}", "redis:GET order:{{ticket}}"',
    )
    .option('--ticket <capture>', 'where their answer holds {{ticket}} (default: json:$.ticket)')
    .option('--poll-interval <time>', 'between two polls of an attempt (default: 200ms)', durationMs)
    .option('--poll-timeout <time>', 'how long each is followed (default: 30s)', durationMs)
    .option('--poll-outcome <rule>', 'what the answer to a poll means, in place of --outcome (repeatable)', repeat)

/** How flags and sale file have queued attempts followed; null where they do not. Throws a usage error. */
export const pollOf = async (options: PollOptions, file: SaleFile | null): Promise<PollSpec | null> => {
  const { poll: request, ticket, pollInterval, pollTimeout, pollOutcome } = options
  const given = file?.target?.poll
  if (request === undefined && given === undefined) {
    if (ticket ?? pollInterval ?? pollTimeout ?? pollOutcome)
      throw usageError(say`nothing is polled`, say`add --poll "GET /orders/{{ticket}}"`)
    return null
  }
  const { POLL_DEFAULTS, readsRedis } = await import('../load/poll.js')
  const { form, json, headers, ...base } = given ?? { ...POLL_DEFAULTS, request: '', outcomes: [] }
  return {
    ...base,
    // What the file sends to the shop has no place in a command of Redis that a flag puts in its stead.
    ...(request !== undefined && readsRedis({ request }) ? {} : { form, json, headers }),
    request: request ?? base.request,
    ticket: ticket ?? base.ticket,
    intervalMs: pollInterval ?? base.intervalMs,
    timeoutMs: pollTimeout ?? base.timeoutMs,
    outcomes: pollOutcome ?? base.outcomes,
  }
}

/** Whether a ticket in the headers is kept, and everything else, before anything is opened. Throws usage errors. */
export const checkPoll = async (poll: PollSpec | null, { spec }: Target, fields: FieldSpec): Promise<void> => {
  if (poll === null) return
  const { checkPollSpec } = await import('../load/poll.js')
  checkPollSpec(poll, spec, fields)
}

/** Whether polls need Redis. */
export const pollsRedis = async (poll: PollSpec | null): Promise<boolean> =>
  poll !== null && (await import('../load/poll.js')).readsRedis(poll)

/** The transport that finds the ticket where it is; `given` as `--transport` says. Throws a usage error. */
export const keepingTicket = async <T extends string>(poll: PollSpec | null, given: T | undefined) => {
  if (poll === null) return given
  const { compileTicket, ticketInHeaders } = await import('../load/poll.js')
  if (!ticketInHeaders(poll) || compileTicket(poll) === null) return given
  if (given === 'socket') throw usageError(say`a ticket in the headers is not kept`, say`add --transport undici`)
  return 'undici' as const
}

/** What became of queued attempts, for people; what a log does not tell is null, and not said. */
export const followedLines = (it: Followed): string[] => {
  if (it.queued === 0) return [say`nothing was queued, nothing was polled`]
  const decided = Object.entries(it.outcomes).map(([outcome, n]) => `${word(outcome)} ${thousands(n)}`)
  const throttled = it.throttled ? say`, ${thousands(it.throttled)} told to come later` : ''
  const polled = it.polls ? say`; ${count(it.polls, 'poll')}${throttled}` : ''
  const lines = [
    say`${count(it.queued, 'attempt')} queued: ${listed([...decided, say`undecided ${thousands(it.undecided)}`])}${polled}`,
  ]
  if (it.acceptanceMs !== null) {
    const { p50, p99, max } = it.acceptanceMs
    lines.push(say`time to acceptance: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`)
  }
  const { p50, p99, max } = it.decisionMs
  if (decided.length > 0)
    lines.push(say`time to decision:   p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`)
  return lines
}

/** Why attempts stayed undecided, as far as it is known; null where none did. */
export const undecidedWhy = ({ undecided, notFollowed, failures, unmatched }: FollowedNow): string | null => {
  if (undecided === 0) return null
  const [[failure], [answer]] = [failures, unmatched]
  const why = [
    ...(notFollowed === 0
      ? []
      : [
          say`${thousands(notFollowed)} were not followed: their answers held no ticket (--ticket), or too many were open`,
        ]),
    ...(failure === undefined
      ? []
      : [say`${count(failure.count, 'poll')} brought no answer: ${printable(failure.reason)}`]),
    ...(answer === undefined
      ? []
      : [
          say`no rule knows the answer to ${count(answer.count, 'poll')} (--poll-outcome): ${printable(answer.sample)}`,
        ]),
  ]
  return why.length === 0 ? null : say`${thousands(undecided)} attempts stayed undecided; ${why.join('; ')}`
}
