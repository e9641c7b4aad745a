import type { Command } from 'commander'
import { usageError } from '../errors.js'
import { listed } from '../language/lists.js'
import { count, say, word } from '../language/say.js'
import type { Decisions } from '../load/decisions.js'
import type { FieldSpec } from '../load/fields.js'
import type { Follower } from '../load/follow.js'
import type { Recipe } from '../load/recipe.js'
import type { TargetSpec } from '../load/request.js'
import type { UserNamer } from '../sale/usernames.js'
import { durationMs } from './options.js'
import type { Target } from './target.js'

/** Flags that say how queued attempts are followed. */
export interface PollOptions {
  /** `GET /orders/{{ticket}}`. */
  readonly poll?: string
  readonly ticket?: string
  readonly pollInterval?: number
  readonly pollTimeout?: number
  readonly workers?: number | 'auto'
  readonly transport?: string | undefined
}

const SLOTS = 32
const TICKET = 'json:$.ticket'
const INTERVAL_MS = 200
const TIMEOUT_MS = 30_000

export const addPollOptions = (command: Command): Command =>
  command
    .option('--poll <request>', 'follow queued attempts until they are decided: "GET /orders/{{ticket}}"')
    .option('--ticket <capture>', `where their answer holds {{ticket}} (default: ${TICKET})`)
    .option('--poll-interval <time>', 'between two polls of an attempt (default: 200ms)', durationMs)
    .option('--poll-timeout <time>', 'how long each is followed (default: 30s)', durationMs)

/** Throws usage errors, before anything is opened. */
export const checkPoll = async (options: PollOptions, target: Target, fields: FieldSpec): Promise<void> => {
  const { poll, ticket, pollInterval, pollTimeout, workers = 1, transport } = options
  if (poll === undefined) {
    if (ticket ?? pollInterval ?? pollTimeout)
      throw usageError(say`nothing is polled`, say`add --poll "GET /orders/{{ticket}}"`)
    return
  }
  if (workers !== 1) throw usageError(say`--poll follows what one thread fires`, say`leave out --workers, or --poll`)
  if (/^(header|cookie):/.test(ticket ?? '') && transport !== 'undici')
    throw usageError(say`a ticket in the headers is not kept`, say`add --transport undici`)
  const [{ compileRequest }, { compileCapture }] = await Promise.all([
    import('../load/request.js'),
    import('../load/capture.js'),
  ])
  compileRequest(pollSpec(poll, target), withTicket(fields))
  compileCapture(ticket ?? TICKET)
}

const pollSpec = (text: string, { request, spec }: Target): TargetSpec => {
  const [, method, path] = /^\s*(GET|POST)\s+(\/\S*)\s*$/.exec(text) ?? []
  if (path === undefined)
    throw usageError(say`--poll ${JSON.stringify(text)} is no request`, say`write --poll "GET /orders/{{ticket}}"`)
  return { url: request.origin, path, method, headers: spec.headers }
}

const withTicket = (fields: FieldSpec): FieldSpec => ({ ...fields, captured: [...(fields.captured ?? []), 'ticket'] })

/** Who follows the attempts of a run; null where nobody is to. */
export const followerOf = async (
  { poll, ticket = TICKET, pollInterval = INTERVAL_MS, pollTimeout = TIMEOUT_MS }: PollOptions,
  target: Target,
  { http, fields, timeoutMs }: Recipe,
  nameOf: UserNamer,
): Promise<Follower | null> => {
  if (poll === undefined) return null
  const [{ Follower }, { compileRequest }, { compileCapture }, { httpTransport }, { monotonicUs }] = await Promise.all([
    import('../load/follow.js'),
    import('../load/request.js'),
    import('../load/capture.js'),
    import('../load/transports/http.js'),
    import('../sale/clock.js'),
  ])
  const request = compileRequest(pollSpec(poll, target), withTicket(fields))
  return new Follower({
    transport: await httpTransport({ ...http, request, timeoutMs, nowUs: monotonicUs }),
    ...{ ticketOf: compileCapture(ticket), rules: target.rules, nameOf, nowUs: monotonicUs, slots: SLOTS },
    ...{ intervalMs: pollInterval, timeoutMs: pollTimeout },
  })
}

/** What became of queued attempts, for people. */
export const followedLines = (it: ReturnType<Decisions['summary']>): string[] => {
  if (it.queued === 0) return [say`nothing was queued, nothing was polled`]
  const { p50, p99, max } = it.decisionMs
  const outcomes = Object.entries(it.outcomes).map(([outcome, n]) => `${word(outcome)} ${n}`)
  return [
    say`${count(it.queued, 'attempt')} queued: ${listed([...outcomes, say`undecided ${it.undecided}`])}; ${count(it.polls, 'poll')}`,
    say`time to decision: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`,
  ]
}
