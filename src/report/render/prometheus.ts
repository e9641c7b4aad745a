import { verdictsOf } from '../cases.js'

type Labels = Readonly<Record<string, string>>
type Json = Readonly<Record<string, unknown>>

interface Family {
  readonly name: string
  readonly help: string
  readonly samples: (readonly [labels: Labels, value: number])[]
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const labelled = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** Quantiles as Prometheus writes them, by how the documents call them. */
const QUANTILES = { p50: '0.5', p90: '0.9', p99: '0.99', p999: '0.999', max: '1' } as const

/**
 * What a command measured and judged, in Prometheus' text format, for node_exporter's textfile collector. Seconds, not
 * milliseconds; all are gauges: a run starts from nothing. `nowMs`: since 1970.
 */
export const prometheusText = (command: string, json: Json, nowMs: number): string => {
  const families = new Map<string, Family>()
  const gauge = (name: string, help: string, labels: Labels, value: unknown) => {
    if (typeof value !== 'number') return
    const family = families.get(name) ?? { name, help, samples: [] }
    family.samples.push([labels, value])
    families.set(name, family)
  }
  gauge('seckill_finished_timestamp_seconds', 'When this was written.', { command }, nowMs / 1_000)
  const judged = verdictsOf(command, json)
  for (const verdict of ['pass', 'fail', 'inconclusive'] as const)
    if (judged)
      gauge(
        'seckill_verdict',
        'The whole verdict: 1 for the one it is.',
        { command, verdict },
        Number(judged.verdict === verdict),
      )
  for (const { suite, name, verdict } of judged?.cases ?? [])
    gauge(
      'seckill_case_broken',
      'Rules, thresholds and settings: 1 where it failed.',
      { suite, name, verdict },
      Number(verdict === 'fail'),
    )
  const part = (name: string) =>
    command === 'run' ? ((json[name] ?? null) as Json | null) : command === name ? json : null
  loadGauges(part('blast') ?? part('simulate'), gauge)
  auditGauges(part('audit'), gauge)
  const race = part('race')
  gauge('seckill_race_schedules', 'Orders of commands that were executed.', {}, race?.schedules)
  if (Array.isArray(race?.violations))
    gauge('seckill_race_violations', 'Rules broken, by setting.', {}, race.violations.length)
  return [...families.values()]
    .map(({ name, help, samples }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...samples.map(([labels, value]) => `${name}${labelled(labels)} ${value}`),
      ].join('\n'),
    )
    .join('\n')
    .concat('\n')
}

type Gauge = (name: string, help: string, labels: Labels, value: unknown) => void

const loadGauges = (json: Json | null, gauge: Gauge): void => {
  if (json === null || json.latencyMs === undefined) return
  const target = String(json.target ?? json.strategy)
  for (const [outcome, n] of Object.entries(json.outcomes as Record<string, number>))
    gauge('seckill_attempts', 'Purchases tried, by outcome.', { target, outcome }, n)
  const latencies = json.latencyMs as Record<string, Record<string, number>>
  for (const kind of ['response', 'service', 'connect'])
    for (const [name, quantile] of Object.entries(QUANTILES))
      gauge(
        'seckill_latency_seconds',
        'Time of attempts; quantile 1 is the longest.',
        { target, kind, quantile },
        (latencies[kind]?.[name] ?? Number.NaN) / 1_000,
      )
  gauge('seckill_requests_per_second', 'Attempts per second of the whole run.', { target }, json.requestsPerSecond)
  gauge('seckill_units_acknowledged', 'Units that buyers were told they got.', { target }, json.unitsAcknowledged)
  followedGauges(target, json.followed as Json | null | undefined, gauge)
  const { verdict } = json.generator as { verdict: string }
  gauge('seckill_generator_valid', 'Whether the load was produced as asked.', { target }, Number(verdict === 'valid'))
}

const followedGauges = (target: string, followed: Json | null | undefined, gauge: Gauge): void => {
  if (!followed) return
  for (const [outcome, n] of Object.entries(followed.outcomes as Record<string, number>))
    gauge('seckill_decisions', 'What queued attempts came to, by outcome.', { target, outcome }, n)
  gauge('seckill_undecided', 'Queued attempts without a decision.', { target }, followed.undecided)
  gauge('seckill_polls', 'Requests that asked after queued attempts.', { target }, followed.polls)
  if (Object.keys(followed.outcomes as object).length === 0) return
  for (const [name, quantile] of Object.entries(QUANTILES))
    gauge(
      'seckill_latency_seconds',
      'Time of attempts; quantile 1 is the longest.',
      { target, kind: 'decision', quantile },
      ((followed.decisionMs as Record<string, number>)[name] ?? Number.NaN) / 1_000,
    )
}

const auditGauges = (json: Json | null, gauge: Gauge): void => {
  if (json === null || json.stock === undefined) return
  const sale = String(json.sale)
  const stock = json.stock as Record<string, number | null>
  for (const state of ['initial', 'remaining', 'sold'])
    gauge('seckill_stock_units', 'Units at the start, left, and recorded as sold.', { sale, state }, stock[state])
}
