import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, SeckillError } from '../errors.js'
import { chosenLanguage } from '../language/choose.js'
import { monotonicUs } from '../sale/clock.js'
import type { Classifier } from './classify.js'
import type { Crew, CrewTrace, Duties } from './crew.js'
import { type LoadPlan, plannedAttempts } from './plan.js'
import type { Recipe } from './recipe.js'
import { type LoadShape, slotsOf } from './shape.js'
import { type FromWorker, type ToWorker, unpackAttempts, unpackDecided, type WorkerJob } from './worker-messages.js'

export interface WorkerCrewOptions extends Duties {
  readonly recipe: Recipe
  readonly rules: readonly string[]
  readonly classifier: Classifier
  readonly workers: number
}

/** A burst leaves this long after the last thread is armed: longer than it takes to tell them all. */
const RELEASE_US = 5_000

/**
 * How many threads fire. `auto`: one for each core but one, which is left to the target, Redis and this thread. Never more
 * than there are users or connections to share out: a thread needs one of each.
 */
export const workerCount = (wish: number | 'auto', plan: LoadPlan, shape: LoadShape): number => {
  const wanted = wish === 'auto' ? availableParallelism() - 1 : wish
  return Math.max(1, Math.min(wanted, plan.users, slotsOf(shape, plannedAttempts(plan))))
}

/**
 * Threads that each fire a share of the run: users of their own, part of the rate, part of the connections. Here their
 * attempts come together, as if one thread had made them.
 */
export class WorkerCrew implements Crew {
  readonly #options: WorkerCrewOptions
  #threads: Thread[] = []
  #startUs = 0
  #failure: { readonly error: unknown } | null = null
  readonly #stop = () => this.#tell({ kind: 'stop' })

  constructor(options: WorkerCrewOptions) {
    this.#options = options
  }

  async open(): Promise<void> {
    const { workers: of, recipe, rules, plan, shape, users } = this.#options
    const job = { recipe, rules, plan, shape, users, of, language: chosenLanguage() }
    this.#threads = Array.from(
      { length: of },
      (_, index) => new Thread({ ...job, index }, (message, thread) => this.#hear(message, thread)),
    )
    try {
      await Promise.all(this.#threads.map(({ opened }) => opened))
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async fire(startUs: number): Promise<CrewTrace> {
    const { signal, originUs } = this.#options
    this.#startUs = startUs
    signal.addEventListener('abort', this.#stop, { once: true })
    this.#tell({ kind: 'fire', startUs, originUs: originUs() })
    if (signal.aborted) this.#stop()
    const ends = await Promise.allSettled(this.#threads.map(({ done }) => done))
    // Those that were stopped have more to tell: what was decided meanwhile.
    if (this.#failure !== null) await this.follow()
    const traces = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
    return { starved: traces.some(({ starved }) => starved), loops: traces.map(({ loop }) => loop) }
  }

  async follow(): Promise<void> {
    await Promise.allSettled(this.#threads.map(({ settled }) => settled))
    if (this.#failure !== null) throw this.#failure.error
  }

  async close(): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#stop)
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }

  #hear(message: FromWorker, thread: Thread): void {
    if (message.kind === 'attempts') this.#take(message, thread)
    if (message.kind === 'followed')
      this.#options.followed?.join({ ...message, decided: unpackDecided(message.packed) })
    if (message.kind === 'failed') this.#fail(errorOf(message))
    if (message.kind === 'armed') thread.isArmed = true
    if (message.kind === 'armed' || message.kind === 'done') this.#releaseWhenAllAre()
  }

  #take({ packed, groups }: FromWorker & { kind: 'attempts' }, thread: Thread): void {
    const { classifier, take } = this.#options
    for (const group of groups) thread.groups[group.id] = classifier.adopt(group)
    try {
      for (const attempt of unpackAttempts(packed, (group) => thread.groups[group] as number)) {
        classifier.countIn(attempt.group)
        take(attempt)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  /** What one thread, or the run log, ends with ends them all; they are awaited nevertheless. */
  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#stop()
  }

  #releaseWhenAllAre(): void {
    const waiting = this.#threads.filter(({ isOver }) => !isOver)
    if (waiting.length === 0 || !waiting.every(({ isArmed }) => isArmed)) return
    for (const thread of waiting) thread.isArmed = false
    this.#tell({ kind: 'release', atUs: Math.max(this.#startUs, monotonicUs() + RELEASE_US) })
  }

  #tell(message: ToWorker): void {
    for (const thread of this.#threads) thread.tell(message)
  }
}

/** A worker thread as seen from here. */
class Thread {
  readonly #opened = deferred<void>()
  readonly #done = deferred<FromWorker & { kind: 'done' }>()
  readonly #settled = deferred<void>()
  readonly #worker: Worker
  /** Ids of its groups → ids of the run's. */
  readonly groups: number[] = []
  isArmed = false
  isOver = false

  constructor(job: WorkerJob, hear: (message: FromWorker, thread: Thread) => void) {
    this.#worker = new Worker(new URL('./worker-thread.js', import.meta.url), { workerData: job })
    const listen = (message: FromWorker) => {
      if (message.kind === 'done' || message.kind === 'failed') this.isOver = true
      hear(message, this)
      if (message.kind === 'opened') this.#opened.resolve()
      if (message.kind === 'done') this.#done.resolve(message)
      if (message.kind === 'settled') this.#settled.resolve()
      if (message.kind === 'failed')
        for (const { reject } of [this.#opened, this.#done, this.#settled]) reject(errorOf(message))
    }
    this.#worker.on('message', listen)
    this.#worker.once('error', ({ message }) => listen({ kind: 'failed', code: null, message, hint: undefined }))
  }

  get opened(): Promise<void> {
    return this.#opened.promise
  }

  get done(): Promise<FromWorker & { kind: 'done' }> {
    return this.#done.promise
  }

  /** Nothing of it is open any more. */
  get settled(): Promise<void> {
    return this.#settled.promise
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }
}

const deferred = <T>() => {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  // Whoever awaits it hears of the failure; until then nobody may call it unhandled.
  promise.catch(() => {})
  return { promise, resolve, reject }
}

const errorOf = ({ code, message, hint }: FromWorker & { kind: 'failed' }): Error =>
  code === null ? new Error(message) : new SeckillError(code as ErrorCode, message, hint)
