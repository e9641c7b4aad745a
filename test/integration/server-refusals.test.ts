import { describe, expect, it } from 'vitest'
import { RedisFailure, RedisPort } from '../../src/redis/port.js'
import { DOCUMENT_MESSAGES } from '../../src/sale/http-contract.js'
import { saleKeys } from '../../src/sale/keys.js'
import type { Outcome } from '../../src/sale/outcome.js'
import type { DeclaredSale } from '../../src/server/sale-guard.js'
import { STRATEGIES } from '../../src/strategies/index.js'
import { freshSaleId } from '../helpers/redis.js'
import { client, expectTold, fake, open, post, seed } from '../helpers/reference-server.js'

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
    // Like increx, it cannot tell an absent counter from an empty one.
    const blind = fake('blind', async () => 'sold_out', 'counter')
    const counter = open({ strategies: [...STRATEGIES, blind] })
    counter.declared = { layout: 'counter', limit: 2 }
    expect((await post(counter, '/incr', { username: 'a', purchase: '1' })).status).toBe(404)
    await seed(counter, 'counter', 5)
    await expectTold(counter, '/incr', 'a', '1', 'sold')
    await client.redis.call('DEL', counter.keys.stock)
    expect((await post(counter, '/incr', { username: 'b', purchase: '1' })).status).toBe(404)
    expect((await post(counter, '/buy/blind', { username: 'b', purchase: '1' })).status).toBe(404)
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
