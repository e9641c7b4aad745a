import type { FastifyReply } from 'fastify'
import { DOCUMENT_MESSAGES, TROUBLE_MESSAGES } from '../sale/http-contract.js'
import { OUTCOMES, type Outcome } from '../sale/outcome.js'
import { asciiJson } from './escape.js'

/** A whole HTTP answer, rendered once: the hot path only copies it out. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const RETRY_AFTER_S = '1'

/** JSON in ASCII and a newline; 429 and 503 also say when to come back. */
export const answerOf = (status: number, value: unknown): Answer => {
  const body = `${asciiJson(value)}\n`
  const retry = status === 429 || status === 503 ? { 'retry-after': RETRY_AFTER_S } : {}
  return {
    status,
    headers: { 'content-type': 'application/json', 'content-length': String(body.length), ...retry },
    body,
  }
}

export const errorAnswer = (status: number, error: string): Answer => answerOf(status, { error })

const answerOfOutcome = (outcome: Outcome): Answer => {
  const message = (DOCUMENT_MESSAGES as Partial<Record<Outcome, string>>)[outcome]
  if (message !== undefined) return answerOf(200, message)
  return errorAnswer(
    outcome === 'throttled' ? 429 : 503,
    (TROUBLE_MESSAGES as Partial<Record<Outcome, string>>)[outcome] ?? outcome,
  )
}

/** What a buyer is told: the document's message, or an error with its status where the document has none. */
export const OUTCOME_ANSWERS = Object.fromEntries(
  OUTCOMES.map((outcome) => [outcome, answerOfOutcome(outcome)]),
) as Readonly<Record<Outcome, Answer>>

const asIs = (body: unknown): string => body as string

/** Sends an answer byte for byte; the serializer keeps Fastify from adding a charset to the content type. */
export const send = (reply: FastifyReply, { status, headers, body }: Answer): FastifyReply =>
  reply.code(status).headers(headers).serializer(asIs).send(body)
