import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isListening } from '../../src/load/probe-target.js'
import { freePort } from '../../src/redis/server-process.js'
import { DOCUMENTS } from '../../src/report/output-schema.js'
import { type CliResult, seckill, seckillStart, shell, testFolder } from '../helpers/cli.js'
import { foreignShops, OUTCOME_RULES, oddShop } from '../helpers/foreign-shops.js'

const URL = 'http://127.0.0.1:{port}/seckill'
const RULES = ['--layout', 'counter', ...OUTCOME_RULES.flatMap((rule) => ['--outcome', rule])]
const raceOf = (command: string, ...flags: string[]) => ['race', URL, '--start', command, ...RULES, ...flags]
const NAIVE = foreignShops()
  .find(({ name }) => name.startsWith('Express'))
  ?.command('naive') as string
const TWO = ['--users', '2', '--stock', '3', '--quantity', '2'] as const

const refused = ({ code, stdout, stderr }: CliResult, exitCode: number, saying: RegExp) => {
  expect(code, stdout + stderr).toBe(exitCode)
  expect(stdout).toBe('')
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(saying)
}

describe('a foreign shop', () => {
  it('is caught; the order that is printed does it again', async () => {
    const found = await seckill(raceOf(oddShop('parallel')))
    expect(found.code, found.stderr).toBe(10)
    expect(found.stderr).toMatch(/one purchase alone: HEXISTS a_users \w+ · GET goods_a · DECRBY goods_a 1 · HSET/)
    expect(found.stderr).toContain('commands at the same time')
    expect(found.stdout).toMatch(/DECRBY goods_a 2 → -1/)
    const [, again] = /^again \(1 preemption\): (.*)$/m.exec(found.stdout) as unknown as [string, string]
    const replayed = await shell(again)
    expect(replayed.code, replayed.stderr).toBe(10)
    expect(replayed.stdout).toContain('one order, replayed')
    expect(replayed.stdout).toContain('no-oversell 超卖')
  })

  it('--json: the document of the schema', async () => {
    const { code, stdout } = await seckill(raceOf(NAIVE, '--json', '--keep-going', ...TWO))
    const document = JSON.parse(stdout)
    expect(document).toEqual(DOCUMENTS.raceUrl.parse(document))
    expect(document).toMatchObject({ url: URL, verdict: 'fail', exhaustive: true })
    expect(document.violations[0]).toMatchObject({ invariant: 'no-negative-stock', outcomes: ['sold', 'sold_out'] })
    expect(code).toBe(10)
  })

  it('that answers first and works afterwards is explored, and said so', async () => {
    const { code, stdout, stderr } = await seckill(raceOf(oddShop('late'), ...TWO))
    expect(stderr).toContain('sends commands after its answer')
    expect(stdout).toMatch(/told: sold[\s\S]*DECRBY goods_a 2 → -1/)
    expect(code).toBe(10)
  })

  it('that ignores quantities is explored with purchases of one unit, and said so', async () => {
    const { code, stdout, stderr } = await seckill(raceOf(oddShop('one'), '--json'))
    expect(code, stdout + stderr).toBe(0)
    expect(stderr).toMatch(/^warning: a buyer alone asked for 2, and got 1: .* explored with quantity 1 only/m)
    const { settings } = JSON.parse(stdout)
    expect(settings.flatMap(({ quantities }: { quantities: number[] }) => quantities)).not.toContain(2)
    expect(new Set(settings.map((each: object) => JSON.stringify(each))).size).toBe(settings.length)
  })

  it('that sends something by itself goes on with it unheld', async () => {
    const { code, stdout, stderr } = await seckill(raceOf(oddShop('busy'), ...TWO))
    expect(stderr).toContain('in the background, never held: GET settings\n')
    expect(stdout).not.toContain('settings')
    expect(code).toBe(10)
  })
})

describe('a shop that cannot be explored: 4, and why', () => {
  it.each([
    ['deaf', /no Redis command came .*"result":"sold".* was told of its Redis by REDIS_URL, REDIS_HOST and REDIS_PORT/],
    ['memory', /never touched goods_a: it sent HEXISTS a_users \w+; is the stock kept elsewhere, or in memory\?/],
    ['remembers', /answered \w+ without a command to Redis .*: it remembers something from before/],
    ['dies', /the shop ended during a purchase \(exit code 3: SystemError: the disk of orders is full\)/],
    ['fickle', /the shop did not do the same twice: step 1: alice sends HEXISTS a_users alice, and GET goods_a before/],
  ])('%s', async (mode, saying) => refused(await seckill(raceOf(oddShop(mode))), 4, saying))

  it('one that takes another kind of request', async () => {
    const fastify = foreignShops().find(({ name }) => name.startsWith('Fastify'))
    refused(await seckill(raceOf(fastify?.command('naive') as string)), 4, /the shop refused the purchase .*\(415 /)
  })
})

it('users who would have to log in: 2, and what lets them in', async () => {
  const target = `target: { url: "${URL}", start: ${JSON.stringify(NAIVE)}, headers: { cookie: "{{token}}" } }`
  const users = 'users: { login: { path: /login, capture: { token: "json:$.data" } } }'
  writeFileSync(join(testFolder(), 'seckill.yaml'), `${target}\n${users}\n`)
  const { code, stderr } = await seckill(['race', URL])
  expect(stderr).toMatch(/error: race logs nobody in: .* by users\.redis or users\.jwt/)
  expect(code).toBe(2)
})

describe('what does not start', () => {
  it('a command that ends at once, with what it wrote last', async () => {
    const command = 'echo "ConfigError: no such table" >&2; exit 7; # {port}'
    refused(await seckill(raceOf(command)), 3, /--start command ended \(exit code 7\) .*: ConfigError: no such table/)
  })

  it('a port that never opens', async () => {
    const result = await seckill(raceOf('sleep 60; : {port}', '--start-timeout', '300ms'))
    refused(result, 3, /--start command did not open port \d+ within 0\.3 s/)
  })

  it.each([
    ['no command', ['race', URL], /add --start "COMMAND \{port\}"/],
    ['a URL with a port', ['race', 'http://127.0.0.1:5000/x', '--start', 'shop'], /port of its own.*\{port\}\/x/],
    ['a variable that is none', raceOf('shop {port}', '--env', 'DEBUG'), /--env "DEBUG" is no variable/],
    [
      'a cluster',
      raceOf('shop {port}', '--redis', 'redis+cluster://127.0.0.1:1,127.0.0.1:2'),
      /error: the proxy speaks to one server, and cluster \S+ names several/,
    ],
  ])('%s', async (_, args, saying) => {
    const { code, stderr } = await seckill(args)
    expect(stderr).toMatch(saying)
    expect(code).toBe(2)
  })
})

describe('whatever ends it', () => {
  /** Processes whose command line holds a text. */
  const running = (text: string): string[] =>
    spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((line) => line.includes(text) && !line.includes('seckill.js'))
  const gone = (text: string) => expect.poll(() => running(text), { timeout: 10_000 }).toEqual([])

  it.each([
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const)('%s in the middle: no process, no port is left', async (signal, code) => {
    const mark = `mark-${await freePort()}`
    const run = seckillStart(
      // Nothing breaks this shop, so that only the signal ends it.
      raceOf(`${oddShop('one')} ${mark}`, '--explorer', 'random', '--users', '2', '--quantity', '1'),
    )
    await run.waitFor('one purchase alone')
    const ports = running(mark).flatMap((line) => /odd\.mjs' (\d+)|odd\.mjs (\d+)/.exec(line)?.slice(1) ?? [])
    expect(ports.filter(Boolean).length).toBeGreaterThanOrEqual(2)
    run.kill(signal)
    expect((await run.exited).code).toBe(code)
    await gone(mark)
    for (const port of ports.filter(Boolean)) expect(await isListening(`http://127.0.0.1:${port}`)).toBe(false)
  })

  it('Ctrl-C while it starts', async () => {
    const mark = `mark-${await freePort()}`
    const run = seckillStart(raceOf(`sleep 60; : {port} ${mark}`))
    await run.waitFor('starting 3 copies')
    await expect.poll(() => running(mark).length).toBeGreaterThan(0)
    run.kill('SIGINT')
    const { code, stderr } = await run.exited
    expect(code).toBe(130)
    expect(stderr).toContain('interrupted while the server was starting')
    await gone(mark)
  })
})
