import type { LoadFacts } from '../history/run.js'
import { say } from '../language/say.js'
import { type FigureName, isTimed, type Metric } from '../sale/metric.js'
import type { Figures } from '../sale/threshold.js'
import type { LatencyRecorder } from './latency.js'
import type { Tally } from './tally.js'

/** What was measured of a load, by one run or by several taken together. */
export interface Measured {
  readonly tally: Tally
  readonly latency: LatencyRecorder
  /** Whether queued attempts were followed to their decisions. */
  readonly followed: boolean
  readonly interrupted: boolean
  /** Whether the times can be believed; null where that is not known. */
  readonly generator: Pick<LoadFacts['generator'], 'verdict' | 'reasons'> | null
  /** Figures that belong to one run; null where there are none, or several runs. */
  readonly single: Partial<Record<FigureName, number | null>> | null
}

/** Those figures of a load that lasted so long; `facts` undefined where an older log does not tell. */
export const singleFigures = (
  tally: Tally,
  elapsedMs: number,
  facts: LoadFacts | undefined,
): Partial<Record<FigureName, number | null>> => ({
  rps: tally.attempts === 0 ? null : (tally.attempts * 1_000) / Math.max(1, elapsedMs),
  elapsed: elapsedMs,
  timeToSellOut: tally.timeToSellOutMs(),
  late: facts?.late ?? null,
  dropped: facts?.dropped ?? null,
  releaseSpread: facts?.burst?.releaseSpreadMs ?? null,
})

/** What a load measured, for thresholds: times that an invalid generator took are in doubt, and all that an interrupted one did. */
export const figuresOf =
  ({ tally, latency, followed, interrupted, generator, single }: Measured): Figures =>
  (metric) => {
    const doubt = interrupted
      ? say`the run was interrupted`
      : generator?.verdict === 'invalid' && isTimed(metric)
        ? say`the load was not what was asked for: ${generator.reasons[0]}`
        : null
    if (!followed && isOfDecisions(metric)) {
      const queued = tally.count('queued')
      const why = queued === 0 ? say`no attempt was queued` : say`queued attempts were not followed: see --poll`
      return { value: null, doubt: doubt ?? why }
    }
    if (metric.kind === 'figure' && metric.name === 'units') return { value: tally.unitsAcknowledged, doubt }
    if (metric.kind !== 'figure') return { value: measured(metric, tally, latency), doubt }
    return {
      value: single?.[metric.name] ?? null,
      doubt: doubt ?? (single === null ? say`it is measured of one run, and there are several` : null),
    }
  }

const isOfDecisions = (metric: Metric): boolean =>
  metric.kind === 'followed' || (metric.kind === 'latency' && metric.measure === 'decision')

const measured = (
  metric: Exclude<Metric, { kind: 'figure' }>,
  tally: Tally,
  latency: LatencyRecorder,
): number | null => {
  if (metric.kind === 'latency') return latency.figure(metric.measure, metric.outcome, metric.point)
  if (metric.kind === 'followed')
    return metric.of === null ? tally.decisions : metric.of === 'undecided' ? tally.undecided : tally.decided(metric.of)
  const { of } = metric
  if (of === null) return tally.attempts
  return typeof of === 'string' ? tally.statusCount(of) : of.reduce((sum, outcome) => sum + tally.count(outcome), 0)
}
