import { describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import { higherIsWorse, isTimed, type Metric, metricNames, parseMetric, scopeOf } from '../../src/sale/metric.js'
import { type Figure, judgeThreshold, parseThreshold, shownFigure } from '../../src/sale/threshold.js'
import { fc } from '../helpers/fc.js'

const errorOf = (source: string, race = false): SeckillError => {
  try {
    parseThreshold(source, { race })
  } catch (error) {
    if (error instanceof SeckillError) return error
    throw error
  }
  throw new Error(`${source} was taken`)
}

describe('parseMetric', () => {
  it.each<[string, Partial<Metric> | object]>([
    ['p99', { kind: 'latency', measure: 'response', outcome: null, point: 99 }],
    ['p95', { point: 95 }],
    ['p99.9', { point: 99.9 }],
    ['p999', { point: 99.9 }],
    ['p9999', { point: 99.99 }],
    ['p(99.5)', { point: 99.5 }],
    ['med', { point: 50 }],
    ['avg', { point: 'mean' }],
    ['service.max', { measure: 'service', outcome: null, point: 'max' }],
    ['sold.p99', { measure: 'response', outcome: 'sold', point: 99 }],
    ['outcome.sold_out.connect.p50', { measure: 'connect', outcome: 'sold_out', point: 50 }],
    ['outcome.sold', { kind: 'attempts', of: ['sold'] }],
    ['unknown', { kind: 'attempts', of: ['unknown'] }],
    ['errors', { kind: 'attempts', of: ['error', 'unknown', 'not_sent'] }],
    ['attempts', { kind: 'attempts', of: null }],
    ['status.5xx', { kind: 'attempts', of: '5xx' }],
    ['status.503', { kind: 'attempts', of: '503' }],
    ['decision.p99', { kind: 'latency', measure: 'decision', outcome: null, point: 99 }],
    ['sold.decision.max', { measure: 'decision', outcome: 'sold', point: 'max' }],
    ['undecided', { kind: 'followed', of: 'undecided' }],
    ['decided', { kind: 'followed', of: null }],
    ['decided.sold', { kind: 'followed', of: 'sold' }],
    ['rps', { kind: 'figure', name: 'rps' }],
    ['stock.remaining', { kind: 'figure' }],
  ])('%s', (name, expected) => expect(parseMetric(name)).toMatchObject({ name, ...expected }))

  it.each([
    '',
    'p',
    'p0',
    'p100',
    'p(100)',
    'p101',
    'p1000',
    'bought.p99',
    'sold.service',
    'status.6xx',
    'toString',
    'decided.p99',
    'decided.toString',
    'undecided.sold',
    'P99',
  ])('%j is none', (name) => expect(parseMetric(name)).toBeUndefined())

  it('knows every name that it offers, and who measures it', () => {
    const scopes = metricNames().map((name) => scopeOf(parseMetric(name) as Metric))
    expect(new Set(scopes)).toEqual(new Set(['load', 'stock', 'race']))
  })

  it('knows of what there should be less', () => {
    const worse = (name: string) => higherIsWorse(parseMetric(name) as Metric)
    for (const name of ['p99', 'decision.p99', 'undecided', 'decided.error', 'sold_out', 'status.503'])
      expect([name, worse(name)]).toEqual([name, true])
    for (const name of ['rps', 'decided', 'decided.sold', 'sold', 'attempts', 'units'])
      expect([name, worse(name)]).toEqual([name, false])
  })

  it('tells times, which a bad generator spoils, from counts', () => {
    const timed = metricNames().filter((name) => isTimed(parseMetric(name) as Metric))
    expect(timed).toEqual(expect.arrayContaining(['p99', 'sold.max', 'rps', 'timeToSellOut']))
    expect(timed).toContain('decision.p99')
    for (const name of ['decided.sold', 'undecided', 'errors', 'sold', 'units', 'stock.remaining', 'dropped'])
      expect(timed).not.toContain(name)
  })
})

describe('parseThreshold', () => {
  it.each<[string, [string, string, number, string]]>([
    ['p99 < 300ms', ['p99', '<', 300, 'ms']],
    [' p99<0.3s ', ['p99', '<', 300, 'ms']],
    ['service.mean <= 250µs', ['service.mean', '<=', 0.25, 'ms']],
    ['p(95) < 1m', ['p(95)', '<', 60_000, 'ms']],
    ['rps > 1000', ['rps', '>', 1_000, '/s']],
    ['rps >= 1,000/s', ['rps', '>=', 1_000, '/s']],
    ['outcome.sold == 50', ['outcome.sold', '==', 50, '']],
    ['unknown==0', ['unknown', '==', 0, '']],
    ['errors < 1%', ['errors', '<', 1, '%']],
    ['errors < 0.5 %', ['errors', '<', 0.5, '%']],
    ['stock.remaining >= -3', ['stock.remaining', '>=', -3, '']],
    ['decision.p99 < 3s', ['decision.p99', '<', 3_000, 'ms']],
    ['undecided < 1%', ['undecided', '<', 1, '%']],
    ['decided.sold == 50', ['decided.sold', '==', 50, '']],
    ['attempts != 20_000', ['attempts', '!=', 20_000, '']],
  ])('%s', (source, [name, operator, limit, unit]) => {
    const threshold = parseThreshold(source)
    expect(threshold).toMatchObject({ expression: source.trim(), metric: { name }, operator, limit, unit })
  })

  it.each<[string, RegExp, RegExp]>([
    ['', /it begins with no metric/, /such as p99 < 300ms/],
    ['< 300ms', /it begins with no metric/, /such as/],
    ['p9x < 300ms', /no metric "p9x"; did you mean p9\d/, /docs\/scenarios.md/],
    ['sould == 50', /no metric "sould"; did you mean sold\?/, /an outcome/],
    ['latency < 300ms', /no metric "latency"/, /one of p50 to p999/],
    ['p99', /no comparison behind p99/, /such as p99 < 300ms/],
    ['p99 300ms', /no comparison behind p99/, /such as/],
    ['p99 = 300ms', /no comparison =/, /write ==/],
    ['p99 => 300ms', /no comparison =>/, /one of < <= > >= == !=/],
    ['p99 <', /nothing to compare p99 with/, /such as/],
    ['p99 < 300', /300 is no value of p99/, /a time has a unit: write 300ms/],
    ['p99 < fast', /fast is no value of p99/, /write 300ms/],
    ['p99 < 3h', /3h is no value/, /a time has a unit/],
    ['p99 < -3ms', /-3ms is no value/, /a time/],
    ['rps > 10ms', /10ms is no value of rps/, /a number such as 1000/],
    ['sold == 50ms', /50ms is no value of sold/, /a whole number, and a share a percentage/],
    ['sold == 1.5', /1.5 is no value of sold/, /whole number/],
    ['errors < 101%', /101% is no value/, /from 0% to 100%/],
    ['attempts > 5%', /5% is no value of attempts/, /a count is a whole number/],
    ['units == many', /many is no value of units/, /a count is a whole number/],
    ['p99 < 300ms 400ms', /is no value of p99/, /unit/],
  ])('%j is refused', (source, message, hint) => {
    const error = errorOf(source)
    expect(error.code).toBe('usage')
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
  })

  it('on race its metrics need no prefix, and those of a load keep theirs', () => {
    expect(parseThreshold('elapsed < 10s', { race: true }).metric.name).toBe('race.elapsed')
    expect(parseThreshold('race.schedules > 9', { race: true }).metric.name).toBe('race.schedules')
    expect(parseThreshold('elapsed < 10s').metric.name).toBe('elapsed')
    expect(parseThreshold('p99 < 1s', { race: true }).metric.name).toBe('p99')
  })
})

describe('judgeThreshold', () => {
  const figures = (known: Record<string, Partial<Figure>>) => (metric: Metric) => ({
    value: null,
    doubt: null,
    ...known[metric.name],
  })
  const judged = (source: string, known: Record<string, Partial<Figure>>) =>
    judgeThreshold(parseThreshold(source), figures(known))

  it('passes, fails, and says what was observed', () => {
    expect(judged('p99 < 300ms', { p99: { value: 212.4 } })).toEqual({
      ...{ expression: 'p99 < 300ms', observed: 212.4, unit: 'ms', verdict: 'pass', message: '212.4 ms' },
    })
    expect(judged('p99 < 0.2s', { p99: { value: 212.4 } })).toMatchObject({ observed: 212.4, verdict: 'fail' })
    expect(judged('rps > 1000', { rps: { value: 1_000 } })).toMatchObject({ verdict: 'fail', message: '1,000/s' })
    expect(judged('rps >= 1000', { rps: { value: 1_000 } }).verdict).toBe('pass')
    expect(judged('sold == 50', { sold: { value: 171 } })).toMatchObject({ verdict: 'fail', message: '171' })
    expect(judged('sold != 50', { sold: { value: 171 } }).verdict).toBe('pass')
  })

  it('counts a share of all attempts', () => {
    const known = { errors: { value: 3 }, attempts: { value: 200 } }
    expect(judged('errors < 1%', known)).toMatchObject({ observed: 1.5, unit: '%', verdict: 'fail', message: '1.5 %' })
    expect(judged('errors < 2%', known).verdict).toBe('pass')
    expect(judged('errors < 2%', { errors: { value: 0 }, attempts: { value: 0 } }).verdict).toBe('inconclusive')
  })

  it('without a sample, or with a doubt, it cannot be judged, whichever way it would go', () => {
    expect(judged('sold.p99 < 1s', {})).toMatchObject({
      observed: null,
      verdict: 'inconclusive',
      message: expect.stringMatching(/nothing was measured/),
    })
    for (const value of [1, 1_000]) {
      const doubtful = judged('p99 < 300ms', { p99: { value, doubt: 'the generator is invalid' } })
      expect(doubtful).toMatchObject({ observed: value, verdict: 'inconclusive' })
      expect(doubtful.message).toMatch(/the generator is invalid/)
    }
  })

  it('of < and >=, and of == and !=, exactly one holds', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (value, limit) => {
        const holds = (operator: string) =>
          judged(`units ${operator} ${limit}`, { units: { value } }).verdict === 'pass'
        expect([holds('<'), holds('>'), holds('==')].filter(Boolean)).toHaveLength(1)
        expect([holds('>='), holds('<='), holds('!=')]).toEqual([!holds('<'), !holds('>'), !holds('==')])
      }),
    )
  })
})

it('a figure shows on which side of a limit it lies', () => {
  expect([
    shownFigure(300.04, 'ms'),
    shownFigure(1_234.5, 'ms'),
    shownFigure(0.6, '%'),
    shownFigure(20_000, ''),
  ]).toEqual([...['300.04 ms', '1.235 s', '0.6 %', '20,000']])
})
