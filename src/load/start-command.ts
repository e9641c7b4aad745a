import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import { isListening, isReady } from './probe-target.js'
import { type ExitStatus, Supervised } from './supervised.js'

export interface StartOptions {
  /** A shell command; a leading `seckill` needs {@link seckill}. */
  readonly command: string
  /** Where the server under test will answer; its port must be closed before. */
  readonly url: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Wait for this address to answer below 500, rather than for the port alone. */
  readonly ready?: string
  readonly timeoutMs?: number
  /** Ends the wait, and the server with it. */
  readonly signal?: AbortSignal
  /** Everything the server writes to stdout and stderr, as it comes. */
  readonly onOutput?: (text: string) => void
  /** Runs a leading `seckill` as this very program, on PATH or not: the node binary and our bin file. */
  readonly seckill?: { readonly node: string; readonly bin: string }
}

export interface StartedTarget {
  /** Of the process group that the command and its children form. */
  readonly pid: number
  /** SIGTERM to the whole group, SIGKILL after 5 s; resolves once all are gone. Safe to call twice. */
  stop(): Promise<void>
  /** Resolves when the command has ended, whoever ended it. */
  readonly exited: Promise<ExitStatus>
  /** The last 8 KiB that it wrote. */
  lastOutput(): string
}

const POLL_MS = 25
const STOP_GRACE_MS = 5_000
const PORT_CLOSES_WITHIN_MS = 2_000

/**
 * Starts the server under test and waits until it accepts connections. Whatever becomes of this process, kill -9 included,
 * the server ends within 2 s of it. Rejects with a SeckillError: port_in_use where something listens there already,
 * start_failed where the command ends early or takes longer than `timeoutMs` (60 s), interrupted.
 */
export const startTarget = async (options: StartOptions): Promise<StartedTarget> => {
  const { url, ready, timeoutMs = 60_000, signal } = options
  const port = portOf(url)
  if (await isListening(url)) {
    const message = say`port ${port} is already open: something else is running there`
    throw new SeckillError('port_in_use', message, say`stop it or choose another port`)
  }
  const child = new Supervised(withSeckill(options), options.env, options.onOutput ?? (() => {}))
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= child.stop(STOP_GRACE_MS).then(() => untilClosed(url))
    return stopping
  }
  try {
    await Promise.race([untilOpen(url, ready, timeoutMs, child, signal), failWhenEnded(child, port)])
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: child.pid, stop, exited: child.exited, lastOutput: () => child.lastOutput() }
}

/** Never settles once the command has ended: {@link failWhenEnded} tells that. */
const untilOpen = async (
  url: string,
  ready: string | undefined,
  timeoutMs: number,
  child: Supervised,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const open = ready === undefined ? await isListening(url) : await isReady(ready)
    if (child.hasExited) return new Promise(() => {})
    if (open) return
    if (signal?.aborted) throw new SeckillError('interrupted', say`interrupted while the server was starting`)
    if (performance.now() >= deadline) {
      const seconds = timeoutMs / 1000
      const what =
        ready === undefined
          ? say`did not open port ${portOf(url)} within ${seconds} s`
          : say`did not answer at ${ready} within ${seconds} s`
      throw startFailed(what, child)
    }
    await sleep(POLL_MS)
  }
}

const failWhenEnded = async (child: Supervised, port: string): Promise<never> => {
  const { code, signal, error } = await child.exited
  if (error) throw startFailed(say`could not be run: ${messageOf(error)}`, child)
  throw startFailed(say`ended (${signal ?? say`exit code ${code}`}) before it opened port ${port}`, child)
}

const startFailed = (what: string, child: Supervised): SeckillError => {
  const words = lastWords(child.lastOutput())
  const message = words === '' ? say`the --start command ${what}` : say`the --start command ${what}: ${words}`
  return new SeckillError('start_failed', message, say`try the command by itself; it must stay in the foreground`)
}

/** What an output ends in: its last line that names an error, else its last lines in one; URL passwords blanked out. */
export const lastWords = (output: string): string => {
  const lines = output.split('\n').map((line) => line.trim())
  const words = lines
    .filter((line) => line !== '')
    .slice(-3)
    .join(' | ')
  return (lines.findLast((line) => /(Error|Exception)\w*:/.test(line)) ?? words)
    .slice(-500)
    .replace(/(:\/\/[^\s/:@]*):[^\s/@]*@/g, '$1:***@')
}

const untilClosed = async (url: string): Promise<void> => {
  const deadline = performance.now() + PORT_CLOSES_WITHIN_MS
  while ((await isListening(url)) && performance.now() < deadline) await sleep(POLL_MS)
}

const portOf = (url: string): string => {
  const { port, protocol } = new URL(url)
  return port || (protocol === 'https:' ? '443' : '80')
}

const withSeckill = ({ command, seckill }: StartOptions): string =>
  seckill === undefined
    ? command
    : command.replace(/^\s*seckill(?=\s|$)/, () => `${shellQuoted(seckill.node)} ${shellQuoted(seckill.bin)}`)

const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
