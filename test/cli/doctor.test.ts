import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RedisPort } from '../../src/redis/port.js'
import { freePort } from '../../src/redis/server-process.js'
import { filesLeft, seckill, testFolder } from '../helpers/cli.js'
import { rawServer } from '../helpers/raw-http.js'
import { testRedisUrl } from '../helpers/redis.js'
import { ownRedis } from './world.js'

interface Checked {
  readonly id: string
  readonly mark: string
  readonly message: string
  readonly hint: string | null
}

/** What a doctor says, by check. */
const diagnose = async (...args: string[]) => {
  const { code, stdout, stderr } = await seckill(['doctor', '--json', ...args])
  const { checks, ...rest } = JSON.parse(stdout) as {
    checks: Checked[]
    verdict: string
    redis: string
    target: string
  }
  return {
    code,
    all: stdout + stderr,
    ...rest,
    checks: Object.fromEntries(checks.map((checked) => [checked.id, checked])),
  }
}

/** Calls of each command that the server has seen. */
const calls = async (redis: RedisPort): Promise<Map<string, number>> => {
  const stats = String(await redis.call('INFO', 'commandstats'))
  return new Map([...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', n]) => [name, Number(n)]))
}

const changes = async (redis: RedisPort) =>
  /rdb_changes_since_last_save:(\d+)/.exec(String(await redis.call('INFO', 'persistence')))?.[1]

describe('of a server', () => {
  it('tells what it found, and writes nothing, there or here', async () => {
    const { url, redis } = await ownRedis()
    const [callsBefore, changesBefore] = [await calls(redis), await changes(redis)]
    const { code, stdout } = await seckill(['doctor', '--redis', url])
    expect(code, stdout).toBe(0)
    expect(stdout).toMatch(/^ {2}ok {4}server {8}(Redis|Valkey) \d/m)
    expect(stdout).toMatch(/^ {2}ok {4}scripts {7}EVAL is allowed$/m)
    const made = [...(await calls(redis))].filter(([name, n]) => n > (callsBefore.get(name) ?? 0)).map(([name]) => name)
    expect(made).toEqual(expect.arrayContaining(['ping', 'eval', 'time']))
    const flags = await Promise.all(
      made.map(async (name) => [name, String(await redis.call('COMMAND', 'INFO', ...name.split('|').slice(0, 1)))]),
    )
    expect(flags.filter(([, told]) => /\bwrite\b/.test(told!))).toEqual([])
    expect(await changes(redis)).toBe(changesBefore)
    expect(await redis.call('DBSIZE')).toBe(0)
    expect(filesLeft()).toEqual([])
  })

  it('warns of eviction, and fails where memory is nearly used up', async () => {
    const { url, redis } = await ownRedis()
    await redis.call('CONFIG', 'SET', 'maxmemory', 2 ** 30, 'maxmemory-policy', 'allkeys-lru')
    const warned = await diagnose('--redis', url)
    expect(warned).toMatchObject({ code: 0, verdict: 'warn', checks: { eviction: { mark: 'warn' } } })
    expect(warned.checks.eviction?.hint).toBe('set maxmemory-policy noeviction')
    await redis.call('CONFIG', 'SET', 'maxmemory', 1_000)
    expect(await diagnose('--redis', url)).toMatchObject({
      code: 3,
      verdict: 'fail',
      checks: { eviction: { mark: 'fail' } },
    })
  })

  it('fails at a replica, and warns at its primary', async () => {
    const [primary, replica] = [await ownRedis(), await ownRedis()]
    const { port } = new URL(primary.url)
    await replica.redis.call('REPLICAOF', '127.0.0.1', port)
    expect(await diagnose('--redis', replica.url)).toMatchObject({ code: 3, checks: { replication: { mark: 'fail' } } })
    const seen = async () => String(await primary.redis.call('INFO', 'replication'))
    while (!(await seen()).includes('connected_slaves:1'));
    expect(await diagnose('--redis', primary.url)).toMatchObject({ code: 0, checks: { replication: { mark: 'warn' } } })
  })

  it('takes what it may not ask as not told, and masks the password', async () => {
    const { url, redis } = await ownRedis()
    await redis.call('ACL', 'SETUSER', 'shop', 'on', '>Sesame/1', '~*', '+ping', '+get', '+set')
    const there = `redis://shop:Sesame%2F1@${new URL(url).host}`
    const { code, checks, all } = await diagnose('--redis', there)
    expect(code, all).toBe(0)
    for (const id of ['server', 'replication', 'cluster', 'eviction', 'persistence', 'clients', 'clock'])
      expect(checks[id]).toMatchObject({ mark: 'unknown' })
    expect(checks.scripts).toMatchObject({ mark: 'warn', message: expect.stringContaining('NOPERM') })
    expect(all).not.toContain('Sesame')
    const refused = await diagnose('--redis', there.replace('Sesame', 'Simsim'))
    expect(refused).toMatchObject({ code: 2, checks: { connection: { mark: 'fail' } } })
    expect(refused.all).not.toContain('Simsim')
  })

  it('that is not there: the rest is looked at all the same', async () => {
    const { code, checks } = await diagnose('--redis', `redis://127.0.0.1:${await freePort()}`)
    expect(code).toBe(3)
    expect(checks).toMatchObject({ connection: { mark: 'fail' }, node: { mark: 'ok' } })
  })

  it('speaks Chinese', async () => {
    const { stdout } = await seckill(['doctor', '--lang', 'zh', '--redis', testRedisUrl()])
    expect(stdout).toMatch(/^ {2}正常 {4}scripts {7}允许 EVAL$/m)
    expect(stdout).toContain('本机')
  })
})

describe('of a shop', () => {
  const shop = async (headers: () => string) => {
    const server = await rawServer((_request, socket) =>
      socket.write(`HTTP/1.1 404 Not Found\r\n${headers()}content-length: 0\r\n\r\n`),
    )
    onTestFinished(server.close)
    return server
  }

  it('tells whether it answers, and how its clock is; buys nothing', async () => {
    const { url, requests } = await shop(() => `date: ${new Date(Date.now() - 60_000).toUTCString()}\r\n`)
    const { checks, target, all } = await diagnose(
      `${url.replace('//', '//bob:Sesame@')}/buy`,
      '--redis',
      testRedisUrl(),
    )
    expect(target).toBe(url)
    expect(checks).toMatchObject({ target: { mark: 'ok' }, 'target-clock': { mark: 'warn' } })
    expect(all).not.toContain('Sesame')
    expect(requests.length).toBeGreaterThan(0)
    for (const { method, path } of requests) expect(`${method} ${path}`).toBe('HEAD /')
  })

  it('that is not there', async () => {
    const found = await diagnose(`http://127.0.0.1:${await freePort()}/buy`, '--redis', testRedisUrl())
    expect(found).toMatchObject({ code: 3, checks: { target: { mark: 'fail' } } })
    expect(found.checks['target-clock']).toBeUndefined()
  })

  it('is that of the sale file, with its load, unless it is to be started', async () => {
    const { url } = await shop(() => '')
    const write = (more: string) =>
      writeFileSync(
        join(testFolder(), 'seckill.yaml'),
        `target: { url: ${url}/buy${more} }\nload: { concurrency: 7 }\n`,
      )
    write('')
    const found = await diagnose('--redis', testRedisUrl())
    expect(found).toMatchObject({ target: url, checks: { 'target-clock': { mark: 'unknown' } } })
    expect(found.checks.descriptors?.message).toContain('enough for 7 connections')
    write(', start: "node shop.mjs"')
    expect(await diagnose('--redis', testRedisUrl())).toMatchObject({ target: null })
  })
})

it('a load that this machine cannot hold fails as blast would', async () => {
  const { code, checks } = await diagnose('--concurrency', '100000', '--redis', testRedisUrl())
  expect(code).toBe(2)
  expect([checks.descriptors?.mark, checks.ports?.mark]).toContain('fail')
})

it.each([
  [['--redis', 'private'], /--redis private ends with the command/],
  [['ftp://h'], /ftp/],
  [['--concurrency', '0'], /whole number/],
])('refuses %s', async (args, saying) => {
  const { code, stderr } = await seckill(['doctor', ...args])
  expect(code).toBe(2)
  expect(stderr).toMatch(saying)
})
