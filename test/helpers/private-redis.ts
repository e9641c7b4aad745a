import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../src/redis/server-process.js'

/** A real server that lives as long as the tests; `url` is TCP on loopback. */
export interface PrivateRedis {
  readonly url: string
  readonly socket: string
  stop(): Promise<void>
}

/**
 * The shell becomes the server (exec), so its exit is seen here. The watcher beside it reads a pipe that only the test
 * process holds, so that a test process killed with -9 leaves neither the server nor its folder.
 */
const SUPERVISED = `
server=$(command -v redis-server || command -v valkey-server) || exit 127
(read -r _ <&3; kill $$; rm -rf "$0") &
exec "$server" "$@" 3<&-`

const NO_SERVER = 127
const ATTEMPTS = 5

const answersPing = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const connection = connect(socket, () => connection.write('PING\r\n'))
    connection.once('data', (reply) => {
      connection.destroy()
      resolve(reply.toString().startsWith('+PONG'))
    })
    connection.once('error', () => resolve(false))
    connection.once('close', () => resolve(false))
  })

const start = (folder: string, socket: string, port: number): ChildProcess => {
  const settings = { port, bind: '127.0.0.1', unixsocket: socket, dir: folder, save: '', appendonly: 'no' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  return spawn('sh', ['-c', SUPERVISED, folder, ...args], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
}

/** Starts redis-server or valkey-server from PATH, tries other ports on a clash, and resolves once it answers PING. */
export const startPrivateRedis = async (): Promise<PrivateRedis> => {
  const folder = mkdtempSync(join(tmpdir(), 'seckill-test-'))
  const socket = join(folder, 'redis.sock')
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const port = await freePort()
    const server = start(folder, socket, port)
    const exited = once(server, 'exit')
    while (server.exitCode === null && server.signalCode === null) {
      if (await answersPing(socket)) {
        const stop = async () => {
          ;(server.stdio[3] as Writable).destroy()
          await exited
          rmSync(folder, { recursive: true, force: true })
        }
        return { url: `redis://127.0.0.1:${port}`, socket, stop }
      }
      await pause(10)
    }
    ;(server.stdio[3] as Writable).destroy()
    if (server.exitCode === NO_SERVER)
      throw new Error('no redis-server or valkey-server on PATH: run `npm test`, or set SECKILL_TEST_REDIS to a URL')
  }
  throw new Error(`redis-server did not start, ${ATTEMPTS} times: try it by hand in ${tmpdir()}`)
}
