import { SeckillError } from '../errors.js'
import type { Context } from './context.js'

const LONGEST_MS = 10_000

/** Runs the sale file's `reset`: puts back what a shop keeps outside Redis. Rejects with not_explorable, saying what failed. */
export const runReset = async ({ io }: Context, command: string): Promise<void> => {
  const [{ Supervised }, { lastWords }] = await Promise.all([
    import('../load/supervised.js'),
    import('../load/start-command.js'),
  ])
  const running = new Supervised(command, io.env, () => {})
  let late = false
  const timer = setTimeout(() => {
    late = true
    void running.stop(0)
  }, LONGEST_MS)
  const { code, signal, error } = await running.exited
  clearTimeout(timer)
  if (code === 0 && !late) return
  const how = late
    ? `took longer than ${LONGEST_MS / 1_000} s`
    : `failed (${error?.message ?? signal ?? `exit code ${code}`})`
  const words = lastWords(running.lastOutput())
  throw new SeckillError(
    'not_explorable',
    `the sale file's reset ${how}${words === '' ? '' : `: ${words}`}`,
    `try it by itself: ${command}`,
  )
}
