import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DOCUMENTS } from '../../src/report/output-schema.js'
import { runLogs, seckill, testFolder } from '../helpers/cli.js'
import { expectRefusal } from './world.js'

/** Leaves a log of five attempts: three sold, two refused. */
const ran = async (): Promise<string> => {
  const buy = 'simulate --strategy counter-lua --stock 3 --users 5 --quantity 1 --concurrency 1 --usernames sequential'
  const { code, stderr } = await seckill([...buy.split(' '), '--redis', 'private'])
  expect(code, stderr).toBe(0)
  return runLogs().at(-1) as string
}

const lines = (text: string) => text.trimEnd().split('\n')

describe('report', () => {
  it('a table by default, of the latest run', async () => {
    await ran()
    const { code, stdout } = await seckill(['report'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/strategy counter-lua, sale a, concurrency 1/)
    expect(stdout).toMatch(/│ sold +│ +3 │/)
    expect(stdout).toMatch(/│ all +│ +5 │/)
  })

  it.each([
    ['ndjson', 5, /^\{"user":"user-000001","index":0,"copy":0,"quantity":1,"outcome":"sold"/],
    ['csv', 6, /^user,index,/],
    ['jtl', 6, /^timeStamp,elapsed,label,/],
    ['hgrm', 3, /^ +Value +Percentile/],
    ['hlog', 3, /^#\[Histogram log format version 1\.3\]/],
  ])('--format %s', async (format, atLeast, begin) => {
    await ran()
    const { code, stdout, stderr } = await seckill(['report', '--format', format])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(begin)
    expect(lines(stdout).length).toBeGreaterThanOrEqual(atLeast)
    const out = ['--out', 'run.out']
    const json = JSON.parse((await seckill(['report', '--format', format, ...out, '--json'])).stdout)
    expect(json).toEqual(DOCUMENTS.report.parse(json))
    expect(json).toMatchObject({ format, out: 'run.out', attempts: 5, complete: true, tornBytes: 0 })
    expect(readFileSync(join(testFolder(), 'run.out'), 'utf8')).toBe(stdout)
    expectRefusal(await seckill(['report', '--format', format, ...out]), 2, /run\.out exists already.*--force/)
    expect((await seckill(['report', '--format', format, ...out, '--force'])).code).toBe(0)
  })

  it('--format json and --json are one', async () => {
    const log = await ran()
    const id = /([^/]+)\.run$/.exec(log)![1] as string
    const [first, second] = await Promise.all([
      seckill(['report', id, '--json']),
      seckill(['report', log, '--format', 'json']),
    ])
    expect(first.stdout).toBe(second.stdout)
    const json = JSON.parse(first.stdout)
    expect(json).toEqual(DOCUMENTS.report.parse(json))
    expect(json).toMatchObject({
      ...{ runId: id, firedBy: 'simulate', attempts: 5, outcomes: { sold: 3, sold_out: 2 } },
      answers: [
        { group: 0, count: 3, outcome: 'sold' },
        { group: 1, count: 2, outcome: 'sold_out' },
      ],
    })
  })

  it('what crashed is read up to its end, and said to be', async () => {
    const log = await ran()
    const { length } = readFileSync(log)
    truncateSync(log, length - 5)
    const { code, stdout, stderr } = await seckill(['report', log, '--format', 'ndjson'])
    expect(code).toBe(0)
    expect(lines(stdout)).toHaveLength(5)
    expect(stderr).toMatch(/its last \d+ bytes are no whole chunk and were skipped/)
    expect(stderr).toMatch(/has no end: the run crashed, or still goes on/)
  })

  it.each([
    [['--format', 'jlt'], /no format "jlt"; did you mean jtl\?; one of: html, md, json, ndjson/],
    [['--measure', 'size'], /no measure "size"; one of: response, service, connect/],
    [['none.run'], /there is no run log at .*none\.run/],
    [['text.run'], /is not a run log/],
    [['latest'], /no run logs in .*runs/],
  ])('%j is refused', async (args, saying) => {
    writeFileSync(join(testFolder(), 'text.run'), 'hello\n')
    expectRefusal(await seckill(['report', ...args]), 2, saying)
  })
})
