import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Strategy } from '../strategies/strategy.js'
import { answerOf, errorAnswer, OUTCOME_ANSWERS, send } from './answers.js'
import { purchaseIn } from './form.js'
import type { Storefront } from './storefront.js'

export interface Route {
  readonly method: 'GET' | 'POST'
  readonly url: string
  handler(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
}

export interface RouteOptions {
  readonly strategies: readonly Strategy[]
  /** Name of the strategy behind `/seckill`. */
  readonly defaultStrategy: string
  readonly storefront: Storefront
  /** The sale in a few figures, for `/status`. */
  readStatus(): Promise<unknown>
  /** What became of the order of a ticket, in a word; null where there is none. */
  readOrder(ticket: string): Promise<string | null>
  /** Resolves if Redis answers. */
  ping(): Promise<unknown>
}

/** The document's own addresses, that of the queue, and the strategy behind each. */
const DOCUMENT_ROUTES = { '/incr': 'counter-naive', '/basic': 'list-basic', '/queue': 'queue' } as const

/** Every route of the server. */
export const routesOf = (options: RouteOptions): Route[] => {
  const { strategies, storefront } = options
  const named = (name: string) => strategies.filter((strategy) => strategy.name === name)
  const purchases: (readonly [string, Strategy])[] = [
    ...named(options.defaultStrategy).map((strategy) => ['/seckill', strategy] as const),
    ...Object.entries(DOCUMENT_ROUTES).flatMap(([url, name]) =>
      named(name).map((strategy) => [url, strategy] as const),
    ),
    ...strategies.map((strategy) => [`/buy/${strategy.name}`, strategy] as const),
  ]
  return [
    ...purchases.map(([url, strategy]): Route => ({ method: 'POST', url, handler: buyFrom(storefront, strategy) })),
    {
      method: 'GET',
      url: '/status',
      handler: async (_request, reply) => send(reply, answerOf(200, await options.readStatus())),
    },
    { method: 'GET', url: '/orders/:ticket', handler: orderOf(options.readOrder) },
    { method: 'GET', url: '/healthz', handler: healthz(options.ping) },
  ]
}

const NO_USERNAME = answerOf(400, 'username is missing')

const buyFrom = (storefront: Storefront, strategy: Strategy): Route['handler'] => {
  const defaultQuantity = strategy.layout === 'list-basic' ? 1 : Number.NaN
  return async (request, reply) => {
    const purchase = purchaseIn(request.body, defaultQuantity)
    if (purchase.user === '') return send(reply, NO_USERNAME)
    const ticket = storefront.ticketFor(strategy, purchase)
    const outcome = await storefront.buy(strategy, ticket === undefined ? purchase : { ...purchase, ticket })
    return send(reply, outcome === 'queued' ? answerOf(202, { ticket }) : OUTCOME_ANSWERS[outcome])
  }
}

const NO_ORDER = errorAnswer(404, 'no such ticket')

const orderOf =
  (readOrder: RouteOptions['readOrder']): Route['handler'] =>
  async (request, reply) => {
    const { ticket } = request.params as { ticket: string }
    const state = await readOrder(ticket)
    return send(reply, state === null ? NO_ORDER : answerOf(200, { ticket, state }))
  }

const HEALTHY = answerOf(200, { ok: true })
const UNHEALTHY = answerOf(503, { ok: false, error: 'Redis does not answer' })

const healthz =
  (ping: RouteOptions['ping']): Route['handler'] =>
  async (_request, reply) => {
    const healthy = await ping().then(
      () => true,
      () => false,
    )
    return send(reply, healthy ? HEALTHY : UNHEALTHY)
  }
