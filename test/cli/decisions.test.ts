import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRunLog } from '../../src/history/run-log-reader.js'
import { DOCUMENTS } from '../../src/report/output-schema.js'
import { openBrowser, openFile } from '../helpers/browser.js'
import { on, runLogs, seckill, seckillStart, testFolder } from '../helpers/cli.js'
import { polledShop } from '../helpers/polled-shop.js'
import { freshSaleId } from '../helpers/redis.js'

const POLL = ['--poll', 'GET /orders/{{ticket}}', '--poll-interval', '5ms', '--outcome', 'queued=status:202']
const LOAD = ['--users', '20', '--quantity', '1', '--seed', '7', '--usernames', 'sequential']

/** What an order has come to by its so-manieth poll, both counted from 1; null: nothing yet. */
type StateOf = (ticket: number, polls: number) => string | null

/** Sells `stock` units to those who came first, and says so at the second poll of each. */
const secondPoll =
  (stock: number): StateOf =>
  (ticket, polls) =>
    polls < 2 ? null : ticket <= stock ? 'sold' : 'sold_out'

const orderShop = async (stateOf: StateOf): Promise<string> =>
  (await polledShop(({ ticket, polls }) => stateOf(Number(ticket.slice(1)), polls) ?? 'pending')).url

const blastArgs = (url: string, id: string, out: string, ...more: string[]) => [
  ...['blast', url, ...LOAD, ...POLL, ...on(id), '--out', out, ...more],
]

/** Leaves a log, and gives what the blast said of it. */
const blast = async (stateOf: StateOf, out: string, ...more: string[]) => {
  const { stdout } = await seckill([...blastArgs(await orderShop(stateOf), freshSaleId(), out, ...more), '--json'])
  const json = JSON.parse(stdout)
  expect(json).toEqual(DOCUMENTS.blast.parse(json))
  return json
}

const report = async (...args: string[]) => {
  const { code, stdout, stderr } = await seckill(['report', ...args])
  expect(code, stderr).toBe(0)
  return { stdout, stderr }
}

const jsonReport = async (...args: string[]) => {
  const json = JSON.parse((await report(...args, '--json')).stdout)
  expect(json).toEqual(DOCUMENTS.report.parse(json))
  return json
}

const countBy = <T>(all: readonly T[]) =>
  Object.fromEntries([...new Set(all)].map((one) => [one, all.filter((it) => it === one).length]))

const browser: { open?: Browser } = {}
beforeAll(async () => {
  browser.open = await openBrowser()
})
afterAll(async () => {
  await browser.open?.close()
})

describe('what queued attempts came to', () => {
  it('is in the exports of a run', async () => {
    await blast(
      (ticket, polls) => (ticket === 20 ? null : secondPoll(5)(ticket, polls)),
      'q.run',
      '--poll-timeout',
      '3s',
    )
    const rows = (await report('q.run', '--format', 'ndjson')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(countBy(rows.map(({ outcome, decision }) => `${outcome} ${decision}`))).toEqual({
      ...{ 'queued sold': 5, 'queued sold_out': 14, 'queued null': 1 },
    })
    for (const { decision, decidedAtUs, decisionUs, intendedAtUs, responseUs } of rows) {
      if (decision === null) expect([decidedAtUs, decisionUs]).toEqual([null, null])
      else expect([decisionUs > responseUs, decidedAtUs - intendedAtUs]).toEqual([true, decisionUs])
    }
    const [head, ...cells] = (await report('q.run', '--format', 'csv')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','))
    const at = head!.indexOf('decision')
    expect(countBy(cells.map((row) => row[at]))).toEqual({ sold: 5, sold_out: 14, '': 1 })
    const samples = (await report('q.run', '--format', 'jtl')).stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
    expect(new Set(samples.map(({ length }) => length))).toEqual(new Set([17]))
    expect(countBy(samples.map(([, , label, , message]) => `${label} ${message}`))).toEqual({
      ...{ '/queue queued': 20, '/queue decision sold': 5, '/queue decision sold_out': 14 },
    })
    expect((await report('q.run', '--format', 'hgrm', '--measure', 'decision')).stdout).toMatch(/Total count += +19\]/)
    expect((await report('q.run', '--format', 'hlog')).stdout).toMatch(/^Tag=decision-sold,/m)
  })

  it('is in its report, as a table, as JSON and in Markdown: the same that blast said', async () => {
    const { followed, unitsAcknowledged, timeToSellOutMs, winnersOrder } = await blast(secondPoll(5), 'q.run')
    expect(followed).toMatchObject({ queued: 20, undecided: 0, polls: 40, outcomes: { sold: 5, sold_out: 15 } })
    expect([unitsAcknowledged, winnersOrder.winners]).toEqual([5, 5])
    const json = await jsonReport('q.run')
    expect(json).toMatchObject({
      followed: { queued: 20, undecided: 0, notFollowed: 0, polls: 40 },
      outcomes: { queued: 20 },
    })
    expect(json.followed.decisionMs).toEqual(followed.decisionMs)
    expect(json.followed.decisionByOutcome).toEqual(followed.decisionByOutcome)
    expect(json).toMatchObject({ unitsAcknowledged: 5, timeToSellOutMs, winnersOrder })
    const { stdout } = await report('q.run')
    expect(stdout).toMatch(/^20 attempts queued: sold 5, sold_out 15, undecided 0; 40 polls$/m)
    expect(stdout).toMatch(/^time to acceptance: p50 .*\ntime to decision: {3}p50 /m)
    expect((await report('q.run', '--format', 'md')).stdout).toMatch(/^\| sold +\| +0 \| +5 \| +5 \|$/m)
  })

  it('is a chart of the page, and stands in it in Chinese', async () => {
    await blast(secondPoll(5), 'q.run')
    await report('q.run', '--out', 'q.html')
    const { page, troubles } = await openFile(browser.open!, join(testFolder(), 'q.html'), {
      viewport: { width: 360, height: 800 },
    })
    expect(await page.$$eval('#run1-decisions-chart canvas', (all) => all.length)).toBe(1)
    expect(
      await page.$$eval('#run1-decisions-chart .u-legend th', (all) => all.map((it) => it.textContent?.trim())),
    ).toEqual([...['percentile', 'until accepted', 'until decided', 'decided: sold', 'decided: sold_out']])
    const section = 'section[aria-labelledby=run1-decisions]'
    expect(await page.textContent(section)).toContain('20 queued, 20 decided, 0 undecided; 40 polls')
    expect(await page.textContent(`${section} > table`)).toMatch(/sold055.*sold_out01515.*queued2000/)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(troubles).toEqual([])
    const zh = await seckill(['--lang', 'zh', 'report', 'q.run', '--out', 'zh.html'])
    expect(zh.code).toBe(0)
    const chinese = await openFile(browser.open!, join(testFolder(), 'zh.html'), {})
    expect(await chinese.page.textContent(`${section} h2`)).toBe('从受理到得到结果')
    expect(await chinese.page.textContent(section)).toContain('20 个排队，20 个已有结果，0 个未决；轮询 40 次')
    expect(chinese.troubles).toEqual([])
  })

  it('is compared with a baseline', async () => {
    await blast(secondPoll(5), 'was.run')
    await blast(
      (ticket, polls) => (ticket === 1 ? null : secondPoll(4)(ticket, polls)),
      'now.run',
      '--poll-timeout',
      '3s',
    )
    const bounds = ['decision.p99', 'decided.sold', 'undecided'].flatMap((name) => ['--max-regression', `${name}=10%`])
    const { code, stdout } = await seckill(['report', 'now.run', '--baseline', 'was.run', ...bounds, '--json'])
    expect(code).toBe(99)
    const json = JSON.parse(stdout)
    const was = await jsonReport('was.run')
    expect(json.baseline.regressions).toMatchObject([
      { metric: 'decision.p99', was: was.followed.decisionMs.p99, is: json.followed.decisionMs.p99, unit: 'ms' },
      { metric: 'decided.sold', was: 5, is: 3, verdict: 'fail' },
      { metric: 'undecided', was: 0, is: 1, verdict: 'fail' },
    ])
    const table = await seckill(['report', 'now.run', '--baseline', 'was.run'])
    expect(table.stdout).toMatch(/│ undecided +│ +0 │ +1 │/)
    expect(table.stdout).toMatch(/│ p99 until decided +│ +[\d.]+ m?s │ +[\d.]+ m?s │/)
  })

  it('a run that was not followed is no baseline of it: inconclusive', async () => {
    const url = await orderShop(secondPoll(5))
    await seckill(['blast', url, ...LOAD, '--outcome', 'queued=status:202', ...on(freshSaleId()), '--out', 'was.run'])
    await blast(secondPoll(5), 'now.run')
    const { code, stdout } = await seckill([
      'report',
      'now.run',
      '--baseline',
      'was.run',
      '--max-regression',
      'decision.p99=10%',
    ])
    expect(code).toBe(4)
    expect(stdout).toMatch(/queued attempts were not followed: see --poll/)
  })

  it('means the same to the thresholds of blast and of audit', async () => {
    const id = freshSaleId()
    await seckill(['init', '--stock', '5', '--layout', 'counter', ...on(id)])
    const metrics = [
      'p99',
      'decision.p99',
      'sold.decision.max',
      'queued',
      'sold',
      'decided',
      'decided.sold',
      'undecided',
      'units',
      'timeToSellOut',
    ]
    const thresholds = metrics.flatMap((name) => [
      '--threshold',
      /p99|max|time/.test(name) ? `${name} < 1m` : `${name} >= 0`,
    ])
    const url = await orderShop(secondPoll(5))
    const fired = await seckill([...blastArgs(url, id, 'q.run', ...thresholds), '--json'])
    expect(fired.code).toBe(0)
    const { thresholds: ofBlast, latencyMs, followed } = JSON.parse(fired.stdout)
    const judged = await seckill(['audit', '--run', 'q.run', '--settle', '1s', ...on(id), ...thresholds, '--json'])
    const { thresholds: ofAudit } = JSON.parse(judged.stdout)
    // A log keeps times of answers in whole µs.
    expect(ofAudit[0].observed / ofBlast[0].observed).toBeCloseTo(1, 1)
    expect(ofAudit.slice(1)).toEqual(ofBlast.slice(1))
    expect(ofBlast.map(({ observed }: { observed: number }) => observed)).toEqual([
      ...[latencyMs.response.p99, followed.decisionMs.p99, followed.decisionByOutcome.sold.max, 20, 0, 20, 5, 0, 5],
      expect.any(Number),
    ])
  })

  it('that were not followed is nothing to judge', async () => {
    const url = await orderShop(secondPoll(5))
    const { code, stdout } = await seckill([
      ...[
        'blast',
        url,
        ...LOAD,
        '--outcome',
        'queued=status:202',
        ...on(freshSaleId()),
        '--threshold',
        'undecided == 0',
      ],
    ])
    expect(code).toBe(4)
    expect(stdout).toMatch(/undecided == 0 +│ queued attempts were not followed: see --poll/)
  })
})

describe('a run that ends while its queued attempts are followed', () => {
  /** The first so many are decided at once, the others never. */
  const never =
    (decided: number): StateOf =>
    (ticket) =>
      ticket <= decided ? 'sold' : null

  /** Fires and follows until so many decisions are in its log, then ends it. */
  const cut = async (signal: NodeJS.Signals) => {
    const running = seckillStart(blastArgs(await orderShop(never(15)), freshSaleId(), 'q.run', '--poll-timeout', '1h'))
    const path = resolve(testFolder(), 'q.run')
    await expect
      .poll(
        () => {
          try {
            return readRunLog(path).decisions?.length
          } catch {
            return 0
          }
        },
        { timeout: 20_000 },
      )
      .toBe(15)
    running.kill(signal)
    return running.exited
  }

  it('by kill -9, keeps the decisions that it had, and says what is missing', async () => {
    expect((await cut('SIGKILL')).signal).toBe('SIGKILL')
    const { stdout, stderr } = await report('q.run')
    expect(stdout).toMatch(/^20 attempts queued: sold 15, undecided 5$/m)
    expect(stdout).toMatch(/^the log has no end: decisions that came later are missing$/m)
    expect(stderr).toMatch(/has no end.*\n.*what its queued attempts came to is known up to there/)
    expect((await jsonReport('q.run')).followed).toMatchObject({
      queued: 20,
      undecided: 5,
      polls: null,
      outcomes: { sold: 15 },
    })
    const csv = (await report('q.run', '--format', 'csv')).stdout
    expect(csv.match(/,sold,/g)).toHaveLength(15)
    await report('q.run', '--out', 'q.html')
    expect(readFileSync(join(testFolder(), 'q.html'), 'utf8')).toContain('decisions that came later are missing')
  })

  it('by Ctrl-C, has its end, and says so', async () => {
    expect((await cut('SIGINT')).code).toBe(130)
    const { stdout, stderr } = await report('q.run')
    expect(stdout).toMatch(/^20 attempts queued: sold 15, undecided 5; [\d,]+ polls$/m)
    expect(stdout).toContain('interrupted: nobody asked after the undecided any more')
    expect(stderr).not.toContain('has no end')
    expect(runLogs()).toEqual([])
  })
})
