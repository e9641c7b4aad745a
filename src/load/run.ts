import { SeckillError } from '../errors.js'
import type { RunHeader } from '../history/run.js'
import { RunLogWriter } from '../history/run-log-writer.js'
import { monotonicUs } from '../sale/clock.js'
import type { StockSamples } from '../sale/final-state.js'
import { userNamer } from '../sale/usernames.js'
import type { Classifier } from './classify.js'
import { runEngine } from './engine.js'
import type { LatencyRecorder } from './latency.js'
import { closedModel } from './models/closed.js'
import { attemptsOf, type LoadPlan, plannedAttempts } from './plan.js'
import { Recorder } from './recorder.js'
import type { Tally } from './tally.js'
import type { Transport } from './transport.js'

/** Watches the stock beside a run; see store/watch. */
export interface StockObserver {
  readonly last: number | null
  start(): void
  stop(): Promise<StockSamples | null>
}

export interface RunOptions {
  readonly header: RunHeader
  /** Where the run log goes. */
  readonly path: string
  readonly plan: LoadPlan
  readonly transport: Transport
  readonly classifier: Classifier
  readonly stock: StockObserver | null
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export interface Progress {
  readonly elapsedMs: number
  readonly attempts: number
  readonly planned: number
  readonly tally: Tally
  /** Latest sample of the stock. */
  readonly stockLeft: number | null
}

export interface RunResult {
  readonly tally: Tally
  readonly latency: LatencyRecorder
  readonly elapsedMs: number
  readonly interrupted: boolean
  readonly stock: StockSamples | null
  /** The run log could not be written to the end; what was told here is complete, the file is not. */
  readonly logFailure: SeckillError | null
}

const TICK_MS = 250
const GRACE_MS = 5_000

/**
 * Makes the planned attempts, closed model, and writes their run log. Rejects where the transport cannot open or the log
 * cannot be created; once it has begun, it resolves with whatever was reached.
 */
export const runLoad = async (options: RunOptions): Promise<RunResult> => {
  const { header, plan, transport, stock, signal } = options
  await transport.open(Math.min(header.concurrency, plannedAttempts(plan)))
  const log = new RunLogWriter(options.path, header)
  const startUs = monotonicUs()
  const recorder = new Recorder(log, options.classifier, startUs)
  const report = () =>
    options.onProgress({
      elapsedMs: (monotonicUs() - startUs) / 1_000,
      attempts: recorder.tally.attempts,
      planned: plannedAttempts(plan),
      tally: recorder.tally,
      stockLeft: stock?.last ?? null,
    })
  const ticker = setInterval(() => {
    recorder.flush()
    report()
  }, TICK_MS)
  stock?.start()
  try {
    await runEngine({
      transport,
      model: closedModel(Math.min(header.concurrency, plannedAttempts(plan)), 0),
      attempts: attemptsOf(plan),
      nameOf: userNamer(header.users),
      nowUs: monotonicUs,
      record: (planned, answer, intendedAtUs) => recorder.record(planned, answer, intendedAtUs),
      signal,
      graceMs: GRACE_MS,
    })
  } catch (error) {
    if (!(error instanceof SeckillError && error.code === 'disk')) throw error
  } finally {
    clearInterval(ticker)
    await transport.close()
  }
  const elapsedMs = (monotonicUs() - startUs) / 1_000
  const samples = (await stock?.stop()) ?? null
  const logFailure = recorder.close(elapsedMs, signal.aborted, samples)
  report()
  const { tally, latency } = recorder
  return { tally, latency, elapsedMs, interrupted: signal.aborted, stock: samples, logFailure }
}
