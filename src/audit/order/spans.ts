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

const spanOf = ({ header, footer, attempts }: Run, runs: readonly Run[]): Span => {
  const beganUs = Date.parse(header.startedAt) * 1_000 - originUs(runs)
  const latestBeganUs = footer
    ? Date.parse(footer.endedAt) * 1_000 + DATE_US - footer.elapsedMs * 1_000 - originUs(runs)
    : Number.POSITIVE_INFINITY
  const [from, until] = runs.length === 1 ? [0, 0] : [beganUs, Math.max(beganUs, latestBeganUs)]
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
