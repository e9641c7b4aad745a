import { type ChildProcess, spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import type { NetConnectOpts } from 'node:net'
import { join } from 'node:path'
import { SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'
import { requireRedisServer } from './find-server.js'
import { oneAtATime, readState, type ServerState, writeState } from './folder-state.js'
import { type Ask, askServer } from './inline.js'
import {
  freePort,
  lastWords,
  lostItsPort,
  PORT_TRIES,
  portTrouble,
  serverArgs,
  serverEnv,
  startFailed,
  untilReady,
} from './server-process.js'
import { stateFolder } from './state-folder.js'
import type { Env } from './url.js'

export interface FolderRedis {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly alreadyRunning: boolean
}

export interface FolderRedisOptions {
  readonly cwd: string
  readonly env: Env
  /** Default: the last one of this folder if it is free, else any. */
  readonly port?: number | undefined
}

const ANSWER_TIMEOUT_MS = 2_000
const SHUTDOWN_TIMEOUT_MS = 5_000

const urlOf = (port: number): string => `redis://127.0.0.1:${port}`
const addressOf = (port: number): NetConnectOpts => ({ host: '127.0.0.1', port })

/** URL of this folder's server if the very one that was recorded answers; else null: a stale file counts for nothing. */
export const folderRedisUrl = async (cwd: string): Promise<string | null> => {
  const running = await runningServer(cwd)
  return running && urlOf(running.port)
}

/**
 * Starts a server that stays, on 127.0.0.1, or finds the one that runs.
 * Rejects with a SeckillError: `port_in_use`, `usage` (it runs on another port), `redis_missing`, `start_failed`, `disk`.
 */
export const startFolderRedis = async (options: FolderRedisOptions): Promise<FolderRedis> => {
  const folder = await stateFolder(options.cwd, 'redis')
  return oneAtATime(folder, async () => {
    const running = await runningServer(options.cwd)
    if (!running) return { ...(await startNew(folder, options)), alreadyRunning: false }
    const { port, pid } = running
    if (!options.port || options.port === port) return { url: urlOf(port), port, pid, alreadyRunning: true }
    throw usageError(say`the Redis of this folder runs on port ${port}`, say`stop it first: seckill redis stop`)
  })
}

/** Ends this folder's server, if it runs, and resolves once it is gone. Never touches a server that is not ours. */
export const stopFolderRedis = async ({ cwd }: { cwd: string }): Promise<{ stopped: boolean; pid?: number }> => {
  const running = await runningServer(cwd)
  if (!running || !(await shutDown(running))) return { stopped: false }
  await writeState(await stateFolder(cwd, 'redis'), { port: running.port })
  return { stopped: true, pid: running.pid }
}

/** Question and order go over one connection, so that no other server can come in between. */
const shutDown = ({ port, runId }: ServerState): Promise<boolean> =>
  askServer(addressOf(port), SHUTDOWN_TIMEOUT_MS, async (ask) => {
    if ((await identify(ask)).runId !== runId) return false
    const refusal = await ask('SHUTDOWN NOSAVE').catch((error: Error) => {
      // An exiting server closes the connection, which is the only answer there is.
      return error.name === 'AbortError' ? say`no answer` : null
    })
    if (refusal === null) return true
    throw new SeckillError('unexpected', say`the Redis of this folder did not stop: ${refusal}`, say`try again`)
  })

const startNew = async (folder: string, { cwd, env, port: wanted }: FolderRedisOptions) => {
  const { path } = requireRedisServer(env)
  const last = (await readState(cwd))?.port
  for (let tries = 1; ; tries++) {
    const port = await choosePort(wanted, last)
    try {
      return { url: urlOf(port), port, pid: await launch(path, folder, env, port) }
    } catch (error) {
      if (wanted || !lostItsPort(error) || tries === PORT_TRIES) throw error
    }
  }
}

const choosePort = async (wanted: number | undefined, last: number | undefined): Promise<number> => {
  if (!wanted) return last !== undefined && (await portTrouble(last)) === null ? last : freePort()
  const trouble = await portTrouble(wanted)
  if (trouble === null) return wanted
  throw new SeckillError(
    'port_in_use',
    say`port ${wanted} is not free (${trouble})`,
    say`take another --port, or none for any`,
  )
}

/** Resolves with the pid, once the server answers and is on record. */
const launch = async (path: string, folder: string, env: Env, port: number): Promise<number> => {
  const log = join(folder, 'redis.log')
  const output = await open(log, 'w')
  const server = spawn(path, serverArgs(folder, port), {
    cwd: '/',
    detached: true,
    env: serverEnv(env),
    stdio: ['ignore', output.fd, output.fd],
  })
  const hasExited = exitOf(server)
  await output.close()
  let state: Required<ServerState> | undefined
  const isOurs = async (ask: Ask) => {
    const { runId, pid } = await identify(ask)
    if (runId !== undefined && pid === server.pid) state = { port, pid, runId }
    return state !== undefined
  }
  try {
    await untilReady(addressOf(port), isOurs, hasExited)
    if (!state) throw startFailed(path, await lastWords(log))
    await writeState(folder, state)
  } catch (error) {
    server.kill('SIGKILL')
    throw error
  }
  server.unref()
  return state.pid
}

const exitOf = (child: ChildProcess): (() => boolean) => {
  let exited = false
  for (const event of ['error', 'exit']) {
    child.once(event, () => {
      exited = true
    })
  }
  return () => exited
}

const identify = async (ask: Ask): Promise<{ runId: string | undefined; pid: number }> => {
  const info = await ask('INFO server')
  return { runId: /^run_id:(\w+)/m.exec(info)?.[1], pid: Number(/^process_id:(\d+)/m.exec(info)?.[1]) }
}

const runningServer = async (cwd: string): Promise<Required<ServerState> | null> => {
  const state = await readState(cwd)
  if (state?.runId === undefined) return null
  const { runId, pid } = await askServer(addressOf(state.port), ANSWER_TIMEOUT_MS, identify).catch(() => ({
    runId: null,
    pid: 0,
  }))
  return runId === state.runId ? { port: state.port, pid, runId } : null
}
