import { usageError } from '../errors.js'
import { type OutcomeRule, parseOutcomeRule } from '../history/outcome-rules.js'
import { say } from '../language/say.js'
import { OUTCOMES } from '../sale/outcome.js'
import { type Capture, compileCapture } from './capture.js'
import type { FieldSpec } from './fields.js'
import { compileRedisPoll, isRedisPoll, type RedisRead } from './redis-poll.js'
import { compileRequest, type RequestTemplate, type TargetSpec } from './request.js'
import { placeholdersIn } from './template.js'

/** How queued attempts are followed to their decision. Plain data: every thread makes the same of it. */
export interface PollSpec {
  /** `GET /orders/{{ticket}}` at the shop, or `redis:GET order:{{ticket}}`. */
  readonly request: string
  readonly form?: Readonly<Record<string, string>> | undefined
  /** In place of a form. */
  readonly json?: unknown
  /** Beside those of the purchase. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Where the answer that said "queued" holds {{ticket}}, see {@link compileCapture}. */
  readonly ticket: string
  /** Between two polls of an attempt. */
  readonly intervalMs: number
  /** Each is followed for so long. */
  readonly timeoutMs: number
  /** What polls' answers mean, as `--outcome` takes it; empty: what those of the purchases mean. */
  readonly outcomes: readonly string[]
}

export const POLL_DEFAULTS = { ticket: 'json:$.ticket', intervalMs: 200, timeoutMs: 30_000 } as const

/** A poll ready to be made for any attempt. */
export type CompiledPoll =
  | { readonly kind: 'http'; readonly request: RequestTemplate }
  | { readonly kind: 'redis'; readonly command: RedisRead }

/** Whether polls read Redis, and ask no shop. */
export const readsRedis = ({ request }: Pick<PollSpec, 'request'>): boolean => isRedisPoll(request)

const REQUEST = /^\s*(GET|POST|PUT|PATCH|DELETE)\s+(\/\S*)\s*$/

const parsePollRequest = (text: string): { readonly method: string; readonly path: string } => {
  const [, method, path] = REQUEST.exec(text) ?? []
  if (method !== undefined && path !== undefined) return { method, path }
  throw usageError(
    say`--poll ${JSON.stringify(text)} is no request`,
    say`write --poll "GET /orders/{{ticket}}" or --poll "redis:GET order:{{ticket}}"`,
  )
}

/** The poll as it is sent to the shop of these purchases, or to Redis. Throws usage errors. */
export const compilePoll = (
  poll: Pick<PollSpec, 'request' | 'form' | 'json' | 'headers'>,
  shop: Pick<TargetSpec, 'url' | 'headers'>,
  fields: FieldSpec,
): CompiledPoll => {
  const { json } = poll
  if (readsRedis(poll)) {
    if (poll.form === undefined && json === undefined && poll.headers === undefined)
      return { kind: 'redis', command: compileRedisPoll(poll.request, withTicket(fields)) }
    throw usageError(say`a poll that reads Redis has no form, JSON or headers`)
  }
  const { method, path } = parsePollRequest(poll.request)
  // The form of a purchase is no default here.
  const form = poll.form ?? (json === undefined && method !== 'GET' ? {} : undefined)
  const headers = { ...shop.headers, ...poll.headers }
  return {
    kind: 'http',
    request: compileRequest({ url: shop.url, path, method, form, json, headers }, withTicket(fields)),
  }
}

const withTicket = (fields: FieldSpec): FieldSpec => ({ ...fields, captured: [...(fields.captured ?? []), 'ticket'] })

/** Takes the ticket out of an answer; null where the poll asks for none: the shop knows its buyers. Throws a usage error. */
export const compileTicket = ({ ticket, request, form, json, headers }: PollSpec): Capture | null => {
  const capture = compileCapture(ticket)
  return placeholdersIn(JSON.stringify([request, form, json, headers])).includes('ticket') ? capture : null
}

/** Whether the ticket lies where only a transport that keeps headers finds it. */
export const ticketInHeaders = ({ ticket }: PollSpec): boolean => /^(header|cookie):/.test(ticket)

/**
 * How answers to polls are read behind the rules that are given: as our own server says it, `{"state": "sold"}`; in Redis the
 * outcome may be all that is written there.
 */
export const knownStates = (kind: CompiledPoll['kind']): OutcomeRule[] =>
  [
    'queued=json:$.state=pending',
    ...OUTCOMES.map((outcome) => `${outcome}=json:$.state=${outcome}`),
    ...(kind === 'redis' ? OUTCOMES.map((outcome) => `${outcome}=text=${outcome}`) : []),
  ].map(parseOutcomeRule)

/** Everything that can be wrong with it, before anything is opened. Throws usage errors. */
export const checkPollSpec = (poll: PollSpec, shop: Pick<TargetSpec, 'url' | 'headers'>, fields: FieldSpec): void => {
  compilePoll(poll, shop, fields)
  compileTicket(poll)
  poll.outcomes.forEach(parseOutcomeRule)
}
