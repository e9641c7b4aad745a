import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, SeckillError, systemCodeOf } from '../../errors.js'
import { say } from '../../language/say.js'
import type { RecordSource } from '../../sale/final-state.js'
import type { Places, RecordsPlace } from '../../sale/layout.js'
import { maskSecrets } from '../../sale/mask-secrets.js'
import { readOrders } from './read.js'
import { textOf } from './text.js'

export interface OrdersWorld {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Longest that a command may run. */
  readonly maxMs: number
}

/** Reads the orders of a file, or those that a command prints; null where there is not a line. Errors: orders. */
export const openOrders = (
  place: RecordsPlace,
  places: Pick<Places, 'fold'>,
  world: OrdersWorld,
): Promise<RecordSource | null> =>
  place.type === 'command' ? ordersOfCommand(place, places, world) : ordersOfFile(place, places, world)

const ordersOfFile = async (place: RecordsPlace, places: Pick<Places, 'fold'>, { cwd, signal }: OrdersWorld) => {
  const bytes = createReadStream(resolve(cwd, place.key), { signal })
  return readOrders(textOf(bytes, place.key), place, places, place.key).catch((error: unknown) => {
    const code = systemCodeOf(error)
    if (error instanceof SeckillError || code === undefined || code === 'ABORT_ERR') throw error
    const why = code === 'ENOENT' ? say`there is no such file` : code === 'EISDIR' ? say`it is a folder` : code
    throw new SeckillError('orders', say`cannot read the orders in ${place.key}: ${why}`, say`check the path`, error)
  })
}

const ordersCommandText = () => say`the orders command`
const KEPT_STDERR = 4_096

/** Streams what a shell command prints: a reader slower than the command makes it wait. */
const ordersOfCommand = async (
  place: RecordsPlace,
  places: Pick<Places, 'fold'>,
  { cwd, env, signal, maxMs }: OrdersWorld,
): Promise<RecordSource | null> => {
  const child = spawn('/bin/sh', ['-c', place.key], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEPT_STDERR)
  })
  const ended = new Promise<{ code: number | null; error?: Error }>((done) => {
    child.once('error', (error) => done({ code: null, error }))
    child.once('close', (code) => done({ code }))
  })
  const kill = () => {
    child.stdout.destroy()
    child.stderr.destroy()
    // What the shell started may hang without it: all of them are one group.
    const runs = child.pid !== undefined && child.exitCode === null && child.signalCode === null
    if (runs) spawn('/bin/sh', ['-c', `kill -s TERM -- -${child.pid}`], { stdio: 'ignore' })
  }
  const overdue = AbortSignal.timeout(maxMs)
  const stop = AbortSignal.any([signal, overdue])
  stop.addEventListener('abort', kill, { once: true })
  const name = maskSecrets(place.key)
  try {
    const source = await readOrders(textOf(child.stdout, ordersCommandText()), place, places, ordersCommandText())
    const { code, error } = await ended
    stop.throwIfAborted()
    if (code === 0) return source && { ...source, key: name }
    const last = maskSecrets(said.trim().split('\n').slice(-3).join(' | '))
    const how = error ? messageOf(error) : say`ended with exit code ${code ?? 'none'}`
    throw new SeckillError(
      'orders',
      say`the orders command ${how}${last === '' ? '' : `: ${last}`}`,
      say`try it by itself: ${name}`,
    )
  } catch (error) {
    if (signal.aborted || !overdue.aborted) throw error
    const hint = say`try it by itself: ${name}; a longer --settle gives it more time`
    throw new SeckillError('orders', say`${ordersCommandText()} did not end within ${maxMs / 1_000} s`, hint, error)
  } finally {
    stop.removeEventListener('abort', kill)
    kill()
  }
}
