import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../src/redis/server-process.js'
import { type CliResult, seckill, testFolder } from '../helpers/cli.js'
import { foreignShops, OUTCOME_RULES, oddShop } from '../helpers/foreign-shops.js'
import { expectRefusal, untilListening } from './world.js'

const URL = 'http://127.0.0.1:{port}/seckill'
const RULES = ['--layout', 'counter', ...OUTCOME_RULES.flatMap((rule) => ['--outcome', rule])]
const TWO = ['--users', '2', '--stock', '3', '--quantity', '2'] as const
const AMPLE = ['--users', '2', '--stock', '9', '--quantity', '2'] as const
const single = (command: string, ...flags: string[]) =>
  seckill(['race', URL, '--start', command, '--deployment', 'single', ...RULES, ...flags])
const shop = (name: string) => foreignShops().find((each) => each.name.startsWith(name))
const fastify = shop('Fastify')
const body = ['--json-body', fastify?.jsonBody as string]

const passed = ({ code, stdout, stderr }: CliResult, orders: number) => {
  expect(stdout, stderr).toMatch(new RegExp(`^pass .*all ${orders} of them`))
  expect(stdout).toContain('one process of the shop for all purchases (locks inside it count')
  expect(code).toBe(0)
}

describe('--deployment single', () => {
  it('one shared connection: only when a request comes is free, 5 ways for each to be first', async () => {
    passed(await single(fastify?.command('naive') as string, ...AMPLE, ...body), 10)
  })

  it('what one process can really do is enough to break it; the order is found again', async () => {
    const found = await single(fastify?.command('naive') as string, ...TWO, ...body)
    expect(found.code, found.stderr).toBe(10)
    expect(found.stdout).toMatch(/ 1 {2}sends its request [\s\S]*no-oversell 超卖/)
    const [, replay] = /--replay (\d+)/.exec(found.stdout) as unknown as [string, string]
    const again = await single(fastify?.command('naive') as string, ...TWO, ...body, '--replay', replay)
    expect(again.code).toBe(10)
    expect(again.stdout).toContain('one order, replayed')
  })

  it('connections of a pool are free of one another', async () => {
    passed(await single(shop('Express')?.command('naive') as string, ...AMPLE), 70)
  })

  it('a lock inside the process holds there, and not between copies', async () => {
    const inside = await single(oddShop('locked'), ...TWO)
    expect(inside.stdout, inside.stderr).toMatch(/^pass /)
    const copies = await seckill(['race', URL, '--start', oddShop('locked'), ...RULES, ...TWO])
    expect(copies.stdout).toMatch(/^FAIL /)
  })

  it('a memory of the process that outlives a sale is recognised', async () => {
    const { code, stderr } = await single(oddShop('remembers'))
    expect(stderr).toMatch(/answered \w+ without a command to Redis .*: it remembers something from before/)
    expect(code).toBe(4)
  })
})

describe('--attach', () => {
  it('explores a server that runs already and points at the proxy', async () => {
    const [port, listen] = [await freePort(), await freePort()]
    const env = { ...process.env, REDIS_URL: `redis://127.0.0.1:${listen}` }
    const server = spawn('sh', ['-c', `exec ${oddShop('busy').replace('{port}', String(port))}`], { env })
    onTestFinished(() => void server.kill())
    await untilListening(port)
    const url = `http://127.0.0.1:${port}/seckill`
    const { code, stdout, stderr } = await seckill(['race', url, '--attach', '--listen', `${listen}`, ...RULES, ...TWO])
    expect(stderr).toContain(`${url} is expected to find its Redis at 127.0.0.1:${listen}`)
    expect(stdout, stderr).toMatch(/^FAIL [\s\S]*no-oversell 超卖/)
    expect(code).toBe(10)
    expect(server.exitCode).toBe(null)
  })

  it('a server that points elsewhere: says where it has to point', async () => {
    const server = createServer((_, response) => response.end('{"result":"sold"}')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await expect.poll(() => server.address()).not.toBeNull()
    const { port } = server.address() as { port: number }
    const listen = await freePort()
    const { code, stderr } = await seckill([
      'race',
      `http://127.0.0.1:${port}`,
      '--attach',
      '--listen',
      `${listen}`,
      ...RULES,
    ])
    expect(stderr).toMatch(new RegExp(`no Redis command came .*: it has to point at 127.0.0.1:${listen}`))
    expect(code).toBe(4)
  })

  it.each([
    ['with --start', ['--attach', '--start', 'shop'], 'http://127.0.0.1:1', /leave --start out/],
    ['as several', ['--attach', '--deployment', 'scaled'], 'http://127.0.0.1:1', /--attach is one server/],
    ['without a port', ['--attach'], URL, /already has a port/],
    ['a port to listen on without it', ['--listen', '6399', '--start', 'x'], URL, /add --attach/],
    ['dpor on one process', ['--deployment', 'single', '--start', 'x', '--explorer', 'dpor'], URL, /by dpor/],
    ['an expiry', ['--start', 'x', '--lock-expiry'], URL, /--lock-expiry is for strategies/],
  ])('%s is refused', async (_, flags, url, saying) => {
    expectRefusal(await seckill(['race', url, ...flags]), 2, saying)
  })
})

describe('reset of the sale file', () => {
  const withReset = async (command: string) => {
    writeFileSync(join(testFolder(), 'seckill.yaml'), `sale:\n  reset: { command: ${JSON.stringify(command)} }\n`)
    return seckill(['race', URL, '--start', oddShop('locked'), ...RULES, '--users', '1', '--stock', '1', '--json'])
  }

  it('runs before each order', async () => {
    const { code, stdout, stderr } = await withReset('echo once >> resets')
    expect(code, stderr).toBe(0)
    const { schedules } = JSON.parse(stdout)
    // A purchase unheld, one held, the first order twice, and all of them.
    const runs = readFileSync(join(testFolder(), 'resets'), 'utf8').split('\n').length - 1
    expect(runs).toBe(2 + 2 + schedules)
  })

  it('that fails ends the race in one line', async () => {
    const { code, stdout } = await withReset('echo "OperationalError: no table orders" >&2; exit 3')
    expect(code).toBe(4)
    expect(JSON.parse(stdout).error).toEqual({
      code: 'not_explorable',
      message: "the sale file's reset failed (exit code 3): OperationalError: no table orders",
      hint: expect.stringContaining('try it by itself'),
    })
  })
})
