import { type AddressInfo, connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import { connectRedis, type RedisClient } from '../../src/redis/client.js'
import { RedisFailure, RedisPort } from '../../src/redis/port.js'
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
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'

let client: RedisClient
beforeAll(async () => {
  client = await connectRedis(parseRedisUrl(testRedisUrl()))
})
afterAll(() => client.close())

const apps: FastifyInstance[] = []
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()))
})

interface Bench {
  readonly app: FastifyInstance
  readonly keys: SaleKeys
  declared: DeclaredSale | null
  nowMs: number
}

/** The server on a sale of its own, with a clock and a meta that the test holds. */
const open = (options: Partial<AppOptions> = {}, context: Partial<StrategyContext> = {}): Bench => {
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
    supports: async () => false,
    ...options,
  })
  apps.push(app)
  const bench: Bench = { app, keys, declared: null, nowMs: 0 }
  return bench
}

const seed = async ({ keys }: Bench, layout: LayoutName, stock: number): Promise<void> => {
  await client.redis.call('DEL', keys.stock, keys.records)
  if (layout === 'counter') await client.redis.call('SET', keys.stock, stock)
  else await client.redis.call('RPUSH', keys.stock, ...Array<string>(stock).fill('1'))
}

const post = async ({ app }: Bench, url: string, form: Record<string, string>) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const {
    statusCode,
    body,
    headers: got,
  } = await app.inject({ method: 'POST', url, headers, payload: `${new URLSearchParams(form)}` })
  return { status: statusCode, told: JSON.parse(body), headers: got }
}

/** Buys, and expects the document's message for this outcome. */
const expectTold = async (
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

const fake = (name: string, buy: () => Promise<Outcome>): Strategy => ({
  ...{ name, summary: '', layout: 'list', breaks: { always: [] } },
  open: () => ({ buy, close: async () => {} }),
})

describe('purchases', () => {
  it('go through the whole sale of the document over /seckill', async () => {
    const bench = open()
    await seed(bench, 'list', 3)
    bench.declared = { layout: 'list', limit: 2 }
    await expectTold(bench, '/seckill', '小明', '2', 'sold')
    await expectTold(bench, '/seckill', '小明', '1', 'already_bought')
    await expectTold(bench, '/seckill', 'b', '2', 'insufficient_stock')
    for (const purchase of ['0', '3', '-1', '1.5', 'abc', ''])
      await expectTold(bench, '/seckill', 'c', purchase, 'rejected')
    expect(await post(bench, '/seckill', { username: 'c' })).toMatchObject({ told: DOCUMENT_MESSAGES.rejected })
    await expectTold(bench, '/seckill', 'c', '1', 'sold')
    await expectTold(bench, '/seckill', 'd', '1', 'sold_out')
    expect(await client.redis.hget(bench.keys.records, '小明')).toBe('2')
  })

  it.each(STRATEGIES.filter(({ requires }) => !requires))('work on /buy/$name', async ({ name, layout }) => {
    const bench = open()
    await seed(bench, layout, 5)
    await expectTold(bench, `/buy/${name}`, '王芳 & 1=2+%', '1', 'sold')
    await expectTold(bench, `/buy/${name}`, '王芳 & 1=2+%', '1', 'already_bought')
    await expectTold(bench, `/buy/${name}`, 'x', '3', 'rejected')
  })

  it("reach the document's other strategies over /incr and /basic", async () => {
    const incr = open()
    await seed(incr, 'counter', 1)
    await expectTold(incr, '/incr', 'a', '1', 'sold_out')
    const basic = open()
    await seed(basic, 'list-basic', 2)
    expect(await post(basic, '/basic', { username: 'a' })).toMatchObject({ told: DOCUMENT_MESSAGES.sold })
    await expectTold(basic, '/basic', 'b', '2', 'rejected')
    await expectTold(basic, '/basic', 'b', '1', 'sold')
    await expectTold(basic, '/basic', 'c', '1', 'sold_out')
  })

  it('take JSON bodies too', async () => {
    const bench = open()
    await seed(bench, 'list', 3)
    const buy = (payload: object) => bench.app.inject({ method: 'POST', url: '/seckill', payload })
    expect((await buy({ username: '小红', purchase: 2 })).json()).toBe(DOCUMENT_MESSAGES.sold)
    expect((await buy({ username: '小蓝', purchase: '1' })).json()).toBe(DOCUMENT_MESSAGES.sold)
    expect(await client.redis.call('HGETALL', bench.keys.records)).toEqual(['小红', '2', '小蓝', '1'])
    expect(await buy({ purchase: 1 })).toMatchObject({ statusCode: 400, body: '"username is missing"\n' })
  })

  it('answer byte for byte as flask-restful does, whatever the chunks of the request', async () => {
    const bench = open()
    await seed(bench, 'list', 1)
    await bench.app.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect((bench.app.server.address() as AddressInfo).port, '127.0.0.1').setNoDelay()
    const body = Buffer.from('username=小明&purchase=1')
    socket.write(
      `POST /seckill HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    // The second byte of a three-byte character starts the second chunk.
    await new Promise((resolve) => socket.write(body.subarray(0, 10), resolve))
    socket.write(body.subarray(10))
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    const [head = '', text] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n')
    expect(head.split('\r\n')[0]).toBe('HTTP/1.1 200 OK')
    expect(head.toLowerCase().split('\r\n')).toEqual(
      expect.arrayContaining(['content-type: application/json', 'content-length: 57']),
    )
    expect(text).toBe('"\\u606d\\u559c\\u60a8\\uff0c\\u60a8\\u5df2\\u62a2\\u5230\\u3002"\n')
    expect(await client.redis.hget(bench.keys.records, '小明')).toBe('1')
  })
})

describe('refusals', () => {
  it('name a missing user, a missing sale, another layout', async () => {
    const bench = open()
    expect(await post(bench, '/seckill', { username: '', purchase: '1' })).toMatchObject({
      status: 400,
      told: 'username is missing',
    })
    expect(await post(bench, '/seckill', { username: 'a', purchase: '1' })).toMatchObject({
      status: 404,
      told: { error: `no stock at key ${bench.keys.stock}: run seckill init first` },
    })
    await seed(bench, 'counter', 5)
    const both = { error: 'this sale has layout counter, but list-naive sells from layout list' }
    expect(await post(bench, '/seckill', { username: 'a', purchase: '1' })).toMatchObject({ status: 409, told: both })
    await expectTold(bench, '/incr', 'a', '1', 'sold')
    await client.redis.call('DEL', bench.keys.stock, bench.keys.records)
    await client.redis.call('SADD', bench.keys.stock, 'x')
    bench.nowMs += 1_000
    const response = await post(bench, '/incr', { username: 'b', purchase: '1' })
    expect(response.status).toBe(409)
    expect(response.told.error).toContain(`${bench.keys.stock} is a set`)
  })

  it('tell list from list-basic by the records, or by the meta before there are any', async () => {
    const bench = open()
    await seed(bench, 'list', 2)
    await client.redis.call('RPUSH', bench.keys.records, 'somebody')
    expect((await post(bench, '/seckill', { username: 'a', purchase: '1' })).told.error).toContain(
      'layout list-basic, but',
    )
    await expectTold(bench, '/basic', 'a', '1', 'sold')
    const declared = open()
    await seed(declared, 'list', 2)
    declared.declared = { layout: 'list', limit: 2 }
    expect((await post(declared, '/basic', { username: 'a', purchase: '1' })).told.error).toContain(
      'layout list, but list-basic',
    )
  })

  it('tell a sold-out list (its key is gone) from a counter that is gone', async () => {
    const bench = open()
    bench.declared = { layout: 'list', limit: 2 }
    await expectTold(bench, '/seckill', 'a', '1', 'sold_out')
    const counter = open()
    counter.declared = { layout: 'counter', limit: 2 }
    expect((await post(counter, '/incr', { username: 'a', purchase: '1' })).status).toBe(404)
    await seed(counter, 'counter', 5)
    await expectTold(counter, '/incr', 'a', '1', 'sold')
    await client.redis.call('DEL', counter.keys.stock)
    expect((await post(counter, '/incr', { username: 'b', purchase: '1' })).status).toBe(404)
  })

  it('say which command the server lacks, and ask again only until it is there', async () => {
    let asked = 0
    const bench = open({ supports: async () => ++asked > 1 })
    await seed(bench, 'counter', 5)
    const response = await post(bench, '/buy/increx', { username: 'a', purchase: '1' })
    expect(response.status).toBe(501)
    expect(response.told.error).toBe(
      'increx needs the command INCREX (Redis ≥ 8.8 or Valkey ≥ 9.2), which this Redis lacks',
    )
    await post(bench, '/buy/increx', { username: 'a', purchase: '1' })
    await post(bench, '/buy/increx', { username: 'a', purchase: '1' })
    expect(asked).toBe(2)
  })

  it('list the routes, the right method, and what is wrong with a body', async () => {
    const bench = open()
    const unknown = await post(bench, '/buy/nonsense?x=1', {})
    expect(unknown.status).toBe(404)
    expect(unknown.told.error).toContain('/buy/counter-batch')
    const get = await bench.app.inject('/seckill?username=a')
    expect([get.statusCode, get.headers.allow, get.json()]).toEqual([
      405,
      'POST',
      { error: '/seckill wants POST, not GET' },
    ])
    const broken = {
      method: 'POST',
      url: '/seckill',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    } as const
    expect(await bench.app.inject(broken)).toMatchObject({
      statusCode: 400,
      headers: { 'content-type': 'application/json' },
    })
    const xml = { ...broken, headers: { 'content-type': 'text/xml' } }
    expect((await bench.app.inject(xml)).statusCode).toBe(415)
  })

  it('turn trouble into 429 and 503, and bugs into 500 without their text', async () => {
    const bugs: unknown[] = []
    const buys = {
      throttled: async () => 'throttled',
      unknown: async () => 'unknown',
      not_sent: async () => 'not_sent',
      refused: () => Promise.reject(new RedisFailure('refused', 'NOPERM secret', 'NOPERM')),
      bug: () => Promise.reject(new Error('secret')),
    } as Record<string, () => Promise<Outcome>>
    const strategies = Object.entries(buys).map(([name, buy]) => fake(name, buy))
    const bench = open({ strategies, defaultStrategy: 'throttled', onBug: (error) => bugs.push(error) })
    await seed(bench, 'list', 1)
    const answers = await Promise.all(
      strategies.map(({ name }) => post(bench, `/buy/${name}`, { username: 'a', purchase: '1' })),
    )
    expect(answers.map(({ status }) => status)).toEqual([429, 503, 503, 503, 500])
    expect(answers.map(({ headers }) => headers['retry-after'])).toEqual(['1', '1', '1', '1', undefined])
    expect(JSON.stringify(answers.map(({ told }) => told))).not.toContain('secret')
    expect(bugs).toHaveLength(1)
  })
})

describe('the sale guard', () => {
  const counted = () => {
    const calls: string[] = []
    const redis = new RedisPort((unit) => {
      if (unit.kind === 'command') calls.push(unit.name)
      return client.redis.execute(unit)
    })
    return { context: { redis }, checks: () => calls.filter((name) => name === 'TYPE').length / 2 }
  }

  it('trusts a good sale for a second, and looks once for requests that come together', async () => {
    const { context, checks } = counted()
    const bench = open({}, context)
    await seed(bench, 'counter', 9)
    const buy = (user: string) => expectTold(bench, '/buy/counter-lua', user, '1', 'sold')
    await Promise.all(['a', 'b', 'c'].map(buy))
    bench.nowMs = 999
    await buy('d')
    expect(checks()).toBe(1)
    bench.nowMs = 1_000
    await buy('e')
    expect(checks()).toBe(2)
  })

  it('never remembers a missing or a different sale', async () => {
    const bench = open()
    const status = async (url: string) => (await post(bench, url, { username: 'a', purchase: '3' })).status
    expect(await status('/incr')).toBe(404)
    await seed(bench, 'counter', 1)
    expect([await status('/incr'), await status('/seckill')]).toEqual([200, 409])
    await seed(bench, 'list', 1)
    expect(await status('/seckill')).toBe(200)
  })

  it('answers no only from a look that began after the request came', async () => {
    const looks: ((sale: DeclaredSale | null) => void)[] = []
    const readSale = () => new Promise<DeclaredSale | null>((resolve) => looks.push(resolve))
    const bench = open({ readSale })
    await bench.app.ready()
    const buy = (user: string) => post(bench, '/seckill', { username: user, purchase: '1' })
    const early = buy('a')
    await expect.poll(() => looks.length).toBe(1)
    const late = [buy('b'), buy('c')]
    // Both have joined the first look once the server has read them.
    await bench.app.inject('/healthz')
    looks[0]?.(null)
    expect((await early).status).toBe(404)
    await expect.poll(() => looks.length).toBe(2)
    looks[1]?.({ layout: 'list', limit: 2 })
    expect((await Promise.all(late)).map(({ told }) => told)).toEqual([
      DOCUMENT_MESSAGES.sold_out,
      DOCUMENT_MESSAGES.sold_out,
    ])
    expect(looks).toHaveLength(2)
  })

  it('follows a sale that was seeded anew with other keys and another limit', async () => {
    const bench = open()
    await seed(bench, 'counter', 9)
    const buy = (user: string, n: string, outcome: keyof typeof DOCUMENT_MESSAGES) =>
      expectTold(bench, '/buy/counter-lua', user, n, outcome)
    await buy('a', '3', 'rejected')
    const other = saleKeys(freshSaleId())
    await client.redis.call('SET', other.stock, 5)
    bench.declared = { layout: 'counter', limit: 3, keys: other }
    await buy('a', '3', 'sold')
    expect(await client.redis.call('MGET', bench.keys.stock, other.stock)).toEqual(['9', '2'])
  })
})

describe('status and health', () => {
  it('tell what they are given', async () => {
    const bench = open()
    const status = await bench.app.inject('/status')
    expect([status.statusCode, status.body]).toEqual([200, '{"sale":"\\u79d2\\u6740","stock":{"remaining":3}}\n'])
    expect(await bench.app.inject('/healthz')).toMatchObject({ statusCode: 200, body: '{"ok":true}\n' })
  })

  it('answer 503 when Redis is gone, on every route', async () => {
    const gone = await connectRedis(parseRedisUrl(testRedisUrl()))
    await gone.close()
    const error = new SeckillError('redis_unreachable', 'redis h:1 cannot be reached')
    const bench = open({ readStatus: () => Promise.reject(error) }, { redis: gone.redis })
    expect(await bench.app.inject('/healthz')).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } })
    expect((await bench.app.inject('/status')).json()).toEqual({ error: 'redis h:1 cannot be reached' })
    expect((await post(bench, '/seckill', { username: 'a', purchase: '1' })).status).toBe(503)
  })
})

it('closes its shops once, and never opened ones not at all', async () => {
  const log: string[] = []
  const strategy = (name: string): Strategy => ({
    ...fake(name, async () => 'sold'),
    open: async () => {
      log.push(`open ${name}`)
      return { buy: async () => 'sold', close: async () => void log.push(`close ${name}`) }
    },
  })
  const bench = open({ strategies: [strategy('one'), strategy('two')], defaultStrategy: 'one' })
  await seed(bench, 'list', 1)
  await Promise.all(['a', 'b'].map((user) => expectTold(bench, '/buy/one', user, '1', 'sold')))
  await expectTold(bench, '/seckill', 'c', '1', 'sold')
  await bench.app.close()
  expect(log).toEqual(['open one', 'close one'])
})

it('keeps idle connections long enough for load generators', () => {
  const server = open().app.server
  expect(server.keepAliveTimeout).toBe(60_000)
  expect(server.headersTimeout).toBeGreaterThanOrEqual(600_000)
})
