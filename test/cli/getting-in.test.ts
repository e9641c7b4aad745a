import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { on, seckill, seckillStart, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, redisAt } from './world.js'

type Answer = readonly [status: number, json: unknown, headers?: Readonly<Record<string, string>>]

interface Asked {
  readonly request: IncomingMessage
  readonly path: string
  readonly form: URLSearchParams
}

/** A shop that answers as the test says, and keeps what was asked: `POST /login`, …. */
const shop = async (answer: (asked: Asked) => Answer | Promise<Answer>) => {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const path = request.url as string
    asked.push(`${request.method} ${path}`)
    const [status, json, headers] = await answer({
      request,
      path,
      form: new URLSearchParams(Buffer.concat(chunks).toString()),
    })
    response.writeHead(status, headers).end(JSON.stringify(json))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/buy`, asked }
}

const saleFile = (lines: string) => writeFileSync(join(testFolder(), 'seckill.yaml'), lines)

const blast = async (...flags: string[]) => {
  const result = await seckill(['blast', '--json', '--concurrency', '3', '--seed', '7', ...flags, ...on(freshSaleId())])
  return { ...result, json: () => JSON.parse(result.stdout) }
}

describe('users.login', () => {
  const login = (url: string, more = '') => `
target: { url: "${url}", headers: { authorization: "{{token}}", cookie: "SID={{sid}}" } }
users:
  names: sequential
  login:
    path: /login
    form: { phone: "{{user}}", code: "123456" }
    capture: { token: "json:$.data.token", sid: "cookie:SID" }
    ${more}
outcomes: [ { json: "$.ok", equals: true, is: sold } ]
`
  const open = ({ path, form, request }: Asked): Answer => {
    const phone = form.get('phone')
    if (path === '/login')
      return [200, { data: { token: `t-${phone}` } }, { 'set-cookie': `SID=s-${phone}; Path=/; HttpOnly` }]
    const user = form.get('username')
    return [200, { ok: request.headers.authorization === `t-${user}` && request.headers.cookie === `SID=s-${user}` }]
  }

  it('lets every user in before the clock starts, and counts no login', async () => {
    const { url, asked } = await shop(open)
    saleFile(login(url))
    const { json, stderr } = await blast('--users', '40')
    expect(json(), stderr).toMatchObject({ attempts: 40, outcomes: { sold: 40 }, statusCodes: { 200: 40 } })
    expect(asked.slice(0, 40).every((line) => line === 'POST /login')).toBe(true)
    expect(asked.slice(40).every((line) => line === 'POST /buy')).toBe(true)
    expect(stderr).toMatch(/40 users logged in, in .*; neither counted nor timed/)
  })

  it('and every thread knows what they told', async () => {
    const { url, asked } = await shop(open)
    saleFile(login(url))
    const { json, stderr } = await blast('--users', '40', '--workers', '2')
    expect(json().outcomes, stderr).toEqual({ sold: 40 })
    expect(asked.filter((line) => line === 'POST /login')).toHaveLength(40)
  })

  it('keeps to its own rate', async () => {
    const { url } = await shop(open)
    saleFile(login(url, 'rate: 50/s'))
    const { json, stderr } = await blast('--users', '20')
    expect(json().outcomes).toEqual({ sold: 20 })
    const [, time, unit] = /logged in, in ([\d.]+) (ms|s);/.exec(stderr) ?? []
    // The last of 20 is due after 19/50 s, and no machine is too fast for that.
    expect(Number(time) * (unit === 's' ? 1_000 : 1)).toBeGreaterThanOrEqual(379)
  })

  it('that fails ends the call, with the answer', async () => {
    const { url, asked } = await shop((it) => (it.path === '/login' ? [401, { msg: '验证码错误' }] : open(it)))
    saleFile(login(url))
    const { code, stdout, stderr } = await seckill(['blast', '--quiet', ...on(freshSaleId())])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(
      /error: the login of "user-0000\d\d" was answered 401 .*验证码错误.*, which holds no token; check users\.login/,
    )
    expect(asked).not.toContain('POST /buy')
  })

  it('works for a single purchase', async () => {
    const { url } = await shop(open)
    saleFile(login(url))
    const { stdout } = await seckill(['buy', '--user', 'ann', '--json', ...on(freshSaleId())])
    expect(JSON.parse(stdout)).toMatchObject({ user: 'ann', outcome: 'sold' })
  })

  it('Ctrl-C ends it', async () => {
    const { url, asked } = await shop(async (it) => (it.path === '/login' ? new Promise(() => {}) : open(it)))
    saleFile(login(url, 'rate: 5/s'))
    const running = seckillStart(['blast', '--timeout', '1h', ...on(freshSaleId())])
    while (!asked.includes('POST /login')) await pause(20)
    running.kill('SIGINT')
    expect((await running.exited).code).toBe(130)
  })
})

describe('users.jwt', () => {
  it('signs a token for each user', async () => {
    const secret = 'Sesame'
    const { url } = await shop(({ request, form }) => {
      const [head, payload, signature] = (request.headers.authorization ?? '').replace('Bearer ', '').split('.')
      const right = createHmac('sha256', secret).update(`${head}.${payload}`).digest('base64url')
      const claims = JSON.parse(Buffer.from(payload as string, 'base64url').toString())
      const header = JSON.parse(Buffer.from(head as string, 'base64url').toString())
      const fits = claims.sub === form.get('username') && claims.exp - claims.iat === 120 && claims.role === 'buyer'
      return [200, { ok: signature === right && fits && header.alg === 'HS256' && typeof claims.uid === 'number' }]
    })
    saleFile(`
target: { url: "${url}", headers: { authorization: "Bearer {{jwt}}" } }
users: { names: zh, jwt: { secret: "\${JWT_SECRET}", claims: { sub: "{{user}}", uid: "{{index}}", role: buyer }, expiresIn: 2m } }
outcomes: [ { json: "$.ok", equals: true, is: sold } ]
`)
    const { stdout, stderr } = await seckill(['blast', '--users', '20', '--json', ...on(freshSaleId())], {
      env: { JWT_SECRET: secret },
    })
    expect(JSON.parse(stdout).outcomes, stderr).toEqual({ sold: 20 })
    expect(stdout + stderr).not.toContain(secret)
    expectRefusal(await seckill(['blast', ...on(freshSaleId())]), 2, /seckill\.yaml:3:\d+ .*JWT_SECRET is not set/)
  })
})

describe('users.redis', () => {
  const sessions = (url: string, prefix: string) =>
    saleFile(`
target: { url: "${url}", headers: { authorization: "{{token}}" } }
users:
  redis: { key: "${prefix}{{token}}", hash: { id: "{{index}}", nickName: "{{user}}" }, ttl: 5m }
outcomes: [ { json: "$.ok", equals: true, is: sold } ]
`)

  it('writes a session for each user, and removes it after', async () => {
    const redis = await redisAt()
    const prefix = `${freshSaleId()}:login:`
    const ttls = new Set<number>()
    const { url } = await shop(async ({ request, form }) => {
      const key = `${prefix}${request.headers.authorization}`
      ttls.add((await redis.call('TTL', key)) as number)
      return [200, { ok: (await redis.hget(key, 'nickName')) === form.get('username') }]
    })
    sessions(url, prefix)
    const { json, stderr } = await blast('--users', '700', '--duplicates', '10%')
    expect(json().outcomes, stderr).toEqual({ sold: 770 })
    expect(stderr).toMatch(/700 sessions written to redis, to be removed after the run/)
    expect(Math.min(...ttls)).toBeGreaterThan(200)
    expect(await redis.call('KEYS', `${prefix}*`)).toEqual([])
  })

  it('removes them after Ctrl-C too', async () => {
    const redis = await redisAt()
    const prefix = `${freshSaleId()}:login:`
    const { url, asked } = await shop(() => new Promise(() => {}))
    sessions(url, prefix)
    const running = seckillStart(['blast', '--users', '30', '--timeout', '10s', ...on(freshSaleId())])
    while (!asked.includes('POST /buy')) await pause(20)
    expect(await redis.call('KEYS', `${prefix}*`)).toHaveLength(30)
    running.kill('SIGINT')
    expect((await running.exited).code).toBe(130)
    expect(await redis.call('KEYS', `${prefix}*`)).toEqual([])
  })

  it('never replaces a key that is there', async () => {
    const redis = await redisAt()
    const prefix = `${freshSaleId()}:login:`
    const { url, asked } = await shop(() => [200, {}])
    saleFile(`
target: { url: "${url}" }
users: { names: sequential, redis: { key: "${prefix}{{user}}", string: "mine" } }
`)
    await redis.call('SET', `${prefix}user-000600`, 'precious')
    const result = await seckill(['blast', '--users', '700', '--quiet', ...on(freshSaleId())])
    expect([result.code, asked]).toEqual([2, []])
    expect(result.stderr).toMatch(/session key .*user-000600 exists already/)
    expect(await redis.call('KEYS', `${prefix}*`)).toEqual([`${prefix}user-000600`])
    await redis.call('DEL', `${prefix}user-000600`)
  })
})

describe('attempt.steps', () => {
  const steps = (url: string) => `
target: { url: "${url}", path: "/buy/{{hidden}}", headers: { x-csrf: "{{csrf}}" } }
attempt:
  steps:
    - { path: "/page?u={{user}}", capture: { csrf: "header:x-csrf" } }
    - { path: "/path?u={{user}}&c={{csrf}}", capture: { hidden: "json:$.data" } }
outcomes: [ { json: "$.code", equals: 0, is: sold }, { json: "$.code", equals: 1, is: sold_out } ]
`
  const answer = ({ path, form, request }: Asked): Answer => {
    const query = new URL(path, 'http://x').searchParams
    if (path.startsWith('/page')) return [200, {}, { 'x-csrf': `c-${query.get('u')}` }]
    if (path.startsWith('/path'))
      return query.get('c') === `c-${query.get('u')}` ? [200, { code: 0, data: `h-${query.get('u')}` }] : [403, {}]
    const user = form.get('username')
    return [200, { code: path === `/buy/h-${user}` && request.headers['x-csrf'] === `c-${user}` ? 0 : 9 }]
  }

  it('are taken before every purchase, within its time', async () => {
    const { url, asked } = await shop(answer)
    saleFile(steps(url))
    const { json, stderr } = await blast('--users', '30')
    expect(json(), stderr).toMatchObject({ attempts: 30, outcomes: { sold: 30 } })
    expect(asked).toHaveLength(90)
  })

  it('come before the burst', async () => {
    const { url, asked } = await shop(answer)
    saleFile(steps(url))
    const { json, stderr } = await blast('--users', '10', '--burst', '--concurrency', '10')
    expect(json().outcomes, stderr).toEqual({ sold: 10 })
    // A purchase is asked for when its last byte is there.
    const first = asked.findIndex((line) => line.startsWith('POST'))
    expect(asked.slice(first).filter((line) => line.startsWith('GET /pa'))).toEqual([])
  })

  it('that tell nothing end the attempt: nothing was bought, and a rule may say why', async () => {
    const { url } = await shop((it) =>
      it.path.startsWith('/path') ? [200, { code: it.path.includes('u0') ? 1 : 0 }] : answer(it),
    )
    saleFile(steps(url))
    const told = await blast('--users', '12', '--usernames', 'template:u{{index}}')
    // A code of 0 without the path is no sale.
    expect(told.json().outcomes, told.stderr).toEqual({ sold_out: 1, not_sent: 11 })
  })
})

describe('a mistake in the way in', () => {
  it.each([
    [
      'users: { login: { path: /l, capture: { t: "jsn:$.a" } } }',
      /:2:\d+ users\.login\.capture\.t: "jsn:\$\.a" captures nothing/,
    ],
    [
      'users: { login: { path: /l, form: { a: "{{t}}" }, capture: { t: "json:$.a" } } }',
      /users\.login\.form: unknown placeholder \{\{t\}\}/,
    ],
    ['users: { login: { capture: { t: "json:$.a" } } }', /users\.login: path is missing/],
    [
      'users: { login: { path: /l, rate: 0/s, capture: { t: "json:$.a" } } }',
      /users\.login\.rate: "0\/s" is not a rate such as 200\/s/,
    ],
    ['users: { login: { path: /l, capture: { index: "json:$.a" } } }', /\{\{index\}\} stands for something else/],
    [
      'users: { jwt: { secret: s, claims: { sub: "{{usr}}" } } }',
      /users\.jwt\.claims: unknown placeholder \{\{usr\}\}.*did you mean user/,
    ],
    ['users: { redis: { key: "login", string: x } }', /users\.redis\.key: all users would have one key/],
    ['users: { redis: { key: "login:{{token}}" } }', /users\.redis: hash or string is missing/],
    [
      'users: { redis: { key: "login:{{tokn}}", string: x } }',
      /unknown placeholder \{\{tokn\}\} in key; did you mean token/,
    ],
    [
      'attempt: { steps: [ { path: /p, capture: { a: "regex:/(/" } } ] }',
      /attempt\.steps\[0\]\.capture\.a: .*captures nothing/,
    ],
    [
      'attempt: { steps: [ { path: "/{{b}}", capture: { b: "json:$.b" } } ] }',
      /attempt\.steps\[0\]\.path: unknown placeholder \{\{b\}\}/,
    ],
    ['users: { file: u.csv, names: zh }', /users\.file: users\.names says this already/],
  ])('%s', async (line, saying) => {
    saleFile(`target: { url: "http://127.0.0.1:1/buy" }\n${line}\n`)
    expectRefusal(await seckill(['blast']), 2, saying)
  })

  it('a login elsewhere than on this machine is refused unasked', async () => {
    saleFile(
      'target: { url: "http://127.0.0.1:1/" }\nusers: { login: { url: "http://192.0.2.1/l", capture: { t: "json:$.t" } } }\n',
    )
    expectRefusal(await seckill(['blast']), 2, /192\.0\.2\.1 is not this machine/)
  })
})
