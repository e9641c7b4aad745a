import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { decided } from '../../src/history/decided.js'
import { readRunLog } from '../../src/history/run-log-reader.js'
import { userNamer } from '../../src/sale/usernames.js'
import { on, seckill, testFolder } from '../helpers/cli.js'
import { polledShop } from '../helpers/polled-shop.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, redisAt } from './world.js'

/** A shop that decides an order at its second poll, or when `decide` says so; it sells `stock` units. */
const shop = async (stock: number, decide: (ticket: string, polls: number) => boolean = (_, polls) => polls >= 2) => {
  let left = stock
  const states = new Map<string, string>()
  const { url, orders } = await polledShop(({ ticket, polls }) => {
    if (!states.has(ticket) && decide(ticket, polls)) states.set(ticket, left-- > 0 ? 'sold' : 'sold_out')
    return states.get(ticket) ?? 'pending'
  })
  return { url, polls: () => orders().map(({ polls }) => polls) }
}

const POLL = ['--poll', 'GET /orders/{{ticket}}', '--poll-interval', '5ms']
const QUEUED = ['--outcome', 'queued=status:202']
const document = async (...args: string[]) => JSON.parse((await seckill([...args, '--json'])).stdout)
const blast = (url: string, id: string, ...flags: string[]) =>
  document('blast', url, '--users', '20', '--quantity', '1', ...QUEUED, ...flags, ...on(id))
const auditOf = (id: string) => document('audit', '--settle', '5s', ...on(id))

describe('blast --poll', () => {
  it('follows queued attempts to their decision, and counts polls apart', async () => {
    const { url, polls } = await shop(5)
    const json = await blast(url, freshSaleId(), ...POLL)
    expect(json).toMatchObject({ attempts: 20, outcomes: { queued: 20 } })
    expect(json.followed).toMatchObject({
      ...{ queued: 20, undecided: 0, notFollowed: 0, polls: 40 },
      outcomes: { sold: 5, sold_out: 15 },
    })
    expect(json.followed.acceptanceMs).toEqual(json.latencyMs.byOutcome.queued)
    expect(json.followed.decisionMs.p50).toBeGreaterThan(json.followed.acceptanceMs.p50)
    expect(polls()).toEqual(Array.from({ length: 20 }, () => 2))
    const run = readRunLog(resolve(testFolder(), json.runFile))
    const final = decided(run).attempts
    expect(run.attempts.outcomeAt(0)).toBe('queued')
    expect(Array.from({ length: 20 }, (_, row) => final.outcomeAt(row)).filter((one) => one === 'sold')).toHaveLength(5)
    for (let row = 0; row < 20; row++) expect(final.doneAtUs(row)).toBeGreaterThan(run.attempts.doneAtUs(row))
  })

  it('ends with its time, and says how many are undecided', async () => {
    const { url } = await shop(5, (ticket) => ticket !== 't3')
    const json = await blast(url, freshSaleId(), ...POLL, '--poll-timeout', '3s')
    expect(json.followed).toMatchObject({ queued: 20, undecided: 1, outcomes: { sold: 5, sold_out: 14 } })
  })

  it('follows nobody whose answer holds no ticket', async () => {
    const { url, polls } = await shop(5)
    const json = await blast(url, freshSaleId(), ...POLL, '--ticket', 'json:$.order')
    expect(json.followed).toMatchObject({ queued: 20, undecided: 20, notFollowed: 20, polls: 0 })
    expect(polls()).toEqual(Array.from({ length: 20 }, () => 0))
  })

  it('takes it from the sale file; flags win, and run --save keeps it', async () => {
    const { url, polls } = await shop(5)
    const [id, file, saved] = [freshSaleId(), `${freshSaleId()}.yaml`, `${freshSaleId()}.yaml`]
    writeFileSync(
      join(testFolder(), file),
      `sale: { id: ${id}, stock: { type: none, initial: 5 } }
target:
  url: ${url}
  poll:
    request: GET /orders/{{ticket}}
    interval: 5ms
    timeout: 20s
    outcomes: [ { json: "$.state", equals: sold, is: sold }, { json: "$.state", equals: sold_out, is: rejected } ]
outcomes: [ { status: 202, is: queued } ]
load: { users: 20, quantity: 1 }
`,
    )
    const blastBy = (...flags: string[]) => document('blast', '--file', file, ...flags)
    expect((await blastBy()).followed).toMatchObject({ queued: 20, outcomes: { sold: 5, rejected: 15 } })
    expect(polls()).toEqual(Array.from({ length: 20 }, () => 2))
    const told = await blastBy(
      '--ticket',
      'regex:/"ticket":"(\\w+)"/',
      '--poll-outcome',
      'sold_out=json:$.state="sold_out"',
    )
    expect(told.followed).toMatchObject({ queued: 20, undecided: 0, outcomes: { sold_out: 20 } })
    const run = [
      'run',
      file,
      '--only',
      'blast',
      '--poll-timeout',
      '30s',
      '--save',
      saved,
      '--poll-outcome',
      'not_open=json:$.state="sold_out"',
    ]
    expect(await seckill(run)).toMatchObject({ code: 0 })
    const { target } = parse(readFileSync(join(testFolder(), saved), 'utf8'))
    expect(target.poll).toEqual({
      timeout: '30000ms',
      outcomes: [{ json: '$.state', equals: 'sold_out', is: 'not_open' }],
    })
    expect((await document('blast', '--file', saved)).followed).toMatchObject({ outcomes: { not_open: 20 } })
  })

  it('asks without a ticket where the shop knows its buyers, and finds one in a header', async () => {
    const { url } = await shop(5, () => true)
    const json = await blast(url, freshSaleId(), '--poll', 'GET /orders/of-{{user}}', '--poll-interval', '5ms')
    expect(json.followed).toMatchObject({ queued: 20, undecided: 0, notFollowed: 0, polls: 20 })
    const byHeader = await blast(url, freshSaleId(), ...POLL, '--ticket', 'header:x-ticket')
    expect(byHeader.followed).toMatchObject({ queued: 20, undecided: 0, outcomes: { sold_out: 20 } })
  })

  it('the audit counts by what became of it: accepted, told "sold" by a poll, and never recorded', async () => {
    const id = freshSaleId()
    await seckill(['init', '--stock', '5', '--layout', 'counter', ...on(id)])
    const { url } = await shop(5)
    const { runFile } = await blast(url, id, ...POLL)
    const { header, attempts } = decided(readRunLog(resolve(testFolder(), runFile)))
    const winners = Array.from({ length: 20 }, (_, row) => row).filter((row) => attempts.outcomeAt(row) === 'sold')
    const [lost, ...recorded] = winners.map((row) => userNamer(header.users)(attempts.userIndex[row] as number))
    const redis = await redisAt()
    for (const user of recorded) await redis.call('HSET', `${id}_users`, user, 1)
    await redis.call('SET', `goods_${id}`, 0)
    const { invariants } = await auditOf(id)
    const found = invariants.find((each: { id: string }) => each.id === 'acknowledged-is-recorded')
    expect(found).toMatchObject({ verdict: 'fail', observed: 1, message: expect.stringContaining(lost as string) })
    await redis.call('HSET', `${id}_users`, lost as string, 1)
    expect(await auditOf(id)).toMatchObject({ verdict: 'pass' })
  })

  it.each([
    [['--poll', 'orders'], /"orders" is no request/],
    [['--poll', 'GET /orders/{{tickte}}'], /tickte/],
    [['--ticket', 'json:$.id'], /nothing is polled/],
    [[...POLL, '--ticket', 'header:location', '--transport', 'socket'], /--transport undici/],
    [[...POLL, '--poll-outcome', 'sold=json'], /outcome rule "sold=json"/],
  ])('refuses %j', async (flags, saying) => {
    const refused = await seckill(['blast', 'http://127.0.0.1:9/queue', ...flags, ...on(freshSaleId())])
    expectRefusal(refused, 2, saying)
  })
})
