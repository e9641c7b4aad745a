import { SeckillError } from '../errors.js'
import type { RunLogWriter } from '../history/run-log-writer.js'
import type { StockSamples } from '../sale/final-state.js'
import type { Classifier } from './classify.js'
import { LatencyRecorder } from './latency.js'
import type { PlannedAttempt } from './plan.js'
import { Tally } from './tally.js'
import type { Answer } from './transport.js'

/** Takes down every attempt: classified, counted, measured, written. Once the run log fails, recording throws that failure. */
export class Recorder {
  readonly tally = new Tally()
  readonly latency = new LatencyRecorder()
  readonly #log: RunLogWriter
  readonly #classifier: Classifier
  readonly #startUs: number
  #failure: SeckillError | null = null

  constructor(log: RunLogWriter, classifier: Classifier, startUs: number) {
    this.#log = log
    this.#classifier = classifier
    this.#startUs = startUs
  }

  record(planned: PlannedAttempt, answer: Answer, intendedAtUs: number): void {
    const { userIndex, copy, quantity } = planned
    const { sentAtUs, doneAtUs, connectUs, reply } = answer
    const { outcome, group } = this.#classifier.classify(reply)
    const status = reply.kind === 'http' ? reply.status : 0
    this.tally.add(outcome, quantity, status, doneAtUs - this.#startUs)
    this.latency.record(outcome, doneAtUs - intendedAtUs, doneAtUs - sentAtUs, connectUs)
    if (this.#failure !== null) throw this.#failure
    const times = {
      intendedAtUs: intendedAtUs - this.#startUs,
      sentAtUs: sentAtUs - this.#startUs,
      doneAtUs: doneAtUs - this.#startUs,
    }
    this.#try(() => this.#log.append({ userIndex, copy, quantity, outcome, status, group, ...times, connectUs }))
    if (this.#failure !== null) throw this.#failure
  }

  /** Hands over what has gathered; called from a timer, hence it never throws. */
  flush(): void {
    if (this.#failure !== null) return
    this.#try(() => {
      this.#log.flush()
      this.#log.groups(this.#classifier.takeNewGroups())
    })
  }

  /** Ends the log; what went wrong with it, or null. */
  close(elapsedMs: number, interrupted: boolean, stock: StockSamples | null): SeckillError | null {
    this.flush()
    if (this.#failure !== null) this.#log.abandon()
    else {
      const { attempts } = this.tally
      const endedAt = new Date().toISOString()
      const outcomes = this.tally.outcomes()
      this.#try(() => this.#log.close({ endedAt, elapsedMs, interrupted, attempts, outcomes, stock }))
    }
    return this.#failure
  }

  #try(write: () => void): void {
    try {
      write()
    } catch (error) {
      if (!(error instanceof SeckillError)) throw error
      this.#failure = error
    }
  }
}
