import { type FastifyInstance, fastify } from 'fastify'
import { messageOf, SeckillError } from '../errors.js'
import { RedisFailure } from '../redis/port.js'
import { StockMissing, type Strategy } from '../strategies/strategy.js'
import { type Answer, errorAnswer, send } from './answers.js'
import { acceptForms } from './form.js'
import { Refusal } from './refusal.js'
import { type Route, routesOf } from './routes.js'
import { Storefront, type StorefrontOptions } from './storefront.js'

export interface AppOptions extends StorefrontOptions {
  readonly strategies: readonly Strategy[]
  /** Name of the strategy behind `/seckill`. */
  readonly defaultStrategy: string
  /** The sale in a few figures, for `/status`. A SeckillError becomes its answer. */
  readStatus(): Promise<unknown>
  /** What became of the order of a ticket, for `/orders/<ticket>`; null where there is none. */
  readOrder(ticket: string): Promise<string | null>
  /** Told about every request that failed for no documented reason. */
  onBug?(error: unknown): void
}

/** Load generators keep connections open between bursts. */
const KEEP_ALIVE_MS = 60_000
/** Counts from the connection on, and load generators connect long before an announced start. */
const REQUEST_WITHIN_MS = 3_600_000
const MAX_BODY_BYTES = 64 * 1024
/** A ticket holds its user's name, in base64 where it must; as long as a request line may be. */
const MAX_TICKET = 16 * 1024

/** The reference shop as a Fastify app, not yet listening. Closing it closes its shops; the Redis connection is the caller's. */
export const buildApp = (options: AppOptions): FastifyInstance => {
  const app = fastify({
    logger: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_TICKET },
    requestTimeout: REQUEST_WITHIN_MS,
    http: { headersTimeout: REQUEST_WITHIN_MS, requestTimeout: REQUEST_WITHIN_MS, noDelay: true },
  })
  const storefront = new Storefront(options)
  const { strategies, defaultStrategy, readStatus, readOrder, context } = options
  const ping = () => context.redis.call('PING')
  const routes = routesOf({ strategies, defaultStrategy, storefront, readStatus, readOrder, ping })
  acceptForms(app)
  for (const route of routes) app.route(route)
  app.setNotFoundHandler((request, reply) => send(reply, noSuchRoute(routes, request.method, request.url)))
  app.setErrorHandler((error, _request, reply) => {
    const known = answerOfError(error)
    if (known === null) options.onBug?.(error)
    return send(reply, known ?? errorAnswer(500, 'internal error'))
  })
  app.addHook('onClose', () => storefront.close())
  return app
}

/** What a failed request gets; null for what nobody foresaw. */
const answerOfError = (error: unknown): Answer | null => {
  if (error instanceof Refusal) return errorAnswer(error.status, error.message)
  if (error instanceof StockMissing) return errorAnswer(404, error.message)
  if (error instanceof RedisFailure) return errorAnswer(503, 'Redis cannot be reached or refused; nothing was bought')
  if (error instanceof SeckillError) return errorAnswer(statusOf(error), error.message)
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  if (typeof status === 'number' && status >= 400 && status < 500) return errorAnswer(status, messageOf(error))
  return null
}

const statusOf = ({ code }: SeckillError): number => {
  if (code.startsWith('redis_')) return 503
  if (code === 'meta_missing') return 404
  if (code === 'unsupported') return 501
  return code === 'wrong_type' || code === 'meta_newer' ? 409 : 500
}

const noSuchRoute = (routes: readonly Route[], method: string, url: string): Answer => {
  const path = url.split('?', 1)[0] as string
  const known = routes.find(({ url: wanted }) => new RegExp(`^${wanted.replace(/:\w+/, '[^/]+')}$`).test(path))
  if (!known) return errorAnswer(404, `no such path; there are: ${routes.map((route) => route.url).join(' ')}`)
  const answer = errorAnswer(405, `${path} wants ${known.method}, not ${method}`)
  return { ...answer, headers: { ...answer.headers, allow: known.method } }
}
