import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type NetConnectOpts } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SeckillError, systemCodeOf } from '../errors.js'
import { say } from '../language/say.js'
import { type Ask, askServer } from './inline.js'
import type { Env } from './url.js'

export const START_TIMEOUT_MS = 10_000
/** Starts with a new port where the one chosen was taken meanwhile. */
export const PORT_TRIES = 3
const POLL_MS = 10

/** Arguments of a server on loopback that keeps nothing: no snapshot, no append-only file; its log goes to stdout. */
export const serverArgs = (dir: string, port: number, socket?: string): string[] => [
  ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
  ...['--save', '', '--appendonly', 'no', '--daemonize', 'no', '--loglevel', 'warning'],
  ...(socket === undefined ? [] : ['--unixsocket', socket, '--unixsocketperm', '700']),
]

/** Redis refuses to start under a locale that this system lacks. */
export const serverEnv = (env: Env): NodeJS.ProcessEnv => ({ ...env, LC_ALL: 'C' })

/** What stands in the way of listening on a loopback port: a system code such as `EADDRINUSE`, or null. */
export const portTrouble = async (port: number): Promise<string | null> => {
  try {
    await listenOnce(port)
    return null
  } catch (error) {
    return systemCodeOf(error) ?? 'invalid'
  }
}

/** Below those that systems give to outgoing connections: a load under way takes none of them before a server has it. */
const FREE_PORTS = [10_000, 32_000] as const
const FREE_PORT_TRIES = 100

/** By this process: who got one may not listen there yet. */
const given = new Set<number>()

/** A loopback port that nobody listens on at this moment. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < FREE_PORT_TRIES; tries++) {
    const port = randomInt(...FREE_PORTS)
    if (given.has(port) || (await portTrouble(port)) !== null) continue
    given.add(port)
    return port
  }
  throw new SeckillError('start_failed', say`no free port on 127.0.0.1`, say`end some of the servers that listen there`)
}

const listenOnce = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })

/**
 * Asks a starting server until `isReady` says so. Resolves with false once it has exited or the time is over.
 * @param hasExited looked at before every question
 */
export const untilReady = async (
  address: NetConnectOpts,
  isReady: (ask: Ask) => Promise<boolean>,
  hasExited: () => boolean,
): Promise<boolean> => {
  const deadline = performance.now() + START_TIMEOUT_MS
  while (!hasExited() && performance.now() < deadline) {
    if (await askServer(address, 1_000, isReady).catch(() => false)) return true
    await sleep(POLL_MS)
  }
  return false
}

/** The end of a server's log in one line, without times and process ids. */
export const lastWords = async (log: string): Promise<string> => {
  const text = await readFile(log, 'utf8').catch(() => '')
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\d+:\w \d+ \w+ \d+ [\d:.]+ [.\-*#] /, '').trim())
    .filter((line) => line !== '')
  return lines.slice(-3).join('; ').slice(-400) || say`it said nothing`
}

export const startFailed = (path: string, words: string): SeckillError =>
  new SeckillError(
    'start_failed',
    say`${path} did not start: ${words}`,
    say`check that it runs by hand, or give --redis URL`,
  )

/** Whether a failed start may succeed with another port. */
export const lostItsPort = (error: unknown): boolean =>
  error instanceof SeckillError && /Address already in use/i.test(error.message)
