import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { type Metric, type MetricUnit, metricNames, parseMetric, unitOf } from './metric.js'
import { didYouMean } from './nearest.js'

const OPERATORS = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
} as const

export type Operator = keyof typeof OPERATORS

/** That of the metric, or a share of all attempts in percent. */
export type ThresholdUnit = MetricUnit | '%'

/** What a run has to keep to: `p99 < 300ms`. */
export interface Threshold {
  /** As written. */
  readonly expression: string
  readonly metric: Metric
  readonly operator: Operator
  /** In {@link unit}. */
  readonly limit: number
  readonly unit: ThresholdUnit
}

/** What was measured of a metric: null where there is no sample; `doubt` says why it cannot be judged all the same. */
export interface Figure {
  readonly value: number | null
  readonly doubt: string | null
}

/** What a run measured. */
export type Figures = (metric: Metric) => Figure

export interface ThresholdResult {
  readonly expression: string
  /** In {@link unit}; null without a sample. */
  readonly observed: number | null
  readonly unit: ThresholdUnit
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** What was observed, or why that cannot be judged. */
  readonly message: string
}

const FORM = /^([A-Za-z][\w.]*(?:\([\d.]+\))?)\s*([<>=!]+)?\s*(.*)$/s
const EXAMPLE = 'p99 < 300ms'

/**
 * Reads `METRIC OPERATOR VALUE`, such as `p99 < 300ms`, `rps > 1000`, `outcome.sold == 50`, `errors < 1%`. On `race` its
 * metrics go without their prefix. Throws a usage error that says what is wrong.
 */
export const parseThreshold = (source: string, { race = false } = {}): Threshold => {
  const expression = source.trim()
  const [, name = '', operator = '', value = ''] = FORM.exec(expression) ?? []
  const bad = (why: string, hint: string) => usageError(say`threshold ${JSON.stringify(expression)}: ${why}`, hint)
  if (name === '') throw bad(say`it begins with no metric`, say`write one such as ${EXAMPLE}`)
  const metric = (race ? parseMetric(`race.${name}`) : undefined) ?? parseMetric(name)
  if (metric === undefined) {
    const meant = didYouMean(name, metricNames())
    throw bad(
      say`no metric ${JSON.stringify(name)}${meant}`,
      say`one of p50 to p999, max, mean, rps, errors, attempts, an outcome, …: docs/scenarios.md`,
    )
  }
  if (operator === '') throw bad(say`no comparison behind ${name}`, say`write one such as ${EXAMPLE}`)
  if (!Object.hasOwn(OPERATORS, operator)) {
    const meant =
      operator === '=' || operator === '===' ? say`write ==` : say`one of ${Object.keys(OPERATORS).join(' ')}`
    throw bad(say`no comparison ${operator}`, meant)
  }
  if (value === '') throw bad(say`nothing to compare ${name} with`, say`write one such as ${EXAMPLE}`)
  const limit = limitOf(metric, value)
  if (typeof limit === 'string') throw bad(say`${value} is no value of ${name}`, limit)
  return { expression, metric, operator: operator as Operator, ...limit }
}

const VALUE = /^(-?\d+(?:[,_]\d{3})*(?:\.\d+)?)\s*([a-zµ%/]*)$/
const PER_MS: Readonly<Record<string, number>> = { us: 0.001, µs: 0.001, ms: 1, s: 1_000, m: 60_000 }

/** Whether it may be told as a share of all attempts. */
const isShare = (metric: Metric): boolean =>
  metric.kind === 'followed' || (metric.kind === 'attempts' && metric.of !== null)

/** The value in the unit of the metric; or what to write in its place. */
const limitOf = (metric: Metric, written: string): Pick<Threshold, 'limit' | 'unit'> | string => {
  const [, digits, suffix = ''] = VALUE.exec(written) ?? []
  const number = Number(digits?.replace(/[,_]/g, ''))
  const unit = unitOf(metric)
  if (unit === 'ms') {
    const perMs = PER_MS[suffix]
    const meant = suffix === '' && digits !== undefined ? `${digits}ms` : '300ms'
    return perMs === undefined || !(number >= 0)
      ? say`a time has a unit: write ${meant}`
      : { limit: number * perMs, unit }
  }
  if (unit === '/s') {
    return (suffix !== '' && suffix !== '/s') || !(number >= 0)
      ? say`a rate is a number such as 1000`
      : { limit: number, unit }
  }
  if (suffix === '%' && isShare(metric)) {
    return number >= 0 && number <= 100 ? { limit: number, unit: '%' } : say`a share goes from 0% to 100%`
  }
  if (suffix === '' && Number.isInteger(number)) return { limit: number, unit }
  return isShare(metric)
    ? say`a count is a whole number, and a share a percentage such as 1%`
    : say`a count is a whole number`
}

/** Judges one threshold by what was measured. What cannot be judged is `inconclusive`, whichever way it would go. */
export const judgeThreshold = (threshold: Threshold, figures: Figures): ThresholdResult => {
  const { expression, metric, operator, limit, unit } = threshold
  const { value, doubt } = unit === '%' ? shareOf(metric, figures) : figures(metric)
  const told = { expression, observed: value, unit }
  if (value === null) return { ...told, verdict: 'inconclusive', message: doubt ?? say`nothing was measured of it` }
  if (doubt !== null) return { ...told, verdict: 'inconclusive', message: `${shownFigure(value, unit)}: ${doubt}` }
  const holds = OPERATORS[operator](value, limit)
  return { ...told, verdict: holds ? 'pass' : 'fail', message: shownFigure(value, unit) }
}

const shareOf = (metric: Metric, figures: Figures): Figure => {
  const all = figures({ kind: 'attempts', name: 'attempts', of: null }).value
  const { value, doubt } = figures(metric)
  return { value: value === null || !all ? null : (100 * value) / all, doubt }
}

/** `412.3 ms`, `1.2 s`, `987/s`, `0.4 %`, `50`: with enough digits to see on which side of a limit it lies. */
export const shownFigure = (value: number, unit: ThresholdUnit): string => {
  const digits = (n: number) => String(Math.round(n * 1_000) / 1_000)
  if (unit === 'ms') return value >= 1_000 ? `${digits(value / 1_000)} s` : `${digits(value)} ms`
  if (unit === '/s') return `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })}/s`
  return unit === '%' ? `${digits(value)} %` : value.toLocaleString('en-US')
}
