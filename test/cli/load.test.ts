import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readRunLog } from '../../src/history/run-log-reader.js'
import { outcomeCode } from '../../src/sale/outcome.js'
import { seckill, shell, testFolder } from '../helpers/cli.js'
import { type RawRequest, type RawServer, rawServer, response } from '../helpers/raw-http.js'
import { expectRefusal } from './world.js'

const ANSWERS = [
  '"恭喜您，您已抢到。"',
  '"很遗憾，抢购已经结束。"',
  '"您已经抢到了，请勿重复请求。"',
  '<html>oops</html>',
]

const NO_REDIS = ['--redis', 'redis://127.0.0.1:1']

const serve = async (answer: (request: RawRequest, socket: Socket) => void): Promise<RawServer> => {
  const server = await rawServer(answer)
  onTestFinished(server.close)
  return server
}

/** What a user is told depends on the user alone. */
const deterministic = () =>
  serve(({ body }, socket) =>
    socket.write(response(ANSWERS[[...body].reduce((sum, c) => sum + c.charCodeAt(0), 0) % 4]!)),
  )

const blast = async (server: RawServer, ...flags: string[]) => {
  const { stdout, stderr, code } = await seckill(['blast', server.url, '--json', ...NO_REDIS, ...flags])
  return { ...JSON.parse(stdout), stderr, exitCode: code }
}

/** A moment at which a command that starts now has long been ready, on this machine. */
const soon = async (): Promise<number> => {
  const startMs = Date.now()
  await seckill(['strategies'])
  // Looking for a Redis that is not there takes two seconds of it.
  return Date.now() + 4_000 + Math.min(8 * (Date.now() - startMs), 12_000)
}

const usersOf = (server: RawServer): string[] =>
  server.requests.map(({ body }) => new URLSearchParams(body).get('username') ?? '').sort()

describe('workers', () => {
  const flags = ['--users', '600', '--concurrency', '30', '--duplicates', '10%', '--seed', '7']

  it.each([
    ['fewer users', ['--users', '3'], '8'],
    ['fewer connections', ['--users', '40', '--concurrency', '1'], '2'],
    ['fewer connections, at a rate', ['--users', '40', '--concurrency', '1', '--rate', '2000/s'], '2'],
    ['a smaller burst', ['--users', '3', '--burst'], '8'],
    ['users who click twice', ['--users', '3', '--duplicates', '100%'], '8'],
  ])('%s than workers: all that one sends, and an end', async (_name, few, workers) => {
    const [alone, together] = [await deterministic(), await deterministic()]
    const one = await blast(alone, ...few, '--seed', '7')
    const many = await blast(together, ...few, '--seed', '7', '--workers', workers)
    expect(usersOf(together)).toEqual(usersOf(alone))
    expect([many.attempts, many.outcomes]).toEqual([one.attempts, one.outcomes])
  })

  it('make the attempts of one: the same users, outcomes, groups and suggestions', async () => {
    const [alone, together] = [await deterministic(), await deterministic()]
    const one = await blast(alone, ...flags)
    const three = await blast(together, ...flags, '--workers', '3')
    expect(three.attempts).toBe(660)
    expect(usersOf(together)).toEqual(usersOf(alone))
    for (const member of ['outcomes', 'unitsAcknowledged', 'statusCodes', 'unmatched', 'planned', 'users']) {
      expect(three[member], member).toEqual(one[member])
    }
    expect(together.connections()).toBeLessThanOrEqual(30 + 3 + 1)
    const { stdout, code } = await seckill(['report', three.runFile, '--format', 'ndjson'])
    expect(code).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .filter((line) => line.includes('"user"')).length,
    ).toBeGreaterThanOrEqual(660)
  })

  it('share a burst: one gate for all', async () => {
    const server = await deterministic()
    const { burst, outcomes, exitCode } = await blast(server, '--burst', '--users', '41', '--workers', '2')
    expect(exitCode).toBe(0)
    expect(Object.values(outcomes as Record<string, number>).reduce((sum, count) => sum + count, 0)).toBe(41)
    expect(burst.releaseSpreadMs).toBeGreaterThan(0)
    expect(new Set(usersOf(server)).size).toBe(41)
  })

  it('a burst most of which breaks on release is none: exit 4, and why', async () => {
    let answered = 0
    const server = await serve((_, socket) =>
      answered++ < 5 ? socket.write(response(ANSWERS[0]!)) : socket.resetAndDestroy(),
    )
    const { generator, outcomes, exitCode } = await blast(server, '--burst', '--users', '40')
    expect(outcomes).toEqual({ sold: 5, unknown: 35 })
    expect(generator.reasons).toEqual([
      expect.stringContaining('35 of 40 connections were reset when the burst was released'),
    ])
    expect([generator.verdict, exitCode]).toEqual(['invalid', 4])
  })

  it('whose target is out of reach: one line', async () => {
    const server = await deterministic()
    await server.close()
    onTestFinished(() => {})
    const url = server.url
    const result = await seckill(['blast', url, ...NO_REDIS, '--quiet', '--workers', '2'])
    expect(result.code).toBe(3)
    expect(result.stderr).toContain(`error: nothing listens at ${url.slice('http://'.length)}`)
  })
})

describe('models', () => {
  it('an open load tells what was planned and when it was sent', async () => {
    const server = await deterministic()
    const run = await blast(server, '--rate', '200/s', '--users', '100')
    expect(run).toMatchObject({ model: 'open', planned: 100, attempts: 100, dropped: 0 })
    expect(run.sentPerSecond.reduce((sum: number, count: number) => sum + count, 0)).toBe(100)
  })

  it('a rate that was not produced: invalid, exit 4', async () => {
    const server = await serve((_request, socket) => void setTimeout(() => socket.write(response(ANSWERS[0]!)), 50))
    const run = await blast(server, '--rate', '1000/s', '--duration', '500ms', '--concurrency', '1')
    expect(run.exitCode).toBe(4)
    expect(run.generator.verdict).toBe('invalid')
    expect(run.generator.reasons[0]).toMatch(/the demanded rate was not produced.*all 1 connections were taken/)
    expect(run.planned).toBe(500)
    expect(run.dropped).toBe(500 - run.attempts)
    expect(run.stderr).toMatch(/^warning: these figures are invalid/m)
  })

  it('--duration alone ends a run of users without end', async () => {
    const server = await deterministic()
    const run = await blast(server, '--duration', '300ms', '--concurrency', '2')
    expect(run.attempts).toBeGreaterThan(0)
    expect(new Set(usersOf(server)).size).toBe(run.attempts)
  })

  it('--attempts-per-user: on different connections', async () => {
    const server = await deterministic()
    const run = await blast(server, '--attempts-per-user', '3', '--users', '10', '--concurrency', '6')
    expect(run.attempts).toBe(30)
    const users = usersOf(server)
    expect(new Set(users).size).toBe(10)
    expect(users.filter((user) => user === users[0])).toHaveLength(3)
  })

  it('--at waits, and --early does not', async () => {
    const arrivals: number[] = []
    const server = await serve(({ method }, socket) => {
      // Others ask for the time.
      if (method === 'POST') arrivals.push(Date.now())
      socket.write(response(ANSWERS[0]!))
    })
    const at = await soon()
    const run = await blast(server, '--at', new Date(at).toISOString(), '--early', '20%', '--users', '50')
    expect(run.attempts).toBe(50)
    const early = arrivals.filter((ms) => ms < at - 2)
    expect([arrivals.length, early.length > 0, early.length <= 10]).toEqual([50, true, true])
    expect(Math.min(...arrivals)).toBeGreaterThanOrEqual(at - 1_002)
  })

  it('a burst that cannot fill: exit 4, one line, and nothing was bought', async () => {
    const server = await deterministic()
    // Every second connection would begin at an address that no machine has.
    const flags = ['--quiet', '--burst', '--users', '12', '--local-address', '127.0.0.1,192.0.2.1']
    const result = await seckill(['blast', server.url, ...NO_REDIS, ...flags])
    expect(result.code).toBe(4)
    expect(result.stderr).toMatch(/error: only 6 of 12 connections of the burst could be made ready/)
    expect(server.requests).toEqual([])
  })

  it.each([['1'], ['2']])(
    'a burst at a server that answers on the head alone: what may have been sold is told, and logged; %s thread',
    async (workers) => {
      const server = createServer((_request, answer) => answer.end(ANSWERS[0])).listen(0, '127.0.0.1')
      await once(server, 'listening')
      onTestFinished(() => void server.close().closeAllConnections())
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/buy`
      const at = new Date(await soon()).toISOString()
      const flags = ['--burst', '--users', '6', '--at', at, '--workers', workers, '--outcome', 'sold=status:200']
      const { code, stderr } = await seckill(['blast', url, ...NO_REDIS, ...flags, '--out', 'x.run'])
      expect(code).toBe(4)
      const [, early] =
        /error: (\d) of [36] requests of the burst were answered before their last byte was sent: they may have bought/.exec(
          stderr,
        ) ?? []
      expect(stderr).toMatch(/^run log .*x\.run$/m)
      const { attempts } = readRunLog(join(testFolder(), 'x.run'))
      // What such an answer says is not believed: it may as well be a greeting.
      const open = [...attempts.outcome].filter((code) => code === outcomeCode('unknown')).length
      expect(open).toBeGreaterThanOrEqual(Number(early))
      expect(Number(early)).toBeGreaterThan(0)
      expect([...attempts.outcome]).not.toContain(outcomeCode('not_sent'))
    },
  )
})

describe('bad input', () => {
  it.each<[string, string[], RegExp]>([
    ['a rate of 0', ['--rate', '0/s'], /rate of 0/],
    ['a rate that is none', ['--rate', 'NaN/s'], /"NaN\/s".*2000\/s/],
    ['two models', ['--rate', '5/s', '--burst'], /exclude each other/],
    ['an hour that is none', ['--at', '25:00'], /no time of day/],
    ['early without a time', ['--early', '5%'], /--early needs --at/],
    ['no such transport', ['--transport', 'carrier-pigeon'], /no transport "carrier-pigeon".*auto, socket, undici/],
    ['HTTP/2 in the clear', ['--http2'], /--http2 needs an https/],
    ['a proxy that is none', ['--proxy', 'ftp://x'], /--proxy takes an http/],
    ['an address that is none', ['--local-address', 'here'], /no IP address/],
    ['no workers', ['--workers', '0'], /from 1 to 64, or auto/],
  ])('%s: exit 2, one line, nothing sent', async (_name, flags, saying) => {
    const server = await deterministic()
    expectRefusal(
      await seckill(['blast', server.url, '--quiet', '--redis', 'redis://127.0.0.1:1', ...flags]),
      2,
      saying,
    )
    expect(server.requests).toEqual([])
  })

  it('more connections than descriptors: the number, and the command that raises it', async () => {
    const server = await deterministic()
    const command = `ulimit -n 256; seckill blast ${server.url} --quiet --redis redis://127.0.0.1:1 --concurrency 500`
    const { code, stderr } = await shell(command)
    expect(code).toBe(2)
    expect(stderr).toMatch(/error: 500 connections need 564 file descriptors, and the limit is 256; .*ulimit -n 564/)
    expect(server.requests).toEqual([])
  })

  it('a proxy that refuses: one line that names it, without its login', async () => {
    const proxy = await serve(() => {})
    await proxy.close()
    const flags = ['--quiet', '--redis', 'redis://127.0.0.1:1', '--proxy', proxy.url.replace('//', '//me:Sesame@')]
    const { code, stderr } = await seckill(['blast', 'http://127.0.0.1:9/', ...flags])
    expect(code).toBe(3)
    expect(stderr).toContain(`no way through the proxy ${proxy.url} (ECONNREFUSED)`)
    expect(stderr).not.toContain('Sesame')
  })
})
