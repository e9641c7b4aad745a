import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../src/redis/server-process.js'
import { saleKeys, seedingKey } from '../../src/sale/keys.js'
import { on, runLogs, seckill, seckillStart, shell } from '../helpers/cli.js'
import { type RawRequest, type RawServer, rawServer, response } from '../helpers/raw-http.js'
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'
import { keysOf, redisAt, untilListening } from './world.js'

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

/** Where a stock grows; the name ends in a uuid that only `init` knows. */
const seedingKeys = async (redis: Awaited<ReturnType<typeof redisAt>>, stockKey: string): Promise<string[]> => {
  const found: string[] = []
  let cursor = '0'
  do {
    const [next, page] = (await redis.call('SCAN', cursor, 'MATCH', seedingKey(stockKey, '*'), 'COUNT', 1000)) as [
      string,
      string[],
    ]
    found.push(...page)
    cursor = next
  } while (cursor !== '0')
  return found
}

const soldOut = (_: RawRequest, socket: Socket) => void socket.write(response('"很遗憾，抢购已经结束。"'))

const seeded = async (...flags: string[]) => {
  const sale = freshSaleId()
  const args = ['init', '--stock', '5', '--layout', 'counter', ...flags]
  expect((await seckill([...args, ...on(sale)])).code).toBe(0)
  return sale
}

const shopOf = async (answer: (request: RawRequest, socket: Socket) => void): Promise<RawServer> => {
  const shop = await rawServer(answer)
  onTestFinished(shop.close)
  return shop
}

/** A blast far longer than the test, under way. */
const blasting = async (sale: string, shop: RawServer, ...flags: string[]) => {
  const args = ['blast', shop.url, '--users', '100000000', '--concurrency', '4', ...flags, ...on(sale)]
  const run = seckillStart(args)
  while (shop.requests.length < 4) await pause(5)
  return run
}

describe('a blast that is interrupted', () => {
  it.each(SIGNALS)('%s: exit %i, results are printed, the run log is whole', async (signal, code) => {
    const sale = await seeded()
    const run = await blasting(sale, await shopOf(soldOut))
    run.kill(signal)
    const result = await run.exited
    expect(result.code, result.stderr).toBe(code)
    expect(result.stdout).toMatch(/│ sold_out +│/)
    expect(result.stdout).toMatch(/; interrupted$/m)
    const audit = await seckill(['audit', '--json', ...on(sale)])
    const { runs } = JSON.parse(audit.stdout)
    expect(runs).toMatchObject([{ file: runLogs()[0], complete: true, interrupted: true }])
    expect(runs[0].attempts).toBeGreaterThanOrEqual(4)
  })

  it.each(SIGNALS)('%s with --json: exit %i, one document that says so', async (signal, code) => {
    const run = await blasting(await seeded(), await shopOf(soldOut), '--json')
    run.kill(signal)
    const result = await run.exited
    expect(result.code).toBe(code)
    expect(JSON.parse(result.stdout)).toMatchObject({ interrupted: true, outcomes: { sold_out: expect.any(Number) } })
  })

  it('while nobody answers: still 130, after the grace time', async () => {
    const sale = await seeded()
    const run = await blasting(sale, await shopOf(() => {}))
    run.kill('SIGINT')
    const result = await run.exited
    expect(result.code, result.stderr).toBe(130)
    expect(result.stdout).toMatch(/│ unknown +│ +4 │/)
    expect(runLogs()).toHaveLength(1)
  })

  it('while nobody answers, with --json: the one document holds the results', async () => {
    const run = await blasting(await seeded(), await shopOf(() => {}), '--json')
    run.kill('SIGTERM')
    const { code, stdout } = await run.exited
    expect(code).toBe(143)
    expect(JSON.parse(stdout)).toMatchObject({ command: 'blast', interrupted: true, outcomes: { unknown: 4 } })
  })

  it('the second signal ends it at once', async () => {
    const run = await blasting(await seeded(), await shopOf(() => {}))
    const startedAt = performance.now()
    let over = false
    void run.exited.then(() => {
      over = true
    })
    // Two signals of a kind that arrive together count as one: keep pressing.
    for (; !over; await pause(20)) run.kill('SIGINT')
    expect((await run.exited).code).toBe(130)
    expect(performance.now() - startedAt).toBeLessThan(4_500)
  })

  it('takes its --start server with it', async () => {
    const sale = await seeded()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/buy/counter-lua`
    const start = ['--start', `seckill serve --port ${port}`]
    const run = seckillStart(['blast', url, '--users', '100000000', ...start, ...on(sale)])
    const redis = await redisAt()
    while ((await redis.call('GET', saleKeys(sale).stock)) !== '0') await pause(5)
    run.kill('SIGINT')
    expect((await run.exited).code).toBe(130)
    await expect(fetch(url)).rejects.toThrow()
  })
})

describe('other commands that are interrupted', () => {
  it.each([[1], [2]])('serve with %i workers, while it still starts', async (workers) => {
    const target = new URL(testRedisUrl())
    const waiting: (() => void)[] = []
    // A Redis that lets itself be waited for.
    const slow = createServer((client) => {
      client.on('error', () => {})
      waiting.push(() => {
        const redis = connect(Number(target.port), target.hostname)
        redis.on('error', () => {})
        client.pipe(redis).pipe(client)
      })
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void slow.close())
    await once(slow, 'listening')
    const { port } = slow.address() as { port: number }
    const flags = ['--port', '0', '--workers', String(workers), '--redis', `redis://127.0.0.1:${port}`]
    const server = seckillStart(['serve', ...flags])
    while (waiting.length < workers) await pause(5)
    server.kill('SIGINT')
    // Until then the server waits for Redis, so the signal comes first.
    await pause(50)
    for (const goOn of waiting) goOn()
    expect((await server.exited).code).toBe(130)
  })

  it.each(SIGNALS)('simulate, %s: exit %i', async (signal, code) => {
    const sale = await seeded()
    const run = seckillStart(['simulate', '--strategy', 'counter-lua', '--users', '100000000', ...on(sale)])
    const redis = await redisAt()
    while ((await redis.call('GET', saleKeys(sale).stock)) !== '0') await pause(5)
    run.kill(signal)
    const result = await run.exited
    expect(result.code, result.stderr).toBe(code)
    expect(result.stdout).toMatch(/; interrupted$/m)
    expect(JSON.parse((await seckill(['audit', '--json', ...on(sale)])).stdout).runs).toMatchObject([
      { complete: true, interrupted: true },
    ])
  })

  it.each(SIGNALS)('init of 10,000,000 units, %s: exit %i, the old sale stands', async (signal, code) => {
    const sale = await seeded()
    const keys = saleKeys(sale)
    const redis = await redisAt()
    onTestFinished(async () => void (await redis.call('UNLINK', keys.stock)))
    const before = await redis.call('HGETALL', keys.meta)
    const init = seckillStart(['init', '--stock', '10000000', ...on(sale)])
    while ((await seedingKeys(redis, keys.stock)).length === 0) await pause(1)
    init.kill(signal)
    const { code: actual, stdout, stderr } = await init.exited
    expect(actual, stdout + stderr).toBe(code)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^error: interrupted: the sale is as it was before$/m)
    expect(await keysOf(sale)).toEqual([keys.stock, keys.meta])
    expect(await seedingKeys(redis, keys.stock)).toEqual([])
    expect(await redis.call('GET', keys.stock)).toBe('5')
    expect(await redis.call('HGETALL', keys.meta)).toEqual(before)
  })

  it.each(SIGNALS)('serve, %s: exit %i', async (signal, code) => {
    const port = await freePort()
    const server = seckillStart(['serve', '--port', String(port), ...on(await seeded())])
    await untilListening(port)
    await server.waitFor(`listening on http://127.0.0.1:${port}`)
    server.kill(signal)
    const { code: actual, stderr } = await server.exited
    expect(actual).toBe(code)
    expect(stderr).not.toContain('error')
  })

  it.each(SIGNALS)('audit that still waits, %s: exit %i', async (signal, code) => {
    const sale = await seeded()
    const redis = await redisAt()
    let over = false
    const audit = seckillStart(['audit', '--run', 'none', ...on(sale)])
    void audit.exited.then(() => {
      over = true
    })
    await audit.waitFor('redis ')
    // The stock never stands still, so the audit would wait for its 30 s.
    for (let looks = 0; !over; looks++) {
      await redis.call('SET', saleKeys(sale).stock, looks)
      if (looks === 100) audit.kill(signal)
      await pause(5)
    }
    const result = await audit.exited
    expect(result.code, result.stdout + result.stderr).toBe(code)
    expect(result.stderr).toMatch(/^error: interrupted before the sale was judged/m)
  })
})

describe('a reader that has seen enough', () => {
  it.each(['status --watch 10ms', '--help', 'strategies'])('seckill %s | head -1: quiet', async (args) => {
    const flags = on(await seeded()).join(' ')
    const script = `(seckill ${args} ${args.startsWith('status') ? flags : ''}; echo "code $?" >&2) | head -1`
    const { code, stdout, stderr } = await shell(script)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^.+\n$/)
    expect(stderr.replace(/^redis .*\n/, '')).toBe('code 0\n')
  })
})
