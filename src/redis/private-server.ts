import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { messageOf, SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import { requireRedisServer } from './find-server.js'
import type { Ask } from './inline.js'
import {
  freePort,
  lastWords,
  lostItsPort,
  PORT_TRIES,
  serverArgs,
  serverEnv,
  startFailed,
  untilReady,
} from './server-process.js'
import { toRedisUrl } from './target.js'
import type { Env } from './url.js'

/** A Redis of one process, gone with it. */
export interface PrivateRedis {
  /** `unix://…` */
  readonly url: string
  readonly socket: string
  /** On 127.0.0.1; null where none was asked for. */
  readonly port: number | null
  readonly pid: number
  /** Ends the server and removes its folder; resolves once both are gone, any number of times. */
  stop(): Promise<void>
}

export interface PrivateRedisOptions {
  readonly env: Env
  /** Listen on a free loopback port too, for shops that take no socket. */
  readonly tcpPort?: boolean
}

/**
 * Runs in a session of its own, out of reach of a terminal's Ctrl-C, and blocks on a pipe whose other end only our process
 * holds: it ends with us, kill -9 included. Descriptor 3 of the server is our other pipe: closed means exited. Nothing is
 * persisted, so the server is killed outright, busy or stopped; the last kill takes what a wrapper script left in the session.
 * POSIX only: dash, busybox ash, macOS sh.
 */
const SUPERVISOR = `
trap '' HUP INT QUIT TERM
PATH="$PATH:/usr/bin:/bin"
dir=$1
shift
"$@" 3>&1 >"$dir/redis.log" 2>&1 </dev/null &
server=$!
echo "$server"
exec >/dev/null
while read -r line; do :; done
kill -9 "$server"
wait "$server"
rm -rf "$dir"
kill -9 0
`

/** sockaddr_un.sun_path of macOS, without its final NUL; Linux takes four more. */
const MAX_SOCKET_BYTES = 103

/** Starts one; several may run at once. Rejects with a SeckillError: `redis_missing`, `unsupported`, `start_failed`, `disk`. */
export const startPrivateRedis = async ({ env, tcpPort = false }: PrivateRedisOptions): Promise<PrivateRedis> => {
  const { path } = requireRedisServer(env)
  for (let tries = 1; ; tries++) {
    try {
      return await start(path, env, tcpPort ? await freePort() : null)
    } catch (error) {
      if (!lostItsPort(error) || tries === PORT_TRIES) throw error
    }
  }
}

const start = async (path: string, env: Env, port: number | null): Promise<PrivateRedis> => {
  const dir = await privateFolder()
  const socket = join(dir, 'redis.sock')
  const args = ['-c', SUPERVISOR, 'seckill-redis', dir, path, ...serverArgs(dir, port ?? 0, socket)]
  const supervisor = spawn('/bin/sh', args, {
    cwd: '/',
    detached: true,
    env: serverEnv(env),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const stop = stopper(supervisor, dir)
  let exited = false
  let pid = 0
  supervisor.once('error', () => {
    exited = true
  })
  supervisor.stdout.on('data', (text) => {
    pid = Number(text)
  })
  supervisor.stdout.once('close', () => {
    exited = true
  })
  const answersPing = async (ask: Ask) => (await ask('PING')) === 'PONG' && pid !== 0
  if (!(await untilReady({ path: socket }, answersPing, () => exited))) {
    const words = await lastWords(join(dir, 'redis.log'))
    await stop()
    throw startFailed(path, words)
  }
  for (const handle of [supervisor, supervisor.stdin as Socket, supervisor.stdout as Socket]) handle.unref()
  const target = { kind: 'unix', path: socket, db: 0, username: undefined, password: undefined, tls: false } as const
  return { url: toRedisUrl(target), socket, port, pid, stop }
}

/** Closing our end of the pipe is the whole order: the supervisor does the same for a stop as for our death. */
const stopper = (supervisor: ChildProcess, dir: string): (() => Promise<void>) => {
  // Without a process there is no exit either, only an error.
  const gone = once(supervisor, 'exit').catch(() => rm(dir, { recursive: true, force: true }))
  return async () => {
    supervisor.ref()
    supervisor.stdin?.destroy()
    await gone
  }
}

const privateFolder = async (): Promise<string> => {
  const name = 'seckill-redis-'
  const preferred = resolve(tmpdir())
  const socketBytes = Buffer.byteLength(join(preferred, `${name}XXXXXX`, 'redis.sock'))
  const parent = socketBytes > MAX_SOCKET_BYTES ? '/tmp' : preferred
  try {
    return await mkdtemp(join(parent, name))
  } catch (error) {
    throw new SeckillError(
      'disk',
      say`no temporary folder for Redis (${messageOf(error)})`,
      say`set TMPDIR to a writable folder`,
      error,
    )
  }
}
