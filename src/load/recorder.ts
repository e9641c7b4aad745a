import { SeckillError } from '../errors.js'
import type { AnswerGroup, Attempt } from '../history/attempt.js'
import type { RunFooter } from '../history/run.js'
import type { RunLogWriter } from '../history/run-log-writer.js'
import type { Decided } from './decisions.js'
import type { Measures } from './measures.js'

/** Where new groups of answers come from. */
export interface GroupSource {
  takeNewGroups(): AnswerGroup[]
}

/** Takes down every attempt: counted, measured, written. Once the run log fails, recording throws that failure. */
export class Recorder {
  readonly measures: Measures
  readonly #log: RunLogWriter
  readonly #groups: GroupSource
  #failure: SeckillError | null = null

  constructor(log: RunLogWriter, groups: GroupSource, measures: Measures) {
    this.#log = log
    this.#groups = groups
    this.measures = measures
  }

  record(attempt: Attempt): void {
    this.measures.add(attempt)
    if (this.#failure === null) {
      try {
        this.#log.append(attempt)
      } catch (error) {
        this.#keep(error)
      }
    }
    if (this.#failure !== null) throw this.#failure
  }

  /** What queued attempts came to; they were recorded before. Never throws, as {@link flush}. */
  decide(decisions: readonly Decided[]): void {
    for (const decision of decisions) this.measures.decide(decision)
    this.#try(() => this.#log.decisions(decisions))
  }

  /** Hands over what has gathered; called from a timer, hence it never throws. */
  flush(): void {
    this.#try(() => {
      this.#log.flush()
      this.#log.groups(this.#groups.takeNewGroups())
    })
  }

  /** Ends the log; what went wrong with it, or null. */
  close(end: Omit<RunFooter, 'endedAt' | 'attempts' | 'outcomes'>): SeckillError | null {
    this.flush()
    const { tally } = this.measures
    const footer = { ...end, attempts: tally.attempts, outcomes: tally.outcomes() }
    if (this.#failure !== null) this.#log.abandon()
    else this.#try(() => this.#log.close({ endedAt: new Date().toISOString(), ...footer }))
    return this.#failure
  }

  #try(write: () => void): void {
    if (this.#failure !== null) return
    try {
      write()
    } catch (error) {
      this.#keep(error)
    }
  }

  #keep(error: unknown): void {
    if (!(error instanceof SeckillError)) throw error
    this.#failure = error
  }
}
