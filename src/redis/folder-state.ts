import { mkdir, readFile, rename, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCodeOf } from '../errors.js'
import { START_TIMEOUT_MS } from './server-process.js'
import { notWritable, STATE_FOLDER } from './state-folder.js'

/** `.seckill/redis/server.json`; after a stop only the port stays, for the next start. */
export interface ServerState {
  readonly port: number
  readonly pid?: number
  /** Redis draws it anew at every start: what answers with it is the server that we started, whatever became of the pid. */
  readonly runId?: string
}

const fileIn = (folder: string): string => join(folder, 'server.json')

/** What is recorded for a folder; null where nothing readable is. */
export const readState = async (cwd: string): Promise<ServerState | null> => {
  try {
    const state = JSON.parse(await readFile(fileIn(join(cwd, STATE_FOLDER, 'redis')), 'utf8'))
    return Number.isInteger(state?.port) && state.port > 0 && state.port < 65_536 ? state : null
  } catch {
    return null
  }
}

/** Replaces the record as a whole. Rejects with a SeckillError `disk`. */
export const writeState = async (folder: string, state: ServerState): Promise<void> => {
  const draft = `${fileIn(folder)}.${process.pid}`
  try {
    await writeFile(draft, `${JSON.stringify(state)}\n`)
    await rename(draft, fileIn(folder))
  } catch (error) {
    throw notWritable(folder, error)
  }
}

/** Longer than any start: an older lock was left by one that was killed. */
const STALE_LOCK_MS = START_TIMEOUT_MS + 5_000

/** Two starts at once in one folder would leave a server that nobody knows of. */
export const oneAtATime = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  const lock = join(folder, 'starting')
  while (!(await acquired(lock))) {
    const sinceMs = (await stat(lock).catch(() => null))?.mtimeMs
    if (sinceMs !== undefined && Date.now() - sinceMs > STALE_LOCK_MS) await rmdir(lock).catch(() => {})
    else await sleep(20)
  }
  try {
    return await work()
  } finally {
    await rmdir(lock).catch(() => {})
  }
}

const acquired = async (lock: string): Promise<boolean> => {
  try {
    await mkdir(lock)
    return true
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false
    throw notWritable(lock, error)
  }
}
