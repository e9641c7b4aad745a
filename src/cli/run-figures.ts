import type { RunFigures } from '../report/figures.js'
import { OUTCOMES } from '../sale/outcome.js'
import type { Summary } from './sum-up.js'

/** More would show nothing more in the chart of a report. */
const PERCENTILES = [1, 5, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.9, 99.99]
const CURVE_POINTS = 300

/** What was measured of a run as plain data, for its report. */
export const runFigures = ({ meta, measures, overTime, asked, groupSizes }: Summary): RunFigures => {
  const { tally, latency, order } = measures
  const winners = order.winners()
  const measured = OUTCOMES.filter((outcome) => latency.figure('response', outcome, 50) !== null)
  const spectrum = measured.map((outcome) => [
    outcome,
    PERCENTILES.map((point) => latency.figure('response', outcome, point) ?? 0),
  ])
  return {
    ...{ attempts: tally.attempts, asked, outcomes: tally.outcomes(), unitsAcknowledged: tally.unitsAcknowledged },
    ...{ statusCodes: tally.statusCodes(), timeToSellOutMs: tally.timeToSellOutMs(), latencyMs: latency.summary() },
    spectrum: { percentiles: PERCENTILES, byOutcome: Object.fromEntries(spectrum) },
    overTime: overTime.series(),
    winnersOrder: winners && { ...winners, curve: order.curve(CURVE_POINTS) },
    answers: meta.groups.map(({ id, status, outcome, rule, sample }) => ({
      ...{ group: id, count: groupSizes.get(id) ?? 0, status, outcome, rule, sample },
    })),
  }
}
