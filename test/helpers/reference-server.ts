import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { connectRedis, type RedisClient } from '../../src/redis/client.js'
import { parseRedisUrl } from '../../src/redis/url.js'
import { systemClock } from '../../src/sale/clock.js'
import { DOCUMENT_MESSAGES } from '../../src/sale/http-contract.js'
import { type SaleKeys, saleKeys } from '../../src/sale/keys.js'
import type { LayoutName } from '../../src/sale/layout.js'
import type { Outcome } from '../../src/sale/outcome.js'
import { type AppOptions, buildApp } from '../../src/server/app.js'
import type { DeclaredSale } from '../../src/server/sale-guard.js'
import { STRATEGIES } from '../../src/strategies/index.js'
import type { Strategy, StrategyContext } from '../../src/strategies/strategy.js'
import { freshSaleId, testRedisUrl } from './redis.js'

/** Connected before the tests of the importing file. */
export let client: RedisClient
beforeAll(async () => {
  client = await connectRedis(parseRedisUrl(testRedisUrl()))
})
afterAll(() => client.close())

const apps: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()))
})

export interface Bench {
  readonly app: FastifyInstance
  readonly keys: SaleKeys
  declared: DeclaredSale | null
  nowMs: number
}

/** The server on a sale of its own, with a clock and a meta that the test holds. */
export const open = (options: Partial<AppOptions> = {}, context: Partial<StrategyContext> = {}): Bench => {
  const keys = saleKeys(freshSaleId())
  const clock = { now: () => bench.nowMs, sleep: systemClock.sleep }
  const app = buildApp({
    strategies: STRATEGIES,
    defaultStrategy: 'list-naive',
    context: {
      ...{ redis: client.redis, dedicated: client.dedicated, keys, limit: 2, clock },
      newToken: () => 'token',
      ...context,
    },
    readSale: async () => bench.declared,
    readStatus: async () => ({ sale: '秒杀', stock: { remaining: 3 } }),
    readOrder: async () => null,
    queueFor: () => Promise.reject(new Error('this server has no queue')),
    supports: async () => false,
    ...options,
  })
  apps.push(app)
  const bench: Bench = { app, keys, declared: null, nowMs: 0 }
  return bench
}

export const seed = async ({ keys }: Bench, layout: LayoutName, stock: number): Promise<void> => {
  await client.redis.call('DEL', keys.stock, keys.records)
  if (layout === 'counter') await client.redis.call('SET', keys.stock, stock)
  else await client.redis.call('RPUSH', keys.stock, ...Array<string>(stock).fill('1'))
}

export const post = async ({ app }: Bench, url: string, form: Record<string, string>) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const {
    statusCode,
    body,
    headers: got,
  } = await app.inject({ method: 'POST', url, headers, payload: `${new URLSearchParams(form)}` })
  return { status: statusCode, told: JSON.parse(body), headers: got }
}

/** Buys, and expects the document's message for this outcome. */
export const expectTold = async (
  bench: Bench,
  url: string,
  user: string,
  purchase: string,
  outcome: keyof typeof DOCUMENT_MESSAGES,
) =>
  expect(await post(bench, url, { username: user, purchase })).toMatchObject({
    status: 200,
    told: DOCUMENT_MESSAGES[outcome],
  })

export const fake = (name: string, buy: () => Promise<Outcome>, layout: LayoutName = 'list'): Strategy => ({
  ...{ name, summary: '', layout, breaks: { always: [] } },
  open: () => ({ buy, close: async () => {} }),
})
