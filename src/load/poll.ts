import { usageError } from '../errors.js'
import { type OutcomeRule, parseOutcomeRule } from '../history/outcome-rules.js'
import { say } from '../language/say.js'
import { OUTCOMES } from '../sale/outcome.js'
import { type Capture, compileCapture } from './capture.js'
import type { FieldSpec } from './fields.js'
import { compileRequest, type RequestTemplate, type TargetSpec } from './request.js'
import { placeholdersIn } from './template.js'

/** How queued attempts are followed to their decision. Plain data: every thread makes the same of it. */
export interface PollSpec {
  /** `GET /orders/{{ticket}}` at the shop. */
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

const REQUEST = /^\s*(GET|POST|PUT|PATCH|DELETE)\s+(\/\S*)\s*$/

/** The request line of a poll, taken apart. Throws a usage error. */
export const parsePollRequest = (text: string): { readonly method: string; readonly path: string } => {
  const [, method, path] = REQUEST.exec(text) ?? []
  if (method !== undefined && path !== undefined) return { method, path }
  throw usageError(say`--poll ${JSON.stringify(text)} is no request`, say`write --poll "GET /orders/{{ticket}}"`)
}

/** The poll as it is sent to the shop of these purchases. Throws usage errors. */
export const compilePoll = (
  poll: Pick<PollSpec, 'request' | 'form' | 'json' | 'headers'>,
  shop: Pick<TargetSpec, 'url' | 'headers'>,
  fields: FieldSpec,
): RequestTemplate => {
  const { method, path } = parsePollRequest(poll.request)
  // The form of a purchase is no default here.
  const form = poll.form ?? (poll.json === undefined && method !== 'GET' ? {} : undefined)
  const headers = { ...shop.headers, ...poll.headers }
  return compileRequest({ url: shop.url, path, method, form, json: poll.json, headers }, withTicket(fields))
}

const withTicket = (fields: FieldSpec): FieldSpec => ({ ...fields, captured: [...(fields.captured ?? []), 'ticket'] })

/** Takes the ticket out of an answer; null where the poll asks for none: the shop knows its buyers. Throws a usage error. */
export const compileTicket = ({ ticket, request, form, json, headers }: PollSpec): Capture | null => {
  const capture = compileCapture(ticket)
  return placeholdersIn(JSON.stringify([request, form, json, headers])).includes('ticket') ? capture : null
}

/** Whether the ticket lies where only a transport that keeps headers finds it. */
export const ticketInHeaders = ({ ticket }: PollSpec): boolean => /^(header|cookie):/.test(ticket)

/** What our own server says of an order, as a poll's answers are read behind the rules that are given. */
export const knownStates = (): OutcomeRule[] => [
  parseOutcomeRule('queued=json:$.state=pending'),
  ...OUTCOMES.map((outcome) => parseOutcomeRule(`${outcome}=json:$.state=${outcome}`)),
]

/** Everything that can be wrong with it, before anything is opened. Throws usage errors. */
export const checkPollSpec = (poll: PollSpec, shop: Pick<TargetSpec, 'url' | 'headers'>, fields: FieldSpec): void => {
  compilePoll(poll, shop, fields)
  compileTicket(poll)
  poll.outcomes.forEach(parseOutcomeRule)
}
