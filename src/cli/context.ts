import { EXIT } from '../errors.js'
import { say } from '../language/say.js'
import type { Io, StopSignal } from './io.js'
import type { GlobalOptions } from './options.js'
import type { Style } from './style.js'

/** Of every JSON document on stdout; it grows, it does not break. */
export const SCHEMA_VERSION = 1

/** What a command returns: the document for `--json` (null where it wrote its own), and how to end. */
export interface CommandResult {
  readonly json: Readonly<Record<string, unknown>> | null
  readonly exitCode: number
}

interface StopWatch {
  readonly aborted: AbortSignal
  signal(): StopSignal | null
}

const exitCodeOf = (signal: StopSignal | null): number => (signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted)

/** The first Ctrl-C or SIGTERM asks to stop; the second ends the process at once. */
const watchForStop = (io: Io): StopWatch => {
  const controller = new AbortController()
  let first: StopSignal | null = null
  io.onStopSignal((signal) => {
    if (first !== null) io.exit(exitCodeOf(first))
    first = signal
    controller.abort()
  })
  return { aborted: controller.signal, signal: () => first }
}

/** One call of the CLI: its world, its global options, and the two ways to speak. */
export class Context {
  readonly io: Io
  readonly options: GlobalOptions
  /** Name of the command that runs. */
  readonly command: string
  readonly #stop: StopWatch
  readonly #warned = new Set<string>()
  #style: { stdout: Style; stderr: Style } | undefined

  constructor(io: Io, command: string, options: GlobalOptions, stop = watchForStop(io)) {
    this.io = io
    this.command = command
    this.options = options
    this.#stop = stop
  }

  /** A call of another command within this one, in another world: for `demo`. */
  within(io: Io, command: string, options: GlobalOptions): Context {
    return new Context(io, command, options, this.#stop)
  }

  get json(): boolean {
    return this.options.json === true
  }

  /** Aborted by the first Ctrl-C or SIGTERM. */
  get interrupted(): AbortSignal {
    return this.#stop.aborted
  }

  get interruptedCode(): number {
    return exitCodeOf(this.#stop.signal())
  }

  /** A line of the result, for people; nothing with `--json`. */
  print(line = ''): void {
    if (!this.json) this.io.stdout.write(`${line}\n`)
  }

  /** The JSON document of this command, on a line of its own. */
  document(json: Readonly<Record<string, unknown>>): void {
    this.io.stdout.write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, command: this.command, ...json })}\n`)
  }

  /** A line beside the result: progress, hints. Nothing with `--quiet`. */
  note(line: string): void {
    if (!this.options.quiet) this.io.stderr.write(`${line}\n`)
  }

  /** A line that matters even with `--quiet`; said once a call. */
  warn(line: string): void {
    if (this.#warned.has(line)) return
    this.#warned.add(line)
    this.io.stderr.write(`${say`warning: ${line}`}\n`)
  }

  /** Loads colours and tables; called before anything is rendered, so that `--help` does without them. */
  async styles(): Promise<{ stdout: Style; stderr: Style }> {
    if (this.#style === undefined) {
      const { styleFor, wantsColor } = await import('./style.js')
      const { io, options } = this
      this.#style = {
        stdout: styleFor(wantsColor(io.env, io.stdout, options.color)),
        stderr: styleFor(wantsColor(io.env, io.stderr, options.color)),
      }
    }
    return this.#style
  }
}
