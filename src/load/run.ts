import { SeckillError } from '../errors.js'
import type { LoadFacts, RunHeader } from '../history/run.js'
import { RunLogWriter } from '../history/run-log-writer.js'
import { monotonicUs, monotonicUsAt } from '../sale/clock.js'
import type { StockSamples } from '../sale/final-state.js'
import type { Outcome } from '../sale/outcome.js'
import type { Classifier } from './classify.js'
import type { Crew, CrewTrace, Duties } from './crew.js'
import { type Decided, type Decisions, type Followed, followedOf } from './decisions.js'
import { loadFactsOf } from './facts.js'
import { MachineMonitor } from './health.js'
import { type LatencyRecorder, summaryOf } from './latency.js'
import { Measures } from './measures.js'
import { dueBefore, openSchedule } from './pacer.js'
import { type LoadPlan, plannedAttempts } from './plan.js'
import { Recorder } from './recorder.js'
import type { LoadShape } from './shape.js'
import type { Tally } from './tally.js'
import { untilUs } from './until.js'
import { type GeneratorReport, type Lost, reportGenerator } from './verdict.js'

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
  readonly shape: LoadShape
  /** Who fires. */
  readonly crew: (duties: Duties) => Crew
  /** The purchases are made in this process, not by a server. */
  readonly inProcess: boolean
  readonly classifier: Classifier
  readonly stock: StockObserver | null
  /** What following queued attempts comes to; absent or null where nobody does. */
  readonly followed?: Decisions | null
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export interface Progress {
  /** Negative before the start. */
  readonly elapsedMs: number
  /** Null where only the time bounds the run. */
  readonly planned: number | null
  readonly durationMs: number | null
  readonly measures: Measures
  /** Latest sample of the stock. */
  readonly stockLeft: number | null
  readonly followed: Decisions | null
}

export interface RunResult {
  readonly measures: Measures
  readonly tally: Tally
  readonly latency: LatencyRecorder
  readonly elapsedMs: number
  readonly interrupted: boolean
  readonly stock: StockSamples | null
  /** Attempts that the model had planned; of an open load those that came due. */
  readonly planned: number
  /** Due, and never sent. */
  readonly dropped: number
  readonly generator: GeneratorReport
  /** The same as it is kept. */
  readonly facts: LoadFacts
  /** What became of queued attempts; null where nobody followed them. */
  readonly followed: Followed | null
  /** The run log could not be written to the end; what was told here is complete, the file is not. */
  readonly logFailure: SeckillError | null
}

const TICK_MS = 250
const EARLY_MS = 1_000
/** Those who fire are told so long before, threads among them: the first attempt is to leave at its moment as well. */
const READY_MS = 20
/** A burst is made ready so long before it is due. */
const ARM_MS = 3_000

/** From the beginning of the run's clock to its start: time to arm, or for those who come early. */
const leadMs = ({ model, startAtMs, early }: LoadShape, timeoutMs: number): number =>
  startAtMs === null ? 0 : model.kind === 'burst' ? Math.min(ARM_MS, timeoutMs / 2) : early > 0 ? EARLY_MS : 0

/**
 * Makes the planned attempts and writes their run log. Rejects where the transport cannot open, the log cannot be created or
 * a burst cannot be made ready (what was answered nevertheless is in the log); once it has begun, it resolves with whatever was reached.
 */
export const runLoad = async (options: RunOptions): Promise<RunResult> => {
  const { header, plan, shape, classifier, stock, followed = null, signal, inProcess } = options
  const lead = leadMs(shape, header.timeoutMs)
  let recorder: Recorder | undefined
  let startUs = 0
  const originUs = () => startUs - lead * 1_000
  const crew = options.crew({
    ...{ plan, shape, signal, followed, users: header.users },
    take: (attempt) => recorder?.record(attempt),
    originUs,
  })
  await crew.open()
  const measures = new Measures(shape.model.kind !== 'closed', shape.warmupMs)
  recorder = new Recorder(new RunLogWriter(options.path, header), classifier, measures)
  startUs = Math.max(monotonicUs() + READY_MS * 1_000, monotonicUsAt(shape.startAtMs ?? 0))
  let tookMs: number | null = null
  // Of sending: queued attempts are followed beyond it.
  const elapsedMs = () => tookMs ?? (monotonicUs() - startUs) / 1_000
  const planned = plannedAttempts(plan)
  const report = () =>
    options.onProgress({
      elapsedMs: elapsedMs(),
      planned: planned > 500_000_000 ? null : planned,
      durationMs: shape.durationMs,
      measures,
      stockLeft: stock?.last ?? null,
      followed,
    })
  const flush = () => {
    recorder.flush()
    recorder.decide((followed?.take().decided ?? []).map((one) => since(originUs(), one)))
  }
  const ticker = setInterval(() => {
    flush()
    report()
  }, TICK_MS)
  stock?.start()
  let failure: { readonly error: unknown } | null = null
  let trace: CrewTrace = { starved: false, loops: [] }
  await untilUs(originUs() - READY_MS * 1_000, monotonicUs, signal)
  const machine = new MachineMonitor()
  try {
    trace = await crew.fire(startUs)
  } catch (error) {
    failure = failureOf(error)
  }
  tookMs = Math.max(0, elapsedMs())
  const used = machine.stop()
  const due = dueAttempts(plan, shape, signal.aborted ? tookMs : shape.durationMs)
  const dropped = signal.aborted || shape.model.kind !== 'open' ? 0 : Math.max(0, due - measures.tally.attempts)
  try {
    if (failure === null) await crew.follow()
  } catch (error) {
    failure = failureOf(error)
  } finally {
    clearInterval(ticker)
    await crew.close()
  }
  const samples = (await stock?.stop()) ?? null
  flush()
  const generator = reportGenerator({
    ...{ inProcess, loops: trace.loops, machine: used, starved: trace.starved, dropped },
    model: shape.model.kind,
    attempts: measures.tally.attempts,
    planned: due,
    late: measures.late,
    concurrency: shape.model.kind === 'burst' ? 0 : shape.model.concurrency,
    sendLagP99Ms: summaryOf(measures.lag.histogram()).p99,
    notSent: lost(classifier, 'not_sent'),
    unanswered: lost(classifier, 'unknown'),
  })
  const facts = loadFactsOf(shape, measures, { planned: due, dropped, generator })
  const interrupted = signal.aborted || failure !== null
  const end = { elapsedMs: tookMs, interrupted, stock: samples, load: facts }
  const logFailure = recorder.close({ ...end, ...(followed && { followed: followed.facts() }) })
  report()
  if (failure !== null) throw failure.error
  const { tally, latency } = measures
  return {
    ...{ measures, tally, latency, planned: due, dropped, generator, facts, logFailure },
    followed: followed && followedOf(followed, latency),
    elapsedMs: tookMs,
    interrupted: signal.aborted,
    stock: samples,
  }
}

/** A decision with its times from `originUs`. */
const since = (originUs: number, { intendedAtUs, sentAtUs, decidedAtUs, ...decided }: Decided): Decided => ({
  ...decided,
  intendedAtUs: intendedAtUs - originUs,
  sentAtUs: sentAtUs - originUs,
  decidedAtUs: decidedAtUs - originUs,
})

/** What a run ends with; a run log that cannot be written is told otherwise. */
const failureOf = (error: unknown): { readonly error: unknown } | null =>
  error instanceof SeckillError && error.code === 'disk' ? null : { error }

/** What became of attempts without an answer. */
const lost = (classifier: Classifier, outcome: Outcome): Lost[] =>
  classifier
    .groups()
    .filter((group) => group.status === 0 && group.outcome === outcome)
    .map(({ id, sample }) => ({ note: sample, count: classifier.count(id) }))

/** How many attempts are due within the time; in models without a clock of their own, all. */
const dueAttempts = (plan: LoadPlan, { model }: LoadShape, durationMs: number | null): number => {
  const all = plannedAttempts(plan)
  if (model.kind !== 'open') return all
  return dueBefore(openSchedule(model.stages), durationMs === null ? Number.POSITIVE_INFINITY : durationMs * 1_000, all)
}
