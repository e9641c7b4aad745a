import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer } from '../../src/redis/find-server.js'
import { askServer } from '../../src/redis/inline.js'
import { freePort } from '../../src/redis/server-process.js'

/** A server with arguments of its own, which a test may kill and start again in the same place. */
export interface SpawnedServer {
  readonly port: number
  readonly socket: string
  /** Its folder, which outlives a kill. */
  readonly folder: string
  start(): Promise<void>
  /** kill -9, and awaits the end. */
  kill(): Promise<void>
  remove(): Promise<void>
}

/** A shell that kills the server once its input ends: with the test process, whatever ends that. */
const SUPERVISED = '"$@" >redis.log 2>&1 </dev/null & server=$!; read -r _; kill -9 $server; wait $server'

/**
 * @param args further arguments; the first may be a configuration file
 * @param sentinel an own configuration file in place of the usual settings
 */
export const spawnedServer = async (args: readonly string[] = [], sentinel?: string): Promise<SpawnedServer> => {
  const binary = findRedisServer(process.env)?.path
  if (binary === undefined) throw new Error('no redis-server or valkey-server on PATH')
  const folder = mkdtempSync(join(tmpdir(), 'seckill-own-'))
  const socket = join(folder, 'redis.sock')
  const port = await freePort()
  const common = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--unixsocket', socket]
  const usual = [...common, '--save', '', '--appendonly', 'no', ...args]
  let child: ReturnType<typeof spawn> | null = null

  const start = async (): Promise<void> => {
    mkdirSync(folder, { recursive: true })
    const config = join(folder, 'sentinel.conf')
    if (sentinel !== undefined) writeFileSync(config, sentinel)
    const all = sentinel === undefined ? usual : [config, '--sentinel', ...common]
    child = spawn('/bin/sh', ['-c', SUPERVISED, 'server', binary, ...all], {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const deadline = performance.now() + 10_000
    // Any reply will do: it may want a password.
    while (!(await askServer({ path: socket }, 1_000, (ask) => ask('PING')).catch(() => false))) {
      if (performance.now() > deadline) throw new Error(`the server of ${folder} does not answer`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const kill = async (): Promise<void> => {
    if (child === null) return
    const gone = once(child, 'exit')
    child.stdin?.end()
    await gone
    child = null
  }
  const remove = async (): Promise<void> => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  await start()
  return { port, socket, folder, start, kill, remove }
}
