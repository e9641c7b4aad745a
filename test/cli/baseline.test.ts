import { describe, expect, it } from 'vitest'
import { DOCUMENTS } from '../../src/report/output-schema.js'
import { seckill } from '../helpers/cli.js'
import { expectRefusal } from './world.js'

/** Fires five attempts at a stock of so many units, into a log. */
const fire = async (out: string, more: string, stock = 3) => {
  const buy = `simulate --strategy counter-lua --stock ${stock} --users 5 --quantity 1 --concurrency 1 --usernames sequential --redis private`
  const { code, stderr } = await seckill([...`${buy} ${more}`.split(' '), '--out', out])
  expect(code, stderr).toBe(0)
}

const against = (...args: string[]) => seckill(['report', 'now.run', '--baseline', 'was.run', ...args])

describe('report --baseline', () => {
  it('99 where it got worse, with what it was and is; 0 where it did not', async () => {
    await fire('was.run', '--seed 1')
    await fire('now.run', '--seed 1', 2)
    const worse = await against('--max-regression', 'sold=10%', '--json')
    expect(worse.code).toBe(99)
    const json = JSON.parse(worse.stdout)
    expect(json).toEqual(DOCUMENTS.report.parse(json))
    expect(json.baseline.regressions).toMatchObject([
      { metric: 'sold', was: 3, is: 2, changePercent: -33.3, verdict: 'fail', message: 'was 3, is 2' },
    ])
    expect((await against('--max-regression', 'sold=34%', '--max-regression', 'attempts=0%')).code).toBe(0)
    const markdown = await against('--max-regression', 'sold_out=10%', '--format', 'md')
    expect(markdown.code).toBe(99)
    expect(markdown.stdout).toMatch(/^\| sold_out=10% \| +2 \| +3 \| +\+50 % \| +❌ FAILED \|$/m)
    expect(markdown.stderr).toMatch(/warning: sold_out=10%: was 2, is 3/)
  })

  it('refuses runs that were not fired alike, and says in what', async () => {
    await fire('was.run', '--seed 1')
    await fire('now.run', '--seed 2 --users 6')
    expectRefusal(await against(), 2, /was\.run is no baseline.*differ in seed \(1 and 2\), users \(5 and 6\)/)
  })

  it.each([
    [
      ['report', '--max-regression', 'p99=10%'],
      /--max-regression compares with a baseline; name it with --baseline RUN/,
    ],
    [['report', 'a', '--baseline', 'b', '--format', 'csv'], /csv holds the attempts of one run/],
    [['report', 'a', 'b', '--baseline', 'c'], /--baseline is compared with one run/],
    [['report', 'a', 'b', '--format', 'jtl'], /jtl holds the attempts of one run/],
  ])('%j is refused', async (args, saying) => expectRefusal(await seckill(args), 2, saying))
})
