import { type AddressInfo, connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import { connectRedis } from '../../src/redis/client.js'
import { parseRedisUrl } from '../../src/redis/url.js'
import { DOCUMENT_MESSAGES } from '../../src/sale/http-contract.js'
import { STRATEGIES } from '../../src/strategies/index.js'
import type { Strategy } from '../../src/strategies/strategy.js'
import { testRedisUrl } from '../helpers/redis.js'
import { client, expectTold, fake, open, post, seed } from '../helpers/reference-server.js'

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

  it.each(STRATEGIES.filter(({ requires, backOffice }) => !requires && !backOffice))(
    'work on /buy/$name',
    async ({ name, layout }) => {
      const bench = open()
      await seed(bench, layout, 5)
      await expectTold(bench, `/buy/${name}`, '王芳 & 1=2+%', '1', 'sold')
      await expectTold(bench, `/buy/${name}`, '王芳 & 1=2+%', '1', 'already_bought')
      await expectTold(bench, `/buy/${name}`, 'x', '3', 'rejected')
    },
  )

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
