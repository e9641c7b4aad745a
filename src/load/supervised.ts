import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Duplex, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a command ended; `error` where it could not be run at all. */
export interface ExitStatus {
  readonly code: number | null
  readonly signal: string | null
  readonly error?: Error
}

/**
 * Runs "$1" in the foreground of a process group of its own, next to a watcher that obeys a pipe (fd 3) whose other end
 * only we hold: a line is a signal for the group; the end of the pipe, our death, is TERM and after a second KILL. The
 * shell itself outlives TERM to report the command's exit status, and keeps its own remarks ("Terminated") to itself.
 * The command and its children hold another pipe (fd 4), which says when the last of them is gone: a shell in between
 * dies of a TERM long before the server that it started has finished.
 * POSIX sh: dash, busybox, bash 3.2 of macOS.
 */
const SUPERVISOR = `
trap : TERM HUP INT
PATH="$PATH:/usr/bin:/bin"
(
  trap '' TERM HUP INT
  while read -r signal <&3; do kill -"$signal" 0; done
  kill -TERM 0
  sleep 1
  kill -KILL 0
) >/dev/null 2>&1 </dev/null 4>&- &
exec 5>&2 2>/dev/null
(exec sh -c "$1" 2>&5 3<&- 5>&-)
exit $?
`

const KEPT_CHARS = 8_192
/** What a process wrote before it ended may arrive after the news of its end. */
const LAST_WORDS_MS = 200

/** A shell command in its own process group, which cannot outlive us. */
export class Supervised {
  /** Resolves once the command has ended and, if it was stopped, so have its children. */
  readonly exited: Promise<ExitStatus>
  hasExited = false
  readonly #process: ChildProcess
  readonly #control: Duplex
  readonly #childrenGone: Promise<unknown>
  readonly #allGone: Promise<void>
  #stopping = false
  #output = ''

  constructor(command: string, env: Readonly<Record<string, string | undefined>>, onOutput: (text: string) => void) {
    this.#process = spawn('/bin/sh', ['-c', SUPERVISOR, 'seckill-start', command], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    })
    const [, stdout, stderr, control, alive] = this.#process.stdio as unknown as [
      null,
      Readable,
      Readable,
      Duplex,
      Duplex,
    ]
    for (const stream of [stdout, stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-KEPT_CHARS)
        onOutput(text)
      })
    }
    this.#control = control
    this.#childrenGone = Promise.all([stdout, stderr, alive].map(closing))
    // The watcher is the last one to hold the other end, and it kills itself with the group.
    this.#allGone = closing(control)
    this.exited = this.#watchExit()
  }

  get pid(): number {
    return this.#process.pid as number
  }

  lastOutput(): string {
    return this.#output
  }

  /** TERM to the group, KILL after `graceMs`; resolves once nobody of it is left. */
  async stop(graceMs: number): Promise<void> {
    if (!this.hasExited) {
      this.#stopping = true
      this.#control.write('TERM\n')
      const force = setTimeout(() => this.#control.write('KILL\n'), graceMs)
      await this.exited
      clearTimeout(force)
    }
    await this.#allGone
  }

  async #watchExit(): Promise<ExitStatus> {
    const status = await new Promise<ExitStatus>((resolve) => {
      this.#process.once('error', (error) => resolve({ code: null, signal: null, error }))
      this.#process.once('exit', (code, signal) => resolve(decoded(code, signal)))
    })
    this.hasExited = true
    await Promise.race([this.#childrenGone, this.#stopping ? this.#allGone : sleep(LAST_WORDS_MS)])
    // What the command left behind in its group goes with it.
    this.#control.end('KILL\n')
    return status
  }
}

/** Resolves when a pipe is closed; one that nobody reads never is. */
const closing = (pipe: Readable): Promise<void> =>
  new Promise((resolve) => {
    pipe
      .once('close', resolve)
      .on('error', () => {})
      .resume()
  })

/** A shell reports a command's death by signal n as exit code 128 + n. */
const decoded = (code: number | null, signal: string | null): ExitStatus => {
  if (code === null || code <= 128) return { code, signal }
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0]
  return name === undefined ? { code, signal } : { code: null, signal: name }
}
