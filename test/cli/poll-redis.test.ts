import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { on, seckill, seckillStart, testFolder } from '../helpers/cli.js'
import { polledShop } from '../helpers/polled-shop.js'
import { startPrivateRedis } from '../helpers/private-redis.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, ownRedis, redisAt } from './world.js'

/** A shop that accepts orders and answers no poll over HTTP; its decisions stand in Redis, which a test writes. */
const shop = () => polledShop(() => ({ status: 500 }))

const ACCEPTS = ['--users', '12', '--quantity', '1', '--outcome', 'queued=status:202', '--poll-interval', '5ms']
const tickets = Array.from({ length: 12 }, (_, i) => `t${i + 1}`)

const blast = async (url: string, redis: string, poll: string, ...flags: string[]) => {
  const args = ['blast', url, ...ACCEPTS, '--poll', poll, ...flags, '--json', '--redis', redis]
  const { stdout, stderr, code } = await seckill(args)
  return { ...JSON.parse(stdout), stderr, code }
}

describe('blast --poll redis:', () => {
  it('reads decisions where the shop writes them, in whatever shape', async () => {
    const { url: at, redis } = await ownRedis()
    const { url, orders } = await shop()
    for (const [i, ticket] of tickets.entries()) {
      await redis.call('SET', `order:${ticket}`, i < 5 ? 'sold' : 'sold_out')
      await redis.call('HSET', 'orders', ticket, JSON.stringify({ status: i < 5 ? 2 : 3 }))
      await redis.call('HSET', `of:${ticket}`, 'state', i < 5 ? 'won' : 'lost')
      if (i < 5) await redis.call('SADD', 'winners', ticket)
      else await redis.call('SADD', 'losers', ticket)
    }
    const cases: [string, ...string[]][] = [
      ['redis:GET order:{{ticket}}'],
      ['redis:HGET orders {{ticket}}', 'sold=json:$.status=2', 'sold_out=json:$.status=3'],
      ['redis:HGET "of:{{ticket}}" state', 'sold=text=won', 'sold_out=regex:/^LOST$/i'],
      ['redis:HGETALL of:{{ticket}}', 'sold=json:$.state=won', 'sold_out=json:$.state=lost'],
      ['redis:HMGET of:{{ticket}} none state', 'sold=json:$[1]=won', 'sold_out=json:$[1]=lost'],
      ['redis:SISMEMBER winners {{ticket}}', 'sold=text:1', 'sold_out=text=0'],
    ]
    for (const [poll, ...rules] of cases) {
      const { followed, code } = await blast(url, at, poll, ...rules.flatMap((rule) => ['--poll-outcome', rule]))
      expect(followed, poll).toMatchObject({ queued: 12, undecided: 0, notFollowed: 0, polls: 12, failures: [] })
      expect([followed.outcomes, code], poll).toEqual([{ sold: 5, sold_out: 7 }, 0])
      // Each further run orders anew, under tickets that nobody has decided.
      const last = orders().length
      for (let n = last + 1; n <= last + 12; n++) {
        const [ticket, won] = [`t${n}`, n - last <= 5]
        await redis.call('SET', `order:${ticket}`, won ? 'sold' : 'sold_out')
        await redis.call('HSET', 'orders', ticket, JSON.stringify({ status: won ? 2 : 3 }))
        await redis.call('HSET', `of:${ticket}`, 'state', won ? 'won' : 'lost')
        await redis.call('SADD', won ? 'winners' : 'losers', ticket)
      }
    }
    expect(orders().every(({ polls }) => polls === 0)).toBe(true)
  })

  it('an absent key is no decision: it is asked again, by several workers, until the shop has written it', async () => {
    const { url: at, redis } = await ownRedis()
    const { url, orders } = await shop()
    const poll = ['--poll', 'redis:HGET decided {{user}}', '--workers', '3']
    const running = seckillStart(['blast', url, ...ACCEPTS, ...poll, '--json', '--redis', at])
    await expect.poll(() => orders().length).toBe(12)
    const asked = async () =>
      Number(/calls=(\d+)/.exec(String(await redis.call('INFO', 'commandstats')).split('cmdstat_hget:')[1] ?? '')?.[1])
    await expect.poll(asked).toBeGreaterThan(24)
    for (const { user } of orders()) await redis.call('HSET', 'decided', user, 'sold')
    const { stdout, code } = await running.exited
    const { followed } = JSON.parse(stdout)
    expect([code, followed.outcomes, followed.undecided]).toEqual([0, { sold: 12 }, 0])
    expect(followed.polls).toBe(await asked())
  })

  it('an error, or an answer that no rule knows, decides nothing, and is said by name', async () => {
    const { url: at, redis } = await ownRedis()
    const { url } = await shop()
    await redis.call('LPUSH', 'orders', 'sold')
    const limit = ['--poll-timeout', '1s', '--poll-outcome', 'error=regex:/WRONGTYPE|sold/']
    const wrong = await blast(url, at, 'redis:HGET orders {{ticket}}', ...limit)
    expect(wrong.followed).toMatchObject({ queued: 12, undecided: 12, outcomes: {} })
    const [{ count, reason }] = wrong.followed.failures
    expect([count, reason]).toEqual([
      wrong.followed.polls,
      expect.stringMatching(/^redis 127\.0\.0\.1:\d+\/0: WRONGTYPE/),
    ])
    expect(wrong.stderr).toMatch(
      /warning: 12 attempts stayed undecided; [\d,]+ polls brought no answer: redis .*WRONGTYPE/,
    )
    const odd = await blast(url, at, 'redis:TYPE orders', '--poll-timeout', '1s')
    const unmatched = [{ count: odd.followed.polls, sample: 'list' }]
    expect(odd.followed).toMatchObject({ undecided: 12, outcomes: {}, failures: [], unmatched })
    expect(odd.stderr).toMatch(/no rule knows the answer to [\d,]+ polls \(--poll-outcome\): list/)
  })

  it.each(['1', '2'])(
    'Redis that goes in the middle leaves the rest undecided, in bounded time, with %s',
    async (workers) => {
      const server = await startPrivateRedis()
      onTestFinished(server.stop)
      const { url, orders } = await shop()
      const redis = await redisAt(server.url)
      const limits = ['--poll-timeout', '5s', '--timeout', '1s', '--workers', workers]
      const args = [
        'blast',
        url,
        ...ACCEPTS,
        '--poll',
        'redis:GET order:{{ticket}}',
        ...limits,
        '--json',
        '--redis',
        server.url,
      ]
      for (const ticket of ['t1', 't2']) await redis.call('SET', `order:${ticket}`, 'sold')
      const running = seckillStart(args)
      await expect.poll(() => orders().length).toBe(12)
      const stat = async (name: string) =>
        Number(String(await redis.call('INFO', 'stats')).match(new RegExp(`${name}:(\\d+)`))?.[1])
      await expect.poll(() => stat('keyspace_hits')).toBe(2)
      // Whoever asks again has read what came before.
      const missed = await stat('keyspace_misses')
      await expect.poll(() => stat('keyspace_misses')).toBeGreaterThan(missed + 60)
      await server.stop()
      const { stdout, stderr, code } = await running.exited
      const { followed } = JSON.parse(stdout)
      expect([code, followed.outcomes, followed.undecided], stderr).toEqual([0, { sold: 2 }, 10])
      expect(stderr).toMatch(/warning: 10 attempts stayed undecided; [\d,]+ polls brought no answer: redis /)
    },
  )

  it.each([
    ['redis:SET a {{user}}', /SET is none of the commands that only read; one of GET,/],
    ['redis:HGET orders', /HGET takes 2 arguments, not 1/],
    ['redis:GET {{tickte}}', /tickte/],
    ['redis:GET "a', /a quote that does not end/],
  ])('%s: one line, and nothing is bought', async (poll, saying) => {
    const { url, orders } = await shop()
    expectRefusal(await seckill(['blast', url, '--poll', poll, ...on(freshSaleId())]), 2, saying)
    expect(orders()).toEqual([])
  })

  it('needs the Redis that it reads', async () => {
    const { url, orders } = await shop()
    const result = await seckill(['blast', url, '--poll', 'redis:GET {{user}}', '--redis', 'redis://127.0.0.1:1'])
    expectRefusal(result, 3, /^error: redis 127\.0\.0\.1:1\/0 cannot be reached/)
    expect(orders()).toEqual([])
  })
})

describe('target.poll that reads Redis', () => {
  const fileWith = (url: string, id: string, poll: string): string => {
    const file = `${id}.yaml`
    const text = `sale: { id: ${id}, stock: { key: "goods_${id}", type: string-down, initial: 5 }, records: [{ key: "${id}_users", type: hash }] }
target:
  url: ${url}
  poll: ${poll}
outcomes: [{ status: 202, is: queued }]
load: { users: 12, quantity: 1, workers: 2 }
`
    writeFileSync(join(testFolder(), file), text)
    return file
  }
  const POLL = '{ request: "redis:HGET decided {{user}}", interval: 5ms, outcomes: [{ text: "1", is: sold }] }'

  it('is followed, by the workers of the file; another --poll takes its place, and --save keeps it', async () => {
    const { url: at, redis } = await ownRedis()
    const { url } = await polledShop(() => 'sold_out')
    const file = fileWith(url, freshSaleId(), POLL)
    const users = Array.from({ length: 12 }, (_, i) => `user${i}`)
    writeFileSync(join(testFolder(), 'users.txt'), users.join('\n'))
    for (const user of users) await redis.call('HSET', 'decided', user, 1)
    const run = async (...flags: string[]) => {
      const args = ['blast', '--file', file, '--usernames', '@users.txt', ...flags, '--json', '--redis', at]
      return JSON.parse((await seckill(args)).stdout).followed
    }
    expect(await run()).toMatchObject({ queued: 12, outcomes: { sold: 12 }, polls: 12 })
    const overHttp = ['--poll', 'GET /orders/{{ticket}}', '--poll-outcome', 'sold_out=json:$.state']
    expect(await run(...overHttp)).toMatchObject({ outcomes: { sold_out: 12 } })
    const withBody = fileWith(url, freshSaleId(), '{ request: POST /orders, form: { id: "{{ticket}}" } }')
    const flags = ['--file', withBody, '--poll', 'redis:HGET decided {{user}}', '--poll-outcome', 'sold=text=1']
    expect(await run(...flags)).toMatchObject({ outcomes: { sold: 12 } })
  })

  it('is in nobody’s way: doctor, race and a dry run read such a file', async () => {
    const { url } = await polledShop(() => null)
    const file = fileWith(url, freshSaleId(), POLL)
    const doctor = await seckill(['doctor', '--file', file, '--json', ...on('x')])
    expect(JSON.parse(doctor.stdout)).toMatchObject({ command: 'doctor', target: new URL(url).origin })
    const dry = await seckill(['blast', '--file', file, '--dry-run', ...on('x')])
    expect(dry).toMatchObject({ code: 0 })
    const raced = await seckill(['race', '--file', file, '--dry-run'])
    expect(raced.stderr).not.toContain('poll')
  })

  it.each([
    ['{ request: "redis:DEL a" }', /target\.poll\.request: --poll "redis:DEL a": DEL is none of the commands/],
    ['{ request: "redis:GET a", form: { a: 1 } }', /target\.poll\.form: a poll that reads Redis has no form/],
    ['{ request: "redis:GET a", headers: { a: b } }', /target\.poll\.headers: a poll that reads Redis has no form/],
  ])('%s is told where it stands', async (poll, saying) => {
    const file = fileWith('http://127.0.0.1:9/buy', freshSaleId(), poll)
    expectRefusal(await seckill(['blast', '--file', file]), 2, saying)
  })
})
