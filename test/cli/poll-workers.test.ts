import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRunLog } from '../../src/history/run-log-reader.js'
import { on, runLogs, seckill, seckillStart, testFolder } from '../helpers/cli.js'
import { type PolledOrder, polledShop } from '../helpers/polled-shop.js'
import { freshSaleId } from '../helpers/redis.js'

const numberOf = (user: string): number => [...user].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)

/** Decides by the buyer's name alone, at the third poll. */
const byName = ({ user, polls }: PolledOrder): string =>
  polls < 3 ? 'pending' : (['sold', 'sold_out', 'already_bought'][numberOf(user) % 3] as string)

const POLL = ['--poll', 'GET /orders/{{ticket}}', '--poll-interval', '5ms', '--outcome', 'queued=status:202']
const flags = (id: string, ...more: string[]) => ['--quantity', '1', '--seed', '7', ...POLL, ...more, ...on(id)]

/** What a run's log says of every buyer that was decided. */
const decisionsIn = (path: string) =>
  [...(readRunLog(resolve(testFolder(), path)).decisions ?? [])]
    .map(({ userIndex, copy, outcome }) => `${userIndex} ${copy} ${outcome}`)
    .sort()

describe('blast --poll --workers', () => {
  const blast = async (...more: string[]) => {
    const { url, orders } = await polledShop(byName)
    const users = ['--users', '300', '--duplicates', '10%']
    const { stdout, stderr, code } = await seckill(['blast', url, ...flags(freshSaleId(), ...users, ...more), '--json'])
    expect(code, stderr).toBe(0)
    const json = JSON.parse(stdout)
    return { json, polls: orders().map(({ polls }) => polls), decisions: decisionsIn(json.runFile) }
  }

  it('comes to what one worker comes to', async () => {
    const one = await blast()
    expect(one.json.followed).toMatchObject({ queued: 330, undecided: 0, notFollowed: 0, polls: 990, throttled: 0 })
    expect(one.decisions).toHaveLength(330)
    expect(one.polls).toEqual(Array.from({ length: 330 }, () => 3))
    const three = await blast('--workers', '3')
    const { acceptanceMs, decisionMs, decisionByOutcome: _, ...counts } = three.json.followed
    expect(one.json.followed).toMatchObject(counts)
    expect(three.json.outcomes).toEqual(one.json.outcomes)
    expect([three.polls, three.decisions]).toEqual([one.polls, one.decisions])
    expect(acceptanceMs).toEqual(three.json.latencyMs.byOutcome.queued)
    expect(decisionMs.p50).toBeGreaterThan(acceptanceMs.p50)
  })
})

/** Half of the orders are never decided. */
const halfByName = (order: PolledOrder): string => (numberOf(order.user) % 2 === 0 ? byName(order) : 'pending')

describe('what was decided is kept', () => {
  /** A run all of whose decisions have been heard, in whichever thread: those that are left have been asked about since. */
  const inTheMiddle = async (workers: string, env = {}) => {
    const { url, orders } = await polledShop(halfByName)
    const args = ['blast', url, '--json', ...flags(freshSaleId(), '--users', '60', '--workers', workers)]
    const running = seckillStart(args, { env })
    const [even, odd] = [0, 1].map((rest) => () => orders().filter(({ user }) => numberOf(user) % 2 === rest))
    const allDecided = () => orders().length === 60 && even!().every(({ polls }) => polls === 3)
    await expect.poll(allDecided, { timeout: 15_000, interval: 5 }).toBe(true)
    const asked = new Map(orders().map(({ ticket, polls }) => [ticket, polls]))
    const askedTwice = () => odd!().every(({ ticket, polls }) => polls >= asked.get(ticket)! + 2)
    await expect.poll(askedTwice, { timeout: 15_000, interval: 5 }).toBe(true)
    return { running, decided: even!().length, pending: odd!().length }
  }

  it.each(['1', '3'])('where Ctrl-C comes in the middle of the polling, with %s', async (workers) => {
    const { running, decided, pending } = await inTheMiddle(workers)
    running.kill('SIGINT')
    const { code, stdout, stderr } = await running.exited
    expect(code, stderr).toBe(130)
    const json = JSON.parse(stdout)
    expect(json).toMatchObject({ interrupted: true, followed: { queued: 60, undecided: pending } })
    expect(decided).toBeGreaterThan(0)
    expect(decisionsIn(json.runFile)).toHaveLength(decided)
  })

  it('where a thread dies', async () => {
    const [preload, sign] = [join(testFolder(), 'die.cjs'), join(testFolder(), 'die')]
    writeFileSync(
      preload,
      `const { isMainThread, workerData } = require('node:worker_threads')
const { existsSync } = require('node:fs')
if (!isMainThread && workerData?.index === 1)
  setInterval(() => { if (existsSync(${JSON.stringify(sign)})) throw new Error('out of luck') }, 5)
`,
    )
    const { running, decided } = await inTheMiddle('3', { NODE_OPTIONS: `--require ${preload}` })
    expect(existsSync(sign)).toBe(false)
    writeFileSync(sign, '')
    const { code, stdout } = await running.exited
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error.message).toContain('out of luck')
    expect(decided).toBeGreaterThan(0)
    expect(decisionsIn(runLogs()[0] as string)).toHaveLength(decided)
  })
})
