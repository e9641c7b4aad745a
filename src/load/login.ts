import { SeckillError } from '../errors.js'
import { readAnswer } from '../history/answer.js'
import { say } from '../language/say.js'
import type { UserNamer } from '../sale/usernames.js'
import { type Captures, compileCaptures } from './capture.js'
import type { Answer, Shot, Transport } from './transport.js'

export interface LoginOptions {
  /** Makes the logins, its requests among them. */
  readonly transport: Transport
  readonly captures: Captures
  readonly users: number
  readonly nameOf: UserNamer
  /** Logins under way at once. */
  readonly concurrency: number
  /** Per second; null for as fast as they are answered. */
  readonly rate: number | null
  /** Microseconds on a monotonic clock. */
  readonly nowUs: () => number
  readonly signal: AbortSignal
  /** Filled by name and the user's index. */
  readonly into: Readonly<Record<string, string[]>>
  readonly onProgress: (done: number) => void
}

const SHOWN = 120

/**
 * Logs every user in, and keeps what the answers tell. Errors: login_failed at the first login that does not tell it,
 * target_unreachable, interrupted. Logins are no attempts: they are neither counted nor timed.
 */
export const logIn = async (options: LoginOptions): Promise<void> => {
  const { transport, users, rate, nowUs, signal, into } = options
  const concurrency = Math.min(options.concurrency, users)
  const read = compileCaptures(options.captures)
  await transport.open(concurrency)
  const pauses = new Pauses()
  const startUs = nowUs()
  let next = 0
  let done = 0
  let failed = false

  const work = async (slot: number): Promise<void> => {
    while (next < users && !failed) {
      const userIndex = next++
      const dueUs = rate === null ? 0 : startUs + (userIndex * 1_000_000) / rate
      await pauses.pause(dueUs - nowUs())
      const shot = { userIndex, copy: 0, quantity: 1, user: options.nameOf(userIndex) }
      const answer = signal.aborted ? null : await answerTo(transport, slot, shot)
      if (answer === null || signal.aborted) {
        throw new SeckillError('interrupted', say`interrupted after ${done} of ${users} logins`)
      }
      const values = valuesOf(shot, answer, read)
      for (const [name, value] of Object.entries(values)) into[name]![userIndex] = value
      options.onProgress(++done)
    }
  }
  const stop = () => {
    pauses.end()
    void transport.close()
  }
  signal.addEventListener('abort', stop)
  try {
    await Promise.all(
      Array.from({ length: concurrency }, (_, slot) =>
        work(slot).catch((error: unknown) => {
          failed = true
          throw error
        }),
      ),
    )
  } finally {
    signal.removeEventListener('abort', stop)
    await transport.close()
  }
}

/** Waits, all of which can be cut short at once. */
class Pauses {
  readonly #wake = new Set<() => void>()

  pause(us: number): Promise<void> | undefined {
    if (us <= 0) return undefined
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer)
        this.#wake.delete(go)
        resolve()
      }
      const timer = setTimeout(go, us / 1_000)
      this.#wake.add(go)
    })
  }

  end(): void {
    for (const go of this.#wake) go()
  }
}

/** {@link Transport.send} as a promise. An Error is a bug. */
export const answerTo = (transport: Transport, slot: number, shot: Shot): Promise<Answer> =>
  new Promise((resolve, reject) => {
    transport.send(slot, shot, (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
  })

const valuesOf = ({ user }: Shot, { reply }: Answer, read: ReturnType<typeof compileCaptures>) => {
  const failed = (why: string) =>
    new SeckillError('login_failed', say`the login of ${JSON.stringify(user)} ${why}`, say`check users.login`)
  if (reply.kind !== 'http') throw failed(say`failed: ${reply.note}`)
  const found = read(reply)
  if ('values' in found) return found.values
  const text = JSON.stringify(readAnswer(reply.body, reply.contentType).text.slice(0, SHOWN))
  throw failed(say`was answered ${reply.status} ${text}, which holds no ${found.missing}`)
}
