import type { Run } from '../../history/run.js'

/** When the attempts of a run were under way, in µs on a clock that all runs share. Never narrower than the truth. */
export interface Span {
  sentUs(row: number): number
  doneUs(row: number): number
}

/** A log cuts lag and service to whole microseconds: an answer may have come this much later than it says. */
const CUT_US = 2
/** Where a log stops counting: whatever took longer has no end that is known. */
const SATURATED_US = 2 ** 32 - 1
/** A log's dates are cut to whole milliseconds. */
const DATE_US = 1_000

/**
 * The spans of each run. A run alone keeps its own monotonic clock. Several are laid side by side by the dates in their
 * logs, which say no more than that a run lay between them: an attempt's span is widened by what they leave open.
 */
export const spansOf = (runs: readonly Run[]): Span[] => runs.map((run) => spanOf(run, runs))

/** The spans of a run in µs since 1970. */
export const datedSpan = (run: Run): Span => {
  const [from, until] = beginning(run)
  return shifted(run, from, until)
}

/** Between which moments a run began its clock, in µs since 1970. */
const beginning = ({ header, footer }: Run): [from: number, until: number] => {
  const from = Date.parse(header.startedAt) * 1_000
  if (footer === null) return [from, Number.POSITIVE_INFINITY]
  return [from, Math.max(from, Date.parse(footer.endedAt) * 1_000 + DATE_US - footer.elapsedMs * 1_000)]
}

const spanOf = (run: Run, runs: readonly Run[]): Span => {
  if (runs.length === 1) return shifted(run, 0, 0)
  const [from, until] = beginning(run)
  return shifted(run, from - originUs(runs), until - originUs(runs))
}

const shifted = ({ attempts }: Run, from: number, until: number): Span => {
  return {
    sentUs: (row) => from + attempts.sentAtUs(row),
    doneUs: (row) =>
      (attempts.serviceUs[row] as number) >= SATURATED_US || (attempts.lagUs[row] as number) >= SATURATED_US
        ? Number.POSITIVE_INFINITY
        : until + attempts.doneAtUs(row) + CUT_US,
  }
}

/** The first run's date: differences stay small, and exact. */
const originUs = (runs: readonly Run[]): number =>
  Math.min(...runs.map(({ header }) => Date.parse(header.startedAt))) * 1_000
