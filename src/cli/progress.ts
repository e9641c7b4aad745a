import type { Context } from './context.js'

/** Progress on stderr: redrawn in place on a terminal, a plain line now and then elsewhere, nothing with `--quiet`. */
export interface Progress {
  show(lines: () => string): void
  /** Takes what was drawn off the screen. */
  clear(): void
}

const REDRAW_MS = 100
const REPEAT_MS = 5_000

export const progressOn = async (context: Context): Promise<Progress> => {
  const { stderr } = context.io
  if (context.options.quiet) return { show: () => {}, clear: () => {} }
  if (!stderr.isTerminal) {
    const due = everyMs(REPEAT_MS)
    return { show: (lines) => due() && stderr.write(`${lines().trim().split('\n').join('; ')}\n`), clear: () => {} }
  }
  const { createLogUpdate } = await import('log-update')
  const draw = createLogUpdate(stderr.stream as NodeJS.WriteStream)
  const due = everyMs(REDRAW_MS)
  return { show: (lines) => due() && draw(lines()), clear: () => draw.clear() }
}

/** True at most once per `ms`, and not in the first of them: what is over sooner needs no progress. */
const everyMs = (ms: number): (() => boolean) => {
  let last = performance.now()
  return () => {
    const now = performance.now()
    if (now - last < ms) return false
    last = now
    return true
  }
}
