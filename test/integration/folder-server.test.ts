import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { folderRedisUrl, startFolderRedis, stopFolderRedis } from '../../src/redis/folder-server.js'
import { askServer } from '../../src/redis/inline.js'
import { startPrivateRedis } from '../../src/redis/private-server.js'
import { freePort, portTrouble } from '../../src/redis/server-process.js'
import { stateFolder } from '../../src/redis/state-folder.js'

const root = mkdtempSync(join(tmpdir(), 'seckill-test-'))
const env = process.env
const folders: string[] = []

const folder = (): string => {
  const cwd = mkdtempSync(join(root, 'folder-'))
  folders.push(cwd)
  return cwd
}
afterEach(async () => {
  for (const cwd of folders.splice(0)) await stopFolderRedis({ cwd })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const ask = (port: number, line: string) => askServer({ host: '127.0.0.1', port }, 5_000, (ask) => ask(line))

const stateFile = (cwd: string): string => join(cwd, '.seckill', 'redis', 'server.json')
const record = async (cwd: string, state: unknown): Promise<void> => {
  await stateFolder(cwd, 'redis')
  writeFileSync(stateFile(cwd), typeof state === 'string' ? state : JSON.stringify(state))
}

const untilGone = async (pid: number): Promise<void> => {
  for (const deadline = performance.now() + 15_000; performance.now() < deadline; await sleep(5)) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
  }
  throw new Error(`${pid} is still there`)
}

describe('the Redis of a folder', () => {
  it('starts, is found, stops, and starts again on the same port with nothing in it', async () => {
    const cwd = folder()
    expect(await folderRedisUrl(cwd)).toBeNull()
    const first = await startFolderRedis({ cwd, env })
    expect(first).toMatchObject({ url: `redis://127.0.0.1:${first.port}`, alreadyRunning: false })
    expect(await folderRedisUrl(cwd)).toBe(first.url)
    expect(await ask(first.port, 'SET k v')).toBe('OK')
    expect(await ask(first.port, 'CONFIG GET bind')).toContain('127.0.0.1')
    expect(await startFolderRedis({ cwd, env })).toEqual({ ...first, alreadyRunning: true })
    expect(await startFolderRedis({ cwd, env, port: first.port })).toEqual({ ...first, alreadyRunning: true })

    expect(await stopFolderRedis({ cwd })).toEqual({ stopped: true, pid: first.pid })
    await untilGone(first.pid)
    expect(await folderRedisUrl(cwd)).toBeNull()
    expect(await stopFolderRedis({ cwd })).toEqual({ stopped: false })

    const second = await startFolderRedis({ cwd, env })
    expect(second).toMatchObject({ port: first.port, alreadyRunning: false })
    expect(await ask(second.port, 'DBSIZE')).toBe('0')
  })

  it('outlives the process that started it, and holds none of its streams', () => {
    const cwd = folder()
    // Built, because Node 20 loads no TypeScript.
    const module = new URL('../../dist/redis/folder-server.js', import.meta.url).href
    const run = (call: string) => {
      const script = `import * as redis from ${JSON.stringify(module)}; console.log(JSON.stringify(await redis.${call}))`
      const input = ['--input-type=module', '-e', script]
      return JSON.parse(execFileSync(process.execPath, input, { cwd, encoding: 'utf8', timeout: 20_000 }))
    }
    const { url, pid } = run("startFolderRedis({ cwd: '.', env: process.env })")
    expect(run("folderRedisUrl('.')")).toBe(url)
    // It leads a process group of its own, so a terminal that closes does not take it along.
    expect(process.kill(-pid, 0)).toBe(true)
    expect(run("stopFolderRedis({ cwd: '.' })")).toEqual({ stopped: true, pid })
  })

  it('keeps .seckill out of git', async () => {
    const cwd = folder()
    await startFolderRedis({ cwd, env })
    expect(readFileSync(join(cwd, '.seckill', '.gitignore'), 'utf8')).toBe('*\n')
    execFileSync('git', ['init', '--quiet'], { cwd })
    expect(execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd, encoding: 'utf8' })).toBe('')
  })

  it('takes the port asked for, refuses one in use and a second one', async () => {
    const cwd = folder()
    const busy = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => busy.listen(port, '127.0.0.1', resolve))
    await expect(startFolderRedis({ cwd, env, port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: `port ${port} is not free (EADDRINUSE)`,
    })
    await new Promise((resolve) => busy.close(resolve))
    expect(await startFolderRedis({ cwd, env, port })).toMatchObject({ port, alreadyRunning: false })
    await expect(startFolderRedis({ cwd, env, port: port === 65_535 ? 1024 : port + 1 })).rejects.toMatchObject({
      code: 'usage',
      message: `the Redis of this folder runs on port ${port}`,
    })
  })

  it('takes another port where the last one is in use', async () => {
    const cwd = folder()
    const { port } = await startFolderRedis({ cwd, env })
    await stopFolderRedis({ cwd })
    const busy = createServer()
    await new Promise<void>((resolve) => busy.listen(port, '127.0.0.1', resolve))
    const second = await startFolderRedis({ cwd, env })
    busy.close()
    expect(second.port).not.toBe(port)
    expect(await ask(second.port, 'PING')).toBe('PONG')
  })

  it('is one, even when it is started twice at once', async () => {
    const cwd = folder()
    const [one, two] = await Promise.all([startFolderRedis({ cwd, env }), startFolderRedis({ cwd, env })])
    expect(one.pid).toBe(two.pid)
    expect([one.alreadyRunning, two.alreadyRunning].sort()).toEqual([false, true])
  })
})

describe('a record that is not true any more', () => {
  it('with a pid that another process has now and a port of nobody is ignored', async () => {
    const cwd = folder()
    const port = await freePort()
    await record(cwd, { port, pid: process.pid, runId: 'a'.repeat(40) })
    expect(await folderRedisUrl(cwd)).toBeNull()
    expect(await stopFolderRedis({ cwd })).toEqual({ stopped: false })
    expect(await portTrouble(port)).toBeNull()
    expect(await startFolderRedis({ cwd, env })).toMatchObject({ port, alreadyRunning: false })
  })

  it('with pid and port of a Redis that is not ours leaves that one alone', async () => {
    const cwd = folder()
    const other = await startPrivateRedis({ env, tcpPort: true })
    try {
      const port = other.port ?? 0
      await record(cwd, { port, pid: other.pid, runId: 'a'.repeat(40) })
      expect(await folderRedisUrl(cwd)).toBeNull()
      expect(await stopFolderRedis({ cwd })).toEqual({ stopped: false })
      expect(await ask(port, 'PING')).toBe('PONG')
      const own = await startFolderRedis({ cwd, env })
      expect(own.port).not.toBe(port)
      expect(await stopFolderRedis({ cwd })).toEqual({ stopped: true, pid: own.pid })
      expect(await ask(port, 'PING')).toBe('PONG')
    } finally {
      await other.stop()
    }
  })

  it('of a server that speaks another protocol is ignored', async () => {
    const cwd = folder()
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const port = await freePort()
    await new Promise<void>((resolve) => web.listen(port, '127.0.0.1', resolve))
    await record(cwd, { port, pid: process.pid, runId: 'a'.repeat(40) })
    expect(await folderRedisUrl(cwd)).toBeNull()
    expect(await stopFolderRedis({ cwd })).toEqual({ stopped: false })
    web.close()
  })

  it.each(['', '{', 'null', '{"port":"6379"}', '{"port":0,"runId":"a"}', '{"port":70000,"runId":"a"}'])(
    'reading %j is ignored',
    async (text) => {
      const cwd = folder()
      await record(cwd, text)
      expect(await folderRedisUrl(cwd)).toBeNull()
      expect(await stopFolderRedis({ cwd })).toEqual({ stopped: false })
    },
  )
})

describe('a start that fails', () => {
  it('tells the last words and records nothing', async () => {
    const cwd = folder()
    const PATH = join(root, 'dying')
    mkdirSync(PATH)
    writeFileSync(join(PATH, 'redis-server'), '#!/bin/sh\necho "boom: no memory" >&2\nexit 1\n', { mode: 0o755 })
    await expect(startFolderRedis({ cwd, env: { PATH } })).rejects.toMatchObject({
      code: 'start_failed',
      message: `${join(PATH, 'redis-server')} did not start: boom: no memory`,
    })
    expect(existsSync(stateFile(cwd))).toBe(false)
    expect(await startFolderRedis({ cwd, env })).toMatchObject({ alreadyRunning: false })
  })

  it('says that the folder cannot be written to', async () => {
    const cwd = folder()
    writeFileSync(join(cwd, '.seckill'), 'a file in its place')
    await expect(startFolderRedis({ cwd, env })).rejects.toMatchObject({ code: 'disk' })
  })
})
