import { isOutcome, OUTCOMES, type Outcome } from './outcome.js'

/** Time from the planned send to the answer, from the actual one, of connecting alone; from the planned send to the decision of a queued attempt. */
export const MEASURES = ['response', 'service', 'connect', 'decision'] as const

export type Measure = (typeof MEASURES)[number]

/** A percentile (0..100), or one of the two that are none. */
export type Point = number | 'max' | 'mean'

/** Who measures it: whoever fires or reads the run log; whoever reads the sale; whoever explores orders. */
export type Scope = 'load' | 'stock' | 'race'

/** What a number is: milliseconds, a rate, a count (no unit). */
export type MetricUnit = 'ms' | '/s' | ''

interface Figured {
  readonly scope: Scope
  readonly unit: MetricUnit
  /** What a generator that is not to be believed spoils. */
  readonly timed: boolean
}

const figured = (scope: Scope, unit: MetricUnit, timed = false): Figured => ({ scope, unit, timed })

/** Figures that have a name of their own. */
const FIGURES = {
  rps: figured('load', '/s', true),
  elapsed: figured('load', 'ms', true),
  timeToSellOut: figured('load', 'ms', true),
  units: figured('load', ''),
  late: figured('load', ''),
  dropped: figured('load', ''),
  releaseSpread: figured('load', 'ms'),
  'stock.remaining': figured('stock', ''),
  'stock.sold': figured('stock', ''),
  'stock.lowest': figured('stock', ''),
  'race.schedules': figured('race', ''),
  'race.violations': figured('race', ''),
  'race.elapsed': figured('race', 'ms'),
} as const satisfies Record<string, Figured>

export type FigureName = keyof typeof FIGURES

/** What a threshold may ask for. */
export type Metric =
  | {
      readonly kind: 'latency'
      readonly name: string
      readonly measure: Measure
      /** That of the answer, or of the decision where that is measured; null: all. */
      readonly outcome: Outcome | null
      readonly point: Point
    }
  /** Attempts by outcome or by status (`503`, `5xx`), or all of them: a count, or a share of all. */
  | { readonly kind: 'attempts'; readonly name: string; readonly of: readonly Outcome[] | string | null }
  /** Queued attempts by what they came to, all that are decided (null), or those that are not: a count, or a share of all attempts. */
  | { readonly kind: 'followed'; readonly name: string; readonly of: Outcome | 'undecided' | null }
  | { readonly kind: 'figure'; readonly name: FigureName }

/** That nobody decided: the shop failed, or nothing is known of it. */
const ERRORS: readonly Outcome[] = ['error', 'unknown', 'not_sent']

const isFigure = (name: string): name is FigureName => Object.hasOwn(FIGURES, name)

/** The metric of a name such as `p99`, `sold.p99`, `service.max`, `outcome.sold`, `decided.sold`, `errors`, `rps`; undefined for none. */
export const parseMetric = (name: string): Metric | undefined => {
  if (isFigure(name)) return { kind: 'figure', name }
  if (name === 'attempts') return { kind: 'attempts', name, of: null }
  if (name === 'errors') return { kind: 'attempts', name, of: ERRORS }
  if (name === 'decided') return { kind: 'followed', name, of: null }
  if (name === 'undecided') return { kind: 'followed', name, of: name }
  const came = /^decided\.(.+)$/.exec(name)?.[1]
  if (came !== undefined) return isOutcome(came) ? { kind: 'followed', name, of: came } : undefined
  const outcome = name.replace(/^outcome\./, '')
  if (isOutcome(outcome)) return { kind: 'attempts', name, of: [outcome] }
  const [, status] = /^status\.([1-5](?:xx|\d\d))$/.exec(name) ?? []
  return status === undefined ? latencyOf(name) : { kind: 'attempts', name, of: status }
}

const LATENCY =
  /^(?:outcome\.)?(?:([a-z_]+)\.)??(?:(response|service|connect|decision)\.)?(p\(?[\d.]+\)?|max|mean|avg|med)$/

const latencyOf = (name: string): Metric | undefined => {
  const [, outcome, measure = 'response', written] = LATENCY.exec(name) ?? []
  const point = written === undefined ? undefined : pointOf(written)
  if (point === undefined || (outcome !== undefined && !isOutcome(outcome))) return undefined
  return { kind: 'latency', name, measure: measure as Measure, outcome: outcome ?? null, point }
}

/** `p99`, `p99.9`, `p999` (as JSON calls it) and `p(99.9)`, `avg`, `med` (as k6 does). */
const pointOf = (written: string): Point | undefined => {
  if (written === 'max') return 'max'
  if (written === 'mean' || written === 'avg') return 'mean'
  if (written === 'med') return 50
  const digits = /^p(?:\((\d+(?:\.\d+)?)\)|(\d+(?:\.\d+)?))$/.exec(written)
  const given = digits?.[1] ?? digits?.[2]
  if (given === undefined) return undefined
  const percentile = Number(/^9\d{2,4}$/.test(given) ? `${given.slice(0, 2)}.${given.slice(2)}` : given)
  return percentile > 0 && percentile < 100 ? percentile : undefined
}

export const scopeOf = (metric: Metric): Scope => (metric.kind === 'figure' ? FIGURES[metric.name].scope : 'load')

export const unitOf = (metric: Metric): MetricUnit =>
  metric.kind === 'figure' ? FIGURES[metric.name].unit : metric.kind === 'latency' ? 'ms' : ''

/** Whether it is a time, which a generator that could not keep up spoils. */
export const isTimed = (metric: Metric): boolean =>
  metric.kind === 'figure' ? FIGURES[metric.name].timed : metric.kind === 'latency'

/** Of what there should be more. */
const WANTED: readonly string[] = ['sold', 'replayed', 'queued']

/** Whether more of it is worse: of times, failures and refusals; of rates, units and purchases less is. */
export const higherIsWorse = (metric: Metric): boolean => {
  if (metric.kind === 'latency') return true
  if (metric.kind === 'figure') return !['rps', 'units', 'stock.sold', 'race.schedules'].includes(metric.name)
  if (metric.kind === 'followed') return metric.of !== null && !WANTED.includes(metric.of)
  const { of } = metric
  return typeof of === 'string' ? /^[45]/.test(of) : of !== null && !of.every((outcome) => WANTED.includes(outcome))
}

const POINTS = ['p50', 'p90', 'p95', 'p99', 'p999', 'max', 'mean']

/** Every name, but for percentiles and statuses that nobody has thought of. */
export const metricNames = (): string[] => [
  ...POINTS,
  ...Object.keys(FIGURES),
  ...OUTCOMES,
  ...['attempts', 'errors', 'status.5xx', 'decided', 'undecided'],
  ...[...MEASURES, ...OUTCOMES].flatMap((of) => POINTS.map((point) => `${of}.${point}`)),
  ...OUTCOMES.flatMap((outcome) => [`outcome.${outcome}`, `decided.${outcome}`]),
]
