import { wasFollowed } from '../history/decided.js'
import type { RunFigures } from '../report/figures.js'
import type { Followed } from '../report/followed.js'
import { OUTCOMES, type Outcome } from '../sale/outcome.js'
import type { Summary } from './sum-up.js'

/** More would show nothing more in the chart of a report. */
const PERCENTILES = [1, 5, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.9, 99.99]
const CURVE_POINTS = 300

/** What was measured of a run as plain data, for its report. */
export const runFigures = (summary: Summary): RunFigures => {
  const { meta, measures, overTime, asked, groupSizes } = summary
  const { tally, latency, order } = measures
  const winners = order.winners()
  return {
    ...{ attempts: tally.attempts, asked, outcomes: tally.outcomes(), unitsAcknowledged: tally.unitsAcknowledged },
    ...{ statusCodes: tally.statusCodes(), timeToSellOutMs: tally.timeToSellOutMs(), latencyMs: latency.summary() },
    followed: followedIn(summary),
    spectrum: spectrumOf(summary),
    overTime: overTime.series(),
    winnersOrder: winners && { ...winners, curve: order.curve(CURVE_POINTS) },
    answers: meta.groups.map(({ id, status, outcome, rule, sample }) => ({
      ...{ group: id, count: groupSizes.get(id) ?? 0, status, outcome, rule, sample },
    })),
  }
}

/** What became of the queued attempts of a run; null where nobody followed them. */
export const followedIn = ({ meta, measures: { tally, latency } }: Summary): Followed | null => {
  if (!wasFollowed(meta)) return null
  const {
    notFollowed = null,
    polls = null,
    throttled = null,
    failures = null,
    unmatched = null,
  } = meta.footer?.followed ?? {}
  return {
    ...{ queued: tally.count('queued'), undecided: tally.undecided },
    ...{ notFollowed, polls, throttled, failures, unmatched },
    outcomes: tally.decidedOutcomes(),
    acceptanceMs: latency.summary().byOutcome.queued ?? null,
    ...latency.decisions(),
  }
}

const spectrumOf = ({ measures: { latency } }: Summary): RunFigures['spectrum'] => {
  const times = (measure: 'response' | 'decision', outcome: Outcome | null) =>
    PERCENTILES.flatMap((point) => latency.figure(measure, outcome, point) ?? [])
  const byOutcome = (measure: 'response' | 'decision') =>
    Object.fromEntries(
      OUTCOMES.map((outcome) => [outcome, times(measure, outcome)] as const).filter(([, { length }]) => length > 0),
    )
  return {
    percentiles: PERCENTILES,
    byOutcome: byOutcome('response'),
    decision: times('decision', null),
    decisionByOutcome: byOutcome('decision'),
  }
}
