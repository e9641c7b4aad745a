import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { filesLeft, on, seckill, testFolder } from '../helpers/cli.js'
import { rawServer, response } from '../helpers/raw-http.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, keysOf } from './world.js'

const seeded = async (stock = 5) => {
  const sale = freshSaleId()
  await seckill(['init', '--stock', String(stock), '--layout', 'counter', ...on(sale)])
  return sale
}

const thresholds = (...rules: string[]) => rules.flatMap((rule) => ['--threshold', rule])

const simulate = (sale: string, ...flags: string[]) =>
  seckill(['simulate', '--strategy', 'counter-lua', '--users', '20', '--quantity', '1', ...flags, ...on(sale)])

const shop = async () => {
  const server = await rawServer((_, socket) => socket.write(response('"很遗憾，抢购已经结束。"')))
  onTestFinished(server.close)
  return server.url
}

/**
 * A result as the run log tells it, which keeps whole microseconds: in a histogram of three digits the next bucket, at most.
 * What the generator of a busy machine adds to the message is the same, too.
 */
const almost = (result: { unit: string; observed: number }) =>
  result.unit === 'ms'
    ? {
        ...result,
        observed: expect.closeTo(result.observed, Math.floor(-Math.log10(result.observed / 250))),
        message: expect.stringMatching(/^[\d.]+ m?s(: |$)/),
      }
    : result

describe('--threshold', () => {
  it('all hold: exit 0, and a table says what was observed', async () => {
    const sale = await seeded()
    const { code, stdout, stderr } = await simulate(sale, ...thresholds('sold == 5', 'errors < 1%', 'p99 < 1m'))
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/│ pass +│ sold == 5 +│ 5 +│/)
    expect(stdout).toMatch(/│ pass +│ errors < 1% +│ 0 % +│/)
    expect(stdout).toMatch(/│ pass +│ p99 < 1m +│ [\d.]+ ms +│/)
  })

  it('one is missed: exit 99, on blast too, and in its JSON', async () => {
    const args = ['blast', await shop(), '--users', '9', ...thresholds('sold_out == 9', 'rps > 10000000'), '--json']
    const { code, stdout } = await seckill([...args, ...on(await seeded())])
    expect(code).toBe(99)
    expect(JSON.parse(stdout).thresholds).toEqual([
      { expression: 'sold_out == 9', observed: 9, unit: '', verdict: 'pass', message: '9' },
      {
        expression: 'rps > 10000000',
        observed: expect.any(Number),
        unit: '/s',
        verdict: 'fail',
        message: expect.stringMatching(/\/s$/),
      },
    ])
  })

  it('no sample: it cannot be judged, exit 4, though another is missed', async () => {
    const { code, stdout } = await simulate(await seeded(), ...thresholds('error.p99 < 1s', 'sold == 99'))
    expect(stdout).toMatch(/│ inconclusive +│ error\.p99 < 1s +│ nothing was measured of it +│/)
    expect(stdout).toMatch(/│ FAIL +│ sold == 99 +│ 5 +│/)
    expect(code).toBe(4)
  })

  it('times of a generator that could not keep up are void, whichever way they would go; counts are not', async () => {
    const load = ['--rate', '200000/s', '--duration', '200ms', '--concurrency', '1', '--json']
    const rules = thresholds('p99 < 1m', 'p50 > 1m', 'rps > 1', 'sold == 0', 'dropped > 100')
    const { code, stdout } = await seckill(['blast', await shop(), ...load, ...rules, ...on(await seeded())])
    const { generator, thresholds: judged } = JSON.parse(stdout)
    expect(generator.verdict).toBe('invalid')
    const verdicts = judged.map(({ verdict }: { verdict: string }) => verdict)
    expect(verdicts).toEqual(['inconclusive', 'inconclusive', 'inconclusive', 'pass', 'pass'])
    expect(judged[0].message).toMatch(/the load was not what was asked for/)
    expect(code).toBe(4)
  })

  it('audit judges the same by the run log, and what it reads of the sale', async () => {
    const sale = await seeded()
    const rules = thresholds('p99 < 1m', 'service.max < 1m', 'sold.mean < 1m', 'rps > 1', 'units == 5', 'errors < 1%')
    const { thresholds: fired } = JSON.parse((await simulate(sale, ...rules, '--json')).stdout)
    const audit = await seckill([
      'audit',
      ...rules,
      ...thresholds('stock.remaining == 0', 'stock.sold == 6'),
      '--json',
      ...on(sale),
    ])
    const { verdict, thresholds: judged } = JSON.parse(audit.stdout)
    expect(judged.slice(0, 6)).toEqual(fired.map(almost))
    expect(judged.slice(6)).toMatchObject([
      { verdict: 'pass', observed: 0 },
      { verdict: 'fail', observed: 5 },
    ])
    expect([verdict, audit.code]).toEqual(['pass', 99])
  })

  it('the warm-up is measured by neither', async () => {
    const sale = await seeded()
    const load = [
      '--rate',
      '100/s',
      '--users',
      '40',
      '--warmup',
      '200ms',
      '--json',
      ...thresholds('p50 < 1m', 'attempts > 0'),
    ]
    const { thresholds: fired } = JSON.parse((await seckill(['blast', await shop(), ...load, ...on(sale)])).stdout)
    const audit = await seckill(['audit', ...thresholds('p50 < 1m', 'attempts > 0'), '--json', ...on(sale)])
    expect(JSON.parse(audit.stdout).thresholds).toEqual(fired.map(almost))
    expect(fired[1].observed).toBe(40)
  })

  it('a violated rule counts more than a missed threshold', async () => {
    const sale = await seeded(1)
    const naive = ['simulate', '--strategy', 'counter-naive', '--users', '3', '--quantity', '1', '--concurrency', '1']
    await seckill([...naive, ...on(sale)])
    expect((await seckill(['audit', ...thresholds('attempts == 99'), ...on(sale)])).code).toBe(10)
  })

  it('race judges what it measures', async () => {
    const race = ['race', '--strategy', 'counter-lua', '--users', '2', '--stock', '1', '--json']
    const { code, stdout } = await seckill([
      ...race,
      ...thresholds('schedules >= 1', 'race.violations == 0', 'elapsed < 1ms'),
    ])
    expect(JSON.parse(stdout).thresholds).toMatchObject([
      { verdict: 'pass' },
      { verdict: 'pass' },
      { verdict: 'fail', unit: 'ms' },
    ])
    expect(code).toBe(99)
  })
})

describe('thresholds of the sale file', () => {
  const withFile = (thresholds: string) =>
    writeFileSync(join(testFolder(), 'seckill.yaml'), `thresholds: ${thresholds}\n`)

  it('hold for each command as far as it measures them, with those of the flags', async () => {
    withFile('[ "sold == 4", "stock.remaining == 1", "dropped == 0", "race.schedules > 0" ]')
    const sale = await seeded()
    const fired = await simulate(sale, '--json', ...thresholds('attempts == 20'))
    const expressions = ({ stdout }: { stdout: string }) =>
      JSON.parse(stdout).thresholds.map(({ expression }: { expression: string }) => expression)
    expect([fired.code, expressions(fired)]).toEqual([99, ['attempts == 20', 'sold == 4', 'dropped == 0']])
    const audit = await seckill(['audit', '--json', ...on(sale)])
    expect([audit.code, expressions(audit)]).toEqual([99, ['sold == 4', 'stock.remaining == 1', 'dropped == 0']])
    const race = await seckill(['race', '--strategy', 'counter-lua', '--users', '1', '--stock', '1', '--json'])
    expect([race.code, expressions(race)]).toEqual([0, ['race.schedules > 0']])
    expect(expressions(await seckill(['audit', '--run', 'none', '--json', ...on(sale)]))).toEqual([])
  })

  it('that nobody understands are refused, with their place', async () => {
    withFile('\n  - p99 < 300ms\n  - p9x < 300ms')
    expectRefusal(
      await seckill(['simulate', '--strategy', 'counter-lua']),
      2,
      /seckill\.yaml:3:5 thresholds\[1\]: .*no metric "p9x"; did you mean p/,
    )
  })
})

it.each<[string[], RegExp]>([
  [['blast', '--threshold', 'p99 < 300'], /a time has a unit: write 300ms/],
  [['blast', '--threshold', 'sould == 3'], /no metric "sould"; did you mean sold\?/],
  [['blast', '--threshold', 'p99'], /no comparison behind p99; write one such as p99 < 300ms/],
  [['blast', '--threshold', 'stock.remaining == 0'], /blast does not measure stock\.remaining; audit and run do/],
  [['simulate', '--strategy', 'counter-lua', '--stock', '5', '--threshold', 'race.schedules > 3'], /race and run do/],
  [['audit', '--threshold', 'race.elapsed < 1s'], /audit does not measure race\.elapsed; race and run do/],
  [['audit', '--watch', '--threshold', 'p99 < 1s'], /--watch goes on judging; leave one of them out/],
  [['race', '--strategy', 'counter-lua', '--threshold', 'p99 < 1s'], /race does not measure p99/],
  [['race', '--all-strategies', '--threshold', 'schedules > 1'], /without --threshold/],
])('%j is refused before anything is written', async (args, saying) => {
  const sale = freshSaleId()
  expectRefusal(await seckill([...args, ...on(sale)]), 2, saying)
  expect(await keysOf(sale)).toEqual([])
  expect(filesLeft()).toEqual([])
})
