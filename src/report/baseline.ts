import { usageError } from '../errors.js'
import type { Asked } from '../history/repeat.js'
import type { RunHeader } from '../history/run.js'
import { say } from '../language/say.js'
import {
  higherIsWorse,
  type Metric,
  type MetricUnit,
  metricNames,
  parseMetric,
  scopeOf,
  unitOf,
} from '../sale/metric.js'
import { didYouMean } from '../sale/nearest.js'
import { type Figures, shownFigure } from '../sale/threshold.js'
import { sameTarget } from './belongs.js'

/** How much worse than the baseline a figure may be: `p99=10%`. */
export interface Bound {
  /** As written. */
  readonly expression: string
  readonly metric: Metric
  /** Of the baseline's figure. */
  readonly percent: number
}

/** What became of a bound. Figures in `unit`. */
export interface Regression {
  readonly expression: string
  readonly metric: string
  readonly was: number | null
  readonly is: number | null
  readonly unit: MetricUnit
  /** Of what it was; null where that was 0 or is not known. */
  readonly changePercent: number | null
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** What it was and is, or why that cannot be judged. */
  readonly message: string
}

/** What two runs have to share to be compared. */
export interface Comparable {
  readonly header: RunHeader
  readonly asked: Asked
}

const FORM = /^([A-Za-z][\w.]*(?:\([\d.]+\))?)\s*=\s*(\d+(?:\.\d+)?)\s*%$/

/** Reads `METRIC=PERCENT%`, each of them. Throws a usage error that says what is wrong. */
export const parseBounds = (sources: readonly string[]): Bound[] => sources.map(parseBound)

const parseBound = (source: string): Bound => {
  const expression = source.trim()
  const [, name, percent] = FORM.exec(expression) ?? []
  const told = `--max-regression ${JSON.stringify(expression)}`
  if (name === undefined) throw usageError(say`${told} is no bound`, say`write one such as p99=10%`)
  const metric = parseMetric(name)
  if (metric === undefined || scopeOf(metric) !== 'load') {
    const known = metricNames().filter((each) => scopeOf(parseMetric(each) as Metric) === 'load')
    const meant = didYouMean(name, known)
    throw usageError(
      say`${told}: a run log knows no ${name}${meant}`,
      say`one of p50 to p999, max, mean, rps, an outcome, …`,
    )
  }
  return { expression, metric, percent: Number(percent) }
}

/** In what two runs differ, so that their figures cannot be held against each other; none where they can. */
export const differences = (was: Comparable, is: Comparable): string[] => {
  const differ = (
    name: string,
    of: (run: Comparable) => unknown,
    same = (a: unknown, b: unknown) => a === b,
  ): string[] => {
    const [before, now] = [of(was), of(is)]
    return same(before, now) ? [] : [say`${name} (${before} and ${now})`]
  }
  return [
    ...differ(say`seed`, ({ header }) => header.seed),
    ...differ(say`users`, ({ asked }) => asked.users),
    ...differ(say`names of users`, ({ header }) => header.users.kind),
    ...differ(
      say`target`,
      ({ header }) => header.target,
      (a, b) => sameTarget(String(a), String(b)),
    ),
    ...differ(say`concurrency`, ({ header }) => header.concurrency),
    ...differ(say`load`, ({ header }) => header.loadFlags ?? '–'),
  ]
}

/** Holds a run's figure against the baseline's. */
export const judgeBound = ({ expression, metric, percent }: Bound, before: Figures, now: Figures): Regression => {
  const [was, is] = [before(metric), now(metric)]
  const unit = unitOf(metric)
  const told = { expression, metric: metric.name, was: was.value, is: is.value, unit }
  if (was.value === null || is.value === null) {
    const why = was.doubt ?? is.doubt ?? say`nothing was measured of it`
    return { ...told, changePercent: null, verdict: 'inconclusive', message: why }
  }
  const changePercent = was.value === 0 ? null : Math.round((1_000 * (is.value - was.value)) / was.value) / 10
  const message = say`was ${shownFigure(was.value, unit)}, is ${shownFigure(is.value, unit)}`
  const doubt = was.doubt ?? is.doubt
  if (doubt !== null) return { ...told, changePercent, verdict: 'inconclusive', message: `${message}: ${doubt}` }
  const worse = higherIsWorse(metric) ? is.value - was.value : was.value - is.value
  const held = worse <= (was.value * percent) / 100 + 1e-9
  return { ...told, changePercent, verdict: held ? 'pass' : 'fail', message }
}
