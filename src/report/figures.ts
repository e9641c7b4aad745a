import type { Percentiles } from '../history/histogram.js'
import type { Asked } from '../history/repeat.js'
import type { Outcome } from '../sale/outcome.js'
import type { Followed } from './followed.js'

type ByOutcome<T> = Partial<Readonly<Record<Outcome, T>>>

/** What was measured of a run, in memory that does not grow with it. */
export interface RunFigures {
  readonly attempts: number
  readonly asked: Asked
  readonly outcomes: ByOutcome<number>
  readonly unitsAcknowledged: number
  readonly statusCodes: Readonly<Record<string, number>>
  readonly timeToSellOutMs: number | null
  readonly latencyMs: {
    readonly response: Percentiles
    readonly service: Percentiles
    readonly connect: Percentiles
    readonly byOutcome: ByOutcome<Percentiles>
    readonly serviceByOutcome: ByOutcome<Percentiles>
    readonly connectByOutcome: ByOutcome<Percentiles>
  }
  /** What became of queued attempts; null where nobody followed them. */
  readonly followed: Followed | null
  /** Response time of each outcome at each of `percentiles`, and time to decision of all and by what was decided; none where nothing was. */
  readonly spectrum: {
    readonly percentiles: readonly number[]
    readonly byOutcome: ByOutcome<readonly number[]>
    readonly decision: readonly number[]
    readonly decisionByOutcome: ByOutcome<readonly number[]>
  }
  /** Counts in stretches of `widthMs`, from the start; a queued attempt wins, if it does, once that is decided. */
  readonly overTime: {
    readonly widthMs: number
    readonly sent: readonly number[]
    readonly answered: readonly number[]
    readonly won: readonly number[]
    readonly units: readonly number[]
  }
  /** The winners in the order of sending; null where nobody won. `curve`: how many had won among the first n to send. */
  readonly winnersOrder: {
    readonly winners: number
    readonly amongFirst: number
    readonly lastPlace: number
    readonly curve: readonly (readonly [number, number])[]
  } | null
  readonly answers: readonly {
    readonly group: number
    readonly count: number
    readonly status: number
    readonly outcome: Outcome
    readonly rule: string | null
    readonly sample: string
  }[]
}
