import { SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import type { Context } from './context.js'

const LONGEST_MS = 10_000

/** Runs the sale file's `reset`: puts back what a shop keeps outside Redis. Rejects with not_explorable, saying what failed. */
export const runReset = (context: Context, command: string): Promise<void> =>
  runCommand({
    ...{ command, what: say`the sale file's reset`, env: context.io.env },
    ...{ longestMs: LONGEST_MS, signal: context.interrupted, code: 'not_explorable' },
  })

interface SaleFileCommand {
  readonly command: string
  /** What it is, in messages. */
  readonly what: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly longestMs: number
  readonly signal: AbortSignal
  readonly code: 'not_explorable' | 'start_failed'
}

/** Runs a command of the sale file's. Rejects with `code` where it fails or takes too long, with the last that it said. */
export const runCommand = async ({ command, what, env, longestMs, signal, code }: SaleFileCommand): Promise<void> => {
  const [{ Supervised }, { lastWords }] = await Promise.all([
    import('../load/supervised.js'),
    import('../load/start-command.js'),
  ])
  const running = new Supervised(command, env, () => {})
  let late = false
  const timer = setTimeout(() => {
    late = true
    void running.stop(0)
  }, longestMs)
  const stop = () => void running.stop(0)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const ended = await running.exited
  signal.removeEventListener('abort', stop)
  clearTimeout(timer)
  if (signal.aborted) throw new SeckillError('interrupted', say`interrupted during ${what}`)
  if (ended.code === 0 && !late) return
  const how = late
    ? say`took longer than ${longestMs / 1_000} s`
    : say`failed (${ended.error?.message ?? ended.signal ?? say`exit code ${ended.code}`})`
  const words = lastWords(running.lastOutput())
  throw new SeckillError(
    code,
    words === '' ? say`${what} ${how}` : say`${what} ${how}: ${words}`,
    say`try it by itself: ${command}`,
  )
}
