import { milliseconds, thousands } from '../language/numbers.js'
import { say } from '../language/say.js'
import type { Regression } from './baseline.js'
import { decidedIn, type Followed } from './followed.js'
import { type RunSummary, winnersTold } from './summary.js'

/** A run against an earlier one. */
export interface Comparison {
  readonly baseline: RunSummary
  /** What became of each bound; empty where none was given. */
  readonly regressions: readonly Regression[]
}

const orDash = (value: number | null | undefined, text: (value: number) => string): string =>
  value === null || value === undefined ? '–' : text(value)

const decisionMs = (followed: Followed | null) =>
  followed === null || decidedIn(followed) === 0 ? null : followed.decisionMs

/** The figures by which runs are compared, a row each: its name, then what each run says. */
export const comparedRows = (runs: readonly RunSummary[]): string[][] => {
  const row = (name: string, value: (run: RunSummary) => number | null | undefined, text = thousands) => [
    name,
    ...runs.map((run) => orDash(value(run), text)),
  ]
  return [
    row(say`units for sale`, ({ audit }) => audit?.stock.initial),
    row(say`units recorded as sold`, ({ audit }) => audit?.stock.sold),
    row(say`units left`, ({ audit }) => audit?.stock.remaining),
    row(say`told that they won`, winnersTold),
    row(say`to apologise to`, ({ audit }) => audit?.people.sorry.usersInAll),
    row(say`attempts`, ({ attempts }) => attempts),
    row(say`attempts per second`, ({ requestsPerSecond }) => requestsPerSecond),
    row(say`until sold out`, ({ timeToSellOutMs }) => timeToSellOutMs, milliseconds),
    row(say`winners’ p99`, ({ latencyMs }) => latencyMs.byOutcome.sold?.p99, milliseconds),
    row(say`p50 of all answers`, ({ latencyMs }) => latencyMs.response.p50, milliseconds),
    row(say`p99 of all answers`, ({ latencyMs }) => latencyMs.response.p99, milliseconds),
    ...(runs.some(({ followed }) => followed !== null)
      ? [
          row(say`decided`, ({ followed }) => followed && decidedIn(followed)),
          row(say`undecided`, ({ followed }) => followed?.undecided),
          row(say`p50 until decided`, ({ followed }) => decisionMs(followed)?.p50, milliseconds),
          row(say`p99 until decided`, ({ followed }) => decisionMs(followed)?.p99, milliseconds),
          row(say`polls`, ({ followed }) => followed?.polls),
        ]
      : []),
    row(say`seed`, ({ seed }) => seed, String),
  ]
}
