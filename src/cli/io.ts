import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { EXIT, messageOf, SeckillError } from '../errors.js'
import { say } from '../language/say.js'

/** A stream to write on. */
export interface Output {
  write(text: string): void
  /** Resolves once there is room for more: at once, or when a slow reader has caught up. For what may be longer than memory. */
  room(): Promise<void>
  readonly isTerminal: boolean
  readonly columns: number
  /** For libraries that draw. */
  readonly stream: NodeJS.WritableStream
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** Everything the CLI knows of the world outside; tests give it another one. */
export interface Io {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdout: Output
  readonly stderr: Output
  readonly canAsk: boolean
  /** How to run this program again: the node binary and the bin file. */
  readonly self: { readonly node: string; readonly bin: string }
  /** Asks on the terminal; the line typed, empty for an end of input. Errors: interrupted. */
  ask(question: string): Promise<string>
  onStopSignal(handler: (signal: StopSignal) => void): void
  /** Ends the process at once. */
  exit(code: number): never
}

/** What a library prints on the console in the meantime, caught. */
export const printedBy = (action: () => void): string => {
  const lines: string[] = []
  const { log } = console
  console.log = (line: string) => void lines.push(line)
  try {
    action()
  } finally {
    console.log = log
  }
  return lines.join('\n')
}

/** The real world: the only place that touches `process`. */
export const processIo = (): Io => {
  // A reader that has seen enough (`seckill … | head`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    process.stderr.write(
      `${say`error: the result cannot be written (${error.message}); free up the disk, or write it elsewhere`}\n`,
    )
    process.exit(EXIT.unexpected)
  })
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    self: { node: process.execPath, bin: fileURLToPath(new URL('../../bin/seckill.js', import.meta.url)) },
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises')
      const terminal = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return await terminal.question(question)
      } catch (error) {
        if (!messageOf(error).includes('Ctrl+C')) return ''
        throw new SeckillError('interrupted', say`interrupted at the question, nothing was changed`)
      } finally {
        terminal.close()
      }
    },
    onStopSignal: (handler) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => handler(signal))
    },
    exit: (code) => process.exit(code),
  }
}

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  stream,
  write: (text) => {
    stream.write(text)
  },
  room: async () => {
    if (stream.writableNeedDrain) await once(stream, 'drain')
  },
  get isTerminal() {
    return stream.isTTY === true
  },
  get columns() {
    return stream.columns ?? 80
  },
})
