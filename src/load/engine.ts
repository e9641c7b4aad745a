import type { UserNamer } from '../sale/usernames.js'
import type { Pacer } from './pacer.js'
import type { PlannedAttempt } from './plan.js'
import type { Answer, Shot, Transport } from './transport.js'

export interface EngineOptions {
  readonly transport: Transport
  readonly pacer: Pacer
  readonly attempts: Iterator<PlannedAttempt>
  readonly nameOf: UserNamer
  readonly concurrency: number
  /** Microseconds on the clock of the transport's answers. */
  readonly nowUs: () => number
  /**
   * Called once per attempt, when its answer is there; `intendedAtUs` is when its slot was free for it, connecting still to
   * come. What it throws stops the run.
   */
  readonly record: (planned: PlannedAttempt, answer: Answer, intendedAtUs: number) => void
  /** Stops sending; what is under way is awaited for `graceMs`, then given up as `unknown`. */
  readonly signal: AbortSignal
  readonly graceMs: number
}

/**
 * Keeps `concurrency` attempts under way until the pacer says stop: the closed model. The first attempt of every slot is
 * armed, then all leave together.
 */
export const runEngine = async (options: EngineOptions): Promise<void> => {
  const { transport, concurrency, signal } = options
  const { nowUs } = options
  let startUs = nowUs()
  let sent = 0
  let failed: unknown
  const stop = () => signal.aborted || failed !== undefined

  const next = (): PlannedAttempt | null => {
    if (stop() || options.pacer.next(options.nowUs() - startUs, sent).kind === 'stop') return null
    const { done, value } = options.attempts.next()
    if (done) return null
    sent++
    return value
  }

  const work = async (slot: number, first: PlannedAttempt): Promise<void> => {
    try {
      options.record(first, await transport.arm(slot, shotOf(first)), startUs)
      for (let planned = next(); planned !== null; planned = next()) {
        const intendedAtUs = nowUs()
        options.record(planned, await transport.send(slot, shotOf(planned)), intendedAtUs)
      }
    } catch (error) {
      failed ??= error
    }
  }
  const shotOf = ({ userIndex, copy, quantity }: PlannedAttempt): Shot => {
    return { userIndex, copy, quantity, user: options.nameOf(userIndex) }
  }

  const slots: Promise<void>[] = []
  for (let slot = 0; slot < concurrency; slot++) {
    const first = next()
    if (first === null) break
    slots.push(work(slot, first))
  }
  startUs = nowUs()
  transport.release()
  const grace = closeAfterGrace(options)
  await Promise.all(slots)
  grace.cancel()
  if (failed !== undefined) throw failed
}

const closeAfterGrace = ({ signal, transport, graceMs }: EngineOptions): { cancel(): void } => {
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    timer = setTimeout(() => void transport.close(), graceMs)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return {
    cancel: () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    },
  }
}
