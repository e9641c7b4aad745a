import type { AuditResult } from '../audit/audit.js'
import { wasFollowed } from '../history/decided.js'
import type { Run } from '../history/run.js'
import { say } from '../language/say.js'
import type { RaceResult } from '../race/race.js'
import type { FigureName } from '../sale/metric.js'
import type { Figure, Figures } from '../sale/threshold.js'
import type { Fired } from './fired.js'
import type { Witnessed } from './render-audit.js'

/** What whoever fired measured. */
export const figuresOfFired = async ({ result }: Fired): Promise<Figures> => {
  const { figuresOf, singleFigures } = await import('../load/figures.js')
  const { tally, latency, elapsedMs, facts, interrupted, followed } = result
  const single = singleFigures(tally, elapsedMs, facts)
  return figuresOf({ tally, latency, followed: followed !== null, interrupted, generator: facts.generator, single })
}

/** What the logs of several runs tell, their attempts as they were answered; null where none was to be judged. */
export const figuresOfRuns = async (runs: readonly Run[] | null, gap: string | null): Promise<Figures> => {
  if (runs === null) return () => ({ value: null, doubt: say`no run was to be judged` })
  const [{ figuresOf, singleFigures }, { LatencyRecorder }, { remeasure }, { Tally }] = await Promise.all([
    import('../load/figures.js'),
    import('../load/latency.js'),
    import('../load/remeasure.js'),
    import('../load/tally.js'),
  ])
  const [tally, latency] = [new Tally(), new LatencyRecorder()]
  for (const run of runs) remeasure(run, [run.attempts], { tally, latency })
  const footers = runs.flatMap(({ footer }) => footer ?? [])
  const [only] = runs.length === 1 ? footers : []
  const figures = figuresOf({
    ...{ tally, latency, followed: runs.some(wasFollowed) },
    interrupted: footers.some(({ interrupted }) => interrupted),
    generator: footers.find(({ load }) => load?.generator.verdict === 'invalid')?.load?.generator ?? null,
    single: runs.length > 1 ? null : only === undefined ? {} : singleFigures(tally, only.elapsedMs, only.load),
  })
  const torn = footers.length < runs.length ? say`a run log has no end` : null
  return (metric) => {
    const { value, doubt } = figures(metric)
    return { value, doubt: doubt ?? gap ?? torn }
  }
}

/** What an audit read of the sale, and what the runs tell. */
export const figuresOfAudit = (
  ofRuns: Figures,
  { state, moving, lost }: Witnessed,
  { ledger }: AuditResult,
): Figures => {
  const doubt = lost ?? (moving === null ? null : say`it had not come to rest: ${moving}`)
  const samples = ledger.runs.flatMap((run) => run.footer?.stock ?? [])
  const stock: Partial<Record<FigureName, Figure>> = {
    'stock.remaining': { value: state?.remaining ?? null, doubt: state?.stockProblem ?? doubt },
    'stock.sold': { value: state && ledger.recordedUnits, doubt: state?.recordsProblem ?? doubt },
    'stock.lowest': {
      value: samples.length === 0 ? null : Math.min(...samples.map(({ lowest }) => lowest)),
      doubt: null,
    },
  }
  return (metric) => (metric.kind === 'figure' ? stock[metric.name] : undefined) ?? ofRuns(metric)
}

/** What a race measured of itself. */
export const figuresOfRace = ({ schedules, elapsedMs, counterexamples, stopped }: RaceResult): Figures => {
  const doubt = stopped === 'interrupted' ? say`the race was interrupted` : null
  const violations = counterexamples.reduce((sum, example) => sum + example.violations.length, 0)
  const figures: Partial<Record<FigureName, number>> = {
    'race.schedules': schedules,
    'race.elapsed': elapsedMs,
    'race.violations': violations,
  }
  return (metric) => ({ value: (metric.kind === 'figure' ? figures[metric.name] : undefined) ?? null, doubt })
}
