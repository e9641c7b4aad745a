import cluster, { type Worker } from 'node:cluster'
import { type AddressInfo, createServer } from 'node:net'
import { SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import { systemClock } from '../sale/clock.js'
import { deferred } from './deferred.js'
import { type RunningServer, type ServeOptions, urlOf } from './listen.js'
import { listenError } from './listen-error.js'
import { type FromWorker, failureIn, type ToWorker } from './worker-messages.js'

const MAX_DEATHS = 5
const DEATHS_WITHIN_MS = 10_000
/** Longer than a worker may take to finish what is under way. */
const KILL_AFTER_MS = 7_000

/** Forks the workers, replaces those that die, and stops them. Resolves when all of them listen. */
export const servePrimary = async (options: ServeOptions): Promise<RunningServer> => {
  const { host } = options
  const port = await freePort(host, options.port)
  const pool = new WorkerPool(options, port)
  await pool.listening
  const url = urlOf(host, port)
  options.onListening?.(url)
  return { port, url, close: () => pool.close(), ended: pool.ended }
}

/**
 * The port that the workers will share, checked here where an error can be told. Workers cannot all ask for port 0: one
 * that replaces the last survivor would get another one.
 */
const freePort = (host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(listenError(error, host, port, process.platform)))
    probe.listen({ host, port }, () => {
      const { port: real } = probe.address() as AddressInfo
      probe.close(() => resolve(real))
    })
  })

class WorkerPool {
  readonly #options: ServeOptions
  readonly #port: number
  readonly #alive = new Set<Worker>()
  readonly #deathsMs: number[] = []
  readonly #listening = deferred<void>()
  readonly #ended = deferred<void>()
  #started = 0
  #lastFailure: SeckillError | undefined
  #closing: Promise<void> | undefined
  #allGone: () => void = () => {}

  constructor(options: ServeOptions, port: number) {
    this.#options = options
    this.#port = port
    // Whoever never looks at `ended` must not crash by it.
    this.#ended.promise.catch(() => {})
    for (let i = 0; i < options.workers; i++) this.#fork()
  }

  get listening(): Promise<void> {
    return this.#listening.promise
  }

  get ended(): Promise<void> {
    return this.#ended.promise
  }

  close(): Promise<void> {
    this.#closing ??= this.#stopAll().then(() => this.#ended.resolve())
    return this.#closing
  }

  #fork(): void {
    const worker = cluster.fork()
    this.#alive.add(worker)
    worker.on('message', (message: FromWorker) => this.#hear(worker, message))
    worker.on('error', () => {})
    worker.once('exit', (code, signal) => {
      const bury = () => this.#bury(worker, signal || say`exit code ${code}`)
      // Until its channel has closed too, Node goes on handing connections to it, and they would hang.
      if (worker.isConnected()) worker.once('disconnect', bury)
      else bury()
    })
  }

  #hear(worker: Worker, message: FromWorker): void {
    switch (message.seckill) {
      case 'hello':
        tell(worker, this.#closing ? { seckill: 'stop' } : { seckill: 'listen', port: this.#port })
        break
      case 'listening':
        if (++this.#started === this.#options.workers) this.#listening.resolve()
        break
      case 'failed':
        this.#lastFailure = failureIn(message)
        if (this.#started < this.#options.workers) void this.#giveUp(this.#lastFailure)
    }
  }

  #bury(worker: Worker, why: string): void {
    this.#alive.delete(worker)
    if (this.#closing) {
      if (this.#alive.size === 0) this.#allGone()
      return
    }
    const nowMs = systemClock.now()
    this.#deathsMs.push(nowMs)
    while (nowMs - (this.#deathsMs[0] as number) > DEATHS_WITHIN_MS) this.#deathsMs.shift()
    if (this.#deathsMs.length >= MAX_DEATHS) {
      const message = say`${MAX_DEATHS} workers died within ${DEATHS_WITHIN_MS / 1000} s, the last one by ${why}`
      void this.#giveUp(new SeckillError('unexpected', message, say`try --workers 1 to see why`, this.#lastFailure))
      return
    }
    this.#options.onWorkerDied?.(worker.process.pid as number, why)
    this.#fork()
  }

  async #giveUp(error: SeckillError): Promise<void> {
    if (this.#closing) return
    this.#closing = this.#stopAll()
    await this.#closing
    this.#listening.reject(error)
    this.#ended.reject(error)
  }

  async #stopAll(): Promise<void> {
    if (this.#alive.size === 0) return
    const gone = new Promise<void>((resolve) => {
      this.#allGone = resolve
    })
    const force = setTimeout(() => {
      for (const worker of this.#alive) worker.process.kill('SIGKILL')
    }, KILL_AFTER_MS)
    for (const worker of this.#alive) tell(worker, { seckill: 'stop' })
    await gone
    clearTimeout(force)
  }
}

/** A worker whose channel has closed is about to be buried. */
const tell = (worker: Worker, message: ToWorker): void => {
  if (worker.isConnected()) worker.send(message, () => {})
}
