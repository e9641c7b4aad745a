import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { findRedisServer, installHint, requireRedisServer } from '../../src/redis/find-server.js'
import { askServer } from '../../src/redis/inline.js'
import { type PrivateRedis, startPrivateRedis } from '../../src/redis/private-server.js'
import { portTrouble } from '../../src/redis/server-process.js'
import { parseRedisUrl } from '../../src/redis/url.js'

const SYSTEM_TMP = tmpdir()
const root = mkdtempSync(join(SYSTEM_TMP, 'seckill-test-'))
const env = process.env
const real = findRedisServer(env)?.path ?? 'redis-server is missing'

const started: PrivateRedis[] = []
const start = async (options: Parameters<typeof startPrivateRedis>[0] = { env }): Promise<PrivateRedis> => {
  const redis = await startPrivateRedis(options)
  started.push(redis)
  return redis
}
afterEach(async () => {
  process.env.TMPDIR = SYSTEM_TMP
  await Promise.all(started.splice(0).map((redis) => redis.stop()))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A temporary folder of its own, so that what is left over can be seen. */
const ownTmp = (name: string): string => {
  const folder = join(root, name)
  mkdirSync(folder)
  process.env.TMPDIR = folder
  return folder
}

/** A folder for PATH with a `redis-server` of these lines. */
const fakeServer = (name: string, ...lines: string[]): string => {
  const folder = join(root, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'redis-server'), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 })
  return folder
}

const ask = (address: NetConnectOpts, line: string) => askServer(address, 5_000, (ask) => ask(line))

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const holdsWithin = async (deadlineMs: number, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const since = performance.now()
  while (!(await holds())) {
    if (performance.now() - since > deadlineMs) throw new Error(`not so within ${deadlineMs} ms`)
    await sleep(5)
  }
}

describe('a private Redis', () => {
  it('answers on its socket only, keeps nothing, and is gone with its folder after stop, twice', async () => {
    const tmp = ownTmp('plain')
    const redis = await start()
    expect(parseRedisUrl(redis.url)).toMatchObject({ kind: 'unix', path: redis.socket })
    expect(redis.port).toBeNull()
    expect(await ask({ path: redis.socket }, 'PING')).toBe('PONG')
    expect(await ask({ path: redis.socket }, 'CONFIG GET save')).toContain('$4\r\nsave\r\n$0\r\n')
    expect(await ask({ path: redis.socket }, 'CONFIG GET appendonly')).toContain('no')
    expect(await ask({ path: redis.socket }, 'INFO server')).toMatch(/tcp_port:0\r/)
    expect(isAlive(redis.pid)).toBe(true)
    expect(readdirSync(tmp)).toHaveLength(1)

    await Promise.all([redis.stop(), redis.stop()])
    expect(isAlive(redis.pid)).toBe(false)
    expect(readdirSync(tmp)).toEqual([])
    await redis.stop()
  })

  it('listens on a loopback port too where asked, several at once', async () => {
    const [one, two] = await Promise.all([start({ env, tcpPort: true }), start({ env, tcpPort: true })])
    expect(one.port).not.toBe(two.port)
    for (const { port, socket } of [one, two]) {
      expect(await ask({ host: '127.0.0.1', port: port ?? 0 }, 'PING')).toBe('PONG')
      expect(await ask({ path: socket }, 'CONFIG GET bind')).toContain('127.0.0.1')
    }
    await ask({ path: one.socket }, 'SET k v')
    expect(await ask({ path: two.socket }, 'EXISTS k')).toBe('0')
  })

  it.each([
    ['with signs that URLs and shells care for', "a b'%41$(x)"],
    ['longer than a socket address', 'long'.repeat(30)],
  ])('copes with a TMPDIR %s', async (_, name) => {
    ownTmp(name)
    const redis = await start()
    expect(await ask({ path: redis.socket }, 'PING')).toBe('PONG')
    expect(parseRedisUrl(redis.url)).toMatchObject({ path: redis.socket })
    expect(Buffer.byteLength(redis.socket)).toBeLessThanOrEqual(103)
    await redis.stop()
    expect(existsSync(dirname(redis.socket))).toBe(false)
  })

  it('starts under a locale that this machine does not have', async () => {
    await start({ env: { ...env, LC_ALL: 'xx_XX.nope' } })
  })

  it('stops a server that is suspended', async () => {
    const redis = await start()
    process.kill(redis.pid, 'SIGSTOP')
    await redis.stop()
    expect(isAlive(redis.pid)).toBe(false)
  })
})

describe('a start that fails', () => {
  it('tells the last words of the server and leaves nothing', async () => {
    const PATH = fakeServer(
      'dying',
      'echo first >&2',
      "echo '7:M 01 Jan 2026 00:00:00.000 # boom: no memory'",
      'exit 1',
    )
    const tmp = ownTmp('failing')
    const since = performance.now()
    await expect(start({ env: { PATH } })).rejects.toMatchObject({
      code: 'start_failed',
      message: `${join(PATH, 'redis-server')} did not start: first; boom: no memory`,
    })
    expect(performance.now() - since).toBeLessThan(5_000)
    expect(readdirSync(tmp)).toEqual([])
  })

  it('is tried again where another program took the port', async () => {
    const PATH = fakeServer(
      'unlucky',
      `if [ ! -e ${root}/tried ]; then : >${root}/tried; echo 'bind: Address already in use'; exit 1; fi`,
      `exec ${real} "$@"`,
    )
    const redis = await start({ env: { PATH }, tcpPort: true })
    expect(existsSync(`${root}/tried`)).toBe(true)
    expect(await ask({ host: '127.0.0.1', port: redis.port ?? 0 }, 'PING')).toBe('PONG')
  })

  it('says what to install where PATH has no server', async () => {
    await expect(start({ env: { PATH: root } })).rejects.toMatchObject({
      code: 'redis_missing',
      hint: expect.stringMatching(/^install .*; or give --redis URL$/),
    })
    await expect(start({ env: {} })).rejects.toMatchObject({ code: 'redis_missing' })
    expect(() => requireRedisServer(env, 'win32')).toThrow(/Windows/)
  })
})

/** For a child process: Node 20 loads no TypeScript. */
const BUILT = new URL('../../dist/redis/private-server.js', import.meta.url).href

interface Parent {
  readonly process: ChildProcessWithoutNullStreams
  readonly redis: { pid: number; socket: string }
  nextLine(): Promise<string>
}

describe('the parent of a private Redis', () => {
  const parents: ChildProcessWithoutNullStreams[] = []
  afterEach(() => {
    for (const parent of parents.splice(0)) parent.kill('SIGKILL')
  })

  /** A process in a group of its own that starts a private Redis, does `meanwhile`, and tells which. */
  const parentThat = async (meanwhile: string): Promise<Parent> => {
    const script = `
      const { startPrivateRedis } = await import(${JSON.stringify(BUILT)})
      const { pid, socket } = await startPrivateRedis({ env: process.env })
      ${meanwhile}
      console.log(JSON.stringify({ pid, socket }))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true })
    parents.push(child)
    child.stderr.pipe(process.stderr)
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const nextLine = async () => String((await lines.next()).value)
    return { process: child, redis: JSON.parse(await nextLine()), nextLine }
  }

  it('takes it along when it is killed with kill -9', async () => {
    const parent = await parentThat('setInterval(() => {}, 1000)')
    expect(await ask({ path: parent.redis.socket }, 'PING')).toBe('PONG')
    parent.process.kill('SIGKILL')
    const { pid, socket } = parent.redis
    await holdsWithin(15_000, () => !isAlive(pid) && !existsSync(dirname(socket)))
  })

  it('takes it along when it was killed while Redis was suspended', async () => {
    const { process: parent, redis } = await parentThat('setInterval(() => {}, 1000)')
    process.kill(redis.pid, 'SIGSTOP')
    parent.kill('SIGKILL')
    await holdsWithin(15_000, () => !isAlive(redis.pid) && !existsSync(dirname(redis.socket)))
  })

  it('ends by itself without a stop, its output included, and takes it along', async () => {
    const parent = await parentThat('')
    const [[code]] = await Promise.all([once(parent.process, 'exit'), once(parent.process.stdout, 'close')])
    expect(code).toBe(0)
    await holdsWithin(15_000, () => !isAlive(parent.redis.pid) && !existsSync(dirname(parent.redis.socket)))
  })

  it('keeps it through a Ctrl-C, which reaches the whole foreground process group', async () => {
    const parent = await parentThat(`
      process.on('SIGINT', () => console.log('interrupted'))
      setInterval(() => {}, 1000)`)
    process.kill(-(parent.process.pid ?? 0), 'SIGINT')
    expect(await parent.nextLine()).toBe('interrupted')
    // Redis acts on a signal at its next tick, ten a second: an answer after half a second of its own shows that none came.
    expect(await ask({ path: parent.redis.socket }, 'BLPOP nothing 0.5')).toMatch(/^\*-1/)
    parent.process.kill('SIGKILL')
    await holdsWithin(15_000, () => !isAlive(parent.redis.pid))
  })

  it('takes along what a wrapper script started', async () => {
    const PATH = fakeServer('wrapper', `${real} "$@"`, 'exit $?')
    const redis = await start({ env: { ...env, PATH: PATH + delimiter + env.PATH }, tcpPort: true })
    const info = await ask({ path: redis.socket }, 'INFO server')
    expect(Number(/process_id:(\d+)/.exec(info)?.[1])).not.toBe(redis.pid)
    await redis.stop()
    const isPortFree = async () => (await portTrouble(redis.port ?? 0)) === null
    await holdsWithin(15_000, isPortFree)
  })
})

describe('findRedisServer', () => {
  it('takes redis-server before valkey-server, and knows a Valkey under the name of Redis', () => {
    const [plain, valkey, linked] = ['find-plain', 'find-valkey', 'find-linked'].map((name) => join(root, name))
    for (const folder of [plain, valkey, linked]) mkdirSync(folder!)
    const write = (path: string, mode: number) => writeFileSync(path, '', { mode })
    write(`${plain}/redis-server`, 0o755)
    write(`${valkey}/redis-server`, 0o644)
    write(`${valkey}/valkey-server`, 0o755)
    symlinkSync(`${valkey}/valkey-server`, `${linked}/redis-server`)
    expect(findRedisServer({ PATH: `${valkey}:${plain}` })).toEqual({ path: `${plain}/redis-server`, flavour: 'redis' })
    expect(findRedisServer({ PATH: `:${valkey}` })).toEqual({ path: `${valkey}/valkey-server`, flavour: 'valkey' })
    expect(findRedisServer({ PATH: linked })).toEqual({ path: `${linked}/redis-server`, flavour: 'valkey' })
    expect(findRedisServer({ PATH: '' })).toBeNull()
    expect(realpathSync(real)).toBeTruthy()
  })

  it.each<[NodeJS.Platform, string, RegExp]>([
    ['linux', 'PRETTY_NAME="Debian"\nID=debian\n', /apt-get install redis-server/],
    ['linux', 'ID_LIKE=debian\nID=ubuntu\n', /apt-get/],
    ['linux', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', /apt-get/],
    ['linux', 'ID="alpine"\n', /apk add valkey/],
    ['linux', 'ID=fedora', /dnf install valkey/],
    ['linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', /dnf install redis/],
    ['linux', 'ID=manjaro\nID_LIKE=arch\n', /pacman -S valkey/],
    ['darwin', '', /brew install redis/],
    ['linux', '', /package manager/],
  ])('names the install command on %s %j', (platform, osRelease, command) => {
    expect(installHint(platform, osRelease)).toMatch(command)
  })
})
