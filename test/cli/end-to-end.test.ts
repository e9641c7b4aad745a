import { describe, expect, it } from 'vitest'
import { readRunHeader } from '../../src/history/run-log-reader.js'
import { freePort } from '../../src/redis/server-process.js'
import { on, runLogs, seckill, shell } from '../helpers/cli.js'
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'

/** Seeds, fires at a server that it starts, audits: as a person types it, in one line of shell. */
const story = async (layout: string, path: string, load = '--users 20000 --concurrency 500') => {
  const port = await freePort()
  const sale = freshSaleId()
  const env = { SECKILL_REDIS: testRedisUrl(), SECKILL_SALE: sale }
  const script = `seckill init --stock 50 --layout ${layout} --quiet &&
    seckill blast ${load} --start "seckill serve --port ${port}" http://127.0.0.1:${port}${path} --quiet &&
    seckill audit --json`
  const { code, stdout, stderr } = await shell(script, { env, timeoutMs: 55_000 })
  const audit = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
  const broken = audit.invariants.filter((it: { verdict: string }) => it.verdict === 'fail')
  return { code, stderr, audit, broken: broken.map(({ id }: { id: string }) => id) }
}

const audited = async (sale: string) => {
  const { code, stdout, stderr } = await seckill(['audit', '--json', ...on(sale)])
  return { code, audit: JSON.parse(stdout), stderr }
}

describe('init, blast, audit', { timeout: 60_000 }, () => {
  it('the document’s list reaches a verdict', async () => {
    const { code, stderr, audit } = await story('list', '/seckill')
    expect([0, 10], stderr).toContain(code)
    expect(audit.verdict).toBe(code === 0 ? 'pass' : 'fail')
    expect(audit.runs).toMatchObject([{ attempts: 20_000, complete: true }])
  })

  it('the document’s counter (/incr) oversells: exit 10', async () => {
    const { code, stderr, audit, broken } = await story('counter', '/incr')
    expect(code, stderr).toBe(10)
    expect(audit.verdict).toBe('fail')
    expect(broken).toEqual(expect.arrayContaining(['no-oversell', 'no-negative-stock']))
    for (const { verdict, hint } of audit.invariants) if (verdict === 'fail') expect(hint).not.toBeNull()
  })

  it('/buy/counter-lua holds: exit 0', async () => {
    const { code, stderr, audit, broken } = await story('counter', '/buy/counter-lua')
    expect(broken).toEqual([])
    expect(code, stderr).toBe(0)
    expect(audit).toMatchObject({ verdict: 'pass', stock: { remaining: 0, sold: 50 }, acknowledged: 50 })
  })

  it('double clicks too', async () => {
    const { code, audit } = await story(
      'counter',
      '/buy/counter-lua',
      '--users 2000 --concurrency 200 --duplicates 20%',
    )
    expect(code).toBe(0)
    expect(audit.runs).toMatchObject([{ attempts: 2_400 }])
    expect(audit.invariants).toContainEqual(expect.objectContaining({ id: 'one-success-per-user', verdict: 'pass' }))
  })
})

describe('one user at a time', () => {
  it.each([
    [5, ['conservation', 'real-time-order']],
    [1, ['conservation', 'somebody-bought', 'real-time-order']],
  ])('counter-naive loses the last of %i: %j', async (stock, rules) => {
    const sale = freshSaleId()
    const load = ['--users', '20', '--quantity', '1', '--concurrency', '1']
    await seckill(['simulate', '--strategy', 'counter-naive', '--stock', String(stock), ...load, ...on(sale)])
    const { code, audit } = await audited(sale)
    expect(code).toBe(10)
    expect(audit.stock).toMatchObject({ remaining: 0, sold: stock - 1 })
    const broken = audit.invariants.filter((it: { verdict: string }) => it.verdict === 'fail')
    expect(broken.map(({ id }: { id: string }) => id)).toEqual(rules)
  })

  it('counter-lua does not', async () => {
    const sale = freshSaleId()
    const load = ['--users', '20', '--quantity', '1', '--concurrency', '1']
    await seckill(['simulate', '--strategy', 'counter-lua', '--stock', '1', ...load, ...on(sale)])
    expect((await audited(sale)).code).toBe(0)
  })
})

describe('more than one run of a seeding', { timeout: 60_000 }, () => {
  const sell = async (sale: string, ...steps: string[]) => {
    const port = await freePort()
    const env = { SECKILL_REDIS: testRedisUrl(), SECKILL_SALE: sale }
    const url = `http://127.0.0.1:${port}/buy/counter-lua`
    const start = `--start "seckill serve --port ${port}"`
    const script = ['seckill init --stock 50 --layout counter', ...steps]
      .map((step) => step.replace('BLAST', `blast --concurrency 50 ${start} ${url}`))
      .join(' && ')
    const { code, stdout, stderr } = await shell(script, { env })
    expect(code, stdout + stderr).toBe(0)
    return audited(sale)
  }

  it.each([
    [['seckill BLAST --users 30', 'seckill BLAST --users 200'], 2],
    [['seckill BLAST --users 200 --seed 3', 'seckill BLAST --users 200 --seed 3'], 2],
    [['seckill buy --strategy counter-lua --user alice', 'seckill BLAST --users 200'], 2],
    [['seckill BLAST --users 20', 'seckill simulate --strategy counter-lua', 'seckill buy --strategy counter-lua'], 3],
  ])('%j: no false accusation', async (steps, runs) => {
    const { code, audit, stderr } = await sell(freshSaleId(), ...steps)
    expect(audit.invariants.filter((it: { verdict: string }) => it.verdict === 'fail')).toEqual([])
    expect(code, stderr).toBe(0)
    const strict = audit.runs.map(({ file }: { file: string }) => readRunHeader(file).strictSoldOut)
    expect(strict).toEqual(Array.from({ length: runs }, () => true))
    expect(audit.acknowledged).toBe(50)
  })

  it('a buyer that no run knows is named, not blamed', async () => {
    const sale = freshSaleId()
    const elsewhere = 'seckill buy --strategy counter-lua --user mallory --runs-dir other'
    const { code, audit } = await sell(sale, 'seckill BLAST --users 10', elsewhere)
    expect(code).toBe(4)
    const [finding] = audit.invariants.filter((it: { verdict: string }) => it.verdict === 'inconclusive')
    expect(finding).toMatchObject({ id: 'recorded-is-acknowledged', evidence: { users: ['mallory'] } })
  })

  it('the newest 20 run logs are kept', async () => {
    const sale = freshSaleId()
    await seckill(['init', '--stock', '50', '--layout', 'counter', ...on(sale)])
    const buy = `seckill buy --strategy counter-lua ${on(sale).join(' ')} --quiet`
    await shell(`for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do ${buy}; done`, {
      timeoutMs: 55_000,
    })
    expect(runLogs()).toHaveLength(20)
  })
})
