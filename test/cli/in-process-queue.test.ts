import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { saleKeys } from '../../src/sale/keys.js'
import { readQueueDepth } from '../../src/store/queue-depth.js'
import { breaksUnder } from '../../src/strategies/breaks.js'
import { QUEUED } from '../../src/strategies/index.js'
import { filesLeft, on, seckill, seckillStart } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { connect } from '../helpers/strategy.js'
import { WITHOUT_BULLMQ } from '../helpers/without-bullmq.js'
import { expectRefusal, keysOf } from './world.js'

const LOAD = ['--stock', '50', '--users', '300', '--concurrency', '50', '--duplicates', '10%', '--seed', '7']

const simulated = async (sale: string, strategy: string, ...more: string[]) => {
  const result = await seckill(['simulate', '--strategy', strategy, ...LOAD, ...more, '--json', ...on(sale)])
  expect(result.code, result.stderr).toBe(0)
  return JSON.parse(result.stdout)
}

const audited = async (sale: string) => {
  const { code, stdout } = await seckill(['audit', '--json', ...on(sale)])
  const { verdict, invariants } = JSON.parse(stdout)
  const failed: string[] = invariants.flatMap((it: { id: string; verdict: string }) =>
    it.verdict === 'fail' ? [it.id] : [],
  )
  const decided = invariants.find(({ id }: { id: string }) => id === 'queued-is-decided')
  return { code, verdict, failed, decided }
}

describe('simulate by a strategy that decides later', () => {
  it.each(QUEUED)('$name follows each order to its decision; with one worker the audit passes', async ({ name }) => {
    const sale = freshSaleId()
    const { outcomes, followed } = await simulated(sale, name)
    expect(followed).toMatchObject({ queued: outcomes.queued, undecided: 0, notFollowed: 0, polls: 0 })
    expect(followed.outcomes.sold).toBeGreaterThan(0)
    expect(await audited(sale)).toMatchObject({ code: 0, verdict: 'pass', failed: [], decided: { verdict: 'pass' } })
  })

  it.each(QUEUED)('$name with eight workers breaks nothing but what it says', async (strategy) => {
    const sale = freshSaleId()
    await simulated(sale, strategy.name, '--workers', '8')
    const { failed } = await audited(sale)
    // An accepted order that is told "sold" and not recorded breaks these rules, too.
    const orders = ['queued-is-decided', 'reserved-is-recorded']
    const declared: readonly string[] = [...breaksUnder(strategy, { workers: 8 }), ...orders]
    expect(failed.filter((id) => !declared.includes(id))).toEqual([])
    if (strategy.name !== 'queue-naive') expect(failed).toEqual([])
  })

  it('hears of orders that another worker decided, too', async () => {
    const sale = freshSaleId()
    await seckill(['init', '--layout', 'counter', '--stock', '50', ...on(sale)])
    const worker = seckillStart(['worker', '--json', ...on(sale)])
    await worker.waitFor(/deciding orders/)
    const args = ['simulate', '--strategy', 'queue', '--users', '60', '--quantity', '1', '--json', ...on(sale)]
    const { stdout } = await seckill(args)
    worker.kill('SIGINT')
    await worker.exited
    expect(JSON.parse(stdout).followed).toMatchObject({ queued: 50, undecided: 0, outcomes: { sold: 50 } })
  })

  it('says what stayed undecided, and who decides it', async () => {
    const sale = freshSaleId()
    await seckill(['init', '--layout', 'counter', '--stock', '9', ...on(sale)])
    const { redis, close } = await connect()
    const { jobs } = saleKeys(sale)
    // Nobody takes a job of a queue that is paused.
    await redis.call('HSET', `${jobs}:meta`, 'paused', 1)
    const run = seckillStart(['simulate', '--strategy', 'queue', '--users', '5', '--quantity', '1', ...on(sale)])
    while ((await readQueueDepth(redis, jobs)).waiting < 5) await turn()
    run.kill('SIGINT')
    const { code, stderr } = await run.exited
    await close()
    expect([code, stderr]).toEqual([
      130,
      expect.stringContaining('warning: 5 attempts stayed undecided; seckill worker decides what waits still\n'),
    ])
  })

  it('says what they came to, and how to fire the same again', async () => {
    const sale = freshSaleId()
    const args = ['simulate', '--strategy', 'queue-naive', ...LOAD, '--workers', '2', ...on(sale)]
    const { stdout } = await seckill(args)
    expect(stdout).toMatch(/^330 attempts queued: (.*, )?sold \d+(, .*)?, undecided 0$/m)
    expect(stdout).toMatch(/^time to decision: +p50 [\d.]+ ms, p99 [\d.]+ ms, max [\d.]+ ms$/m)
    const { stdout: log } = await seckill(['report', '--format', 'json'])
    expect(JSON.parse(log).repeat).toMatch(/^seckill simulate --strategy queue-naive .* --workers 2 --seed 7$/)
  })
})

describe('buy by a strategy that decides later', () => {
  it('shows the ticket and what it came to', async () => {
    const sale = freshSaleId()
    await seckill(['init', '--layout', 'counter', '--stock', '1', ...on(sale)])
    const buy = (strategy: string, user: string) =>
      seckill(['buy', '--strategy', strategy, '--user', user, ...on(sale)])
    expect((await buy('queue', 'ann')).stdout).toMatch(
      /^ann asks for 1: queued after .*\nticket {2}order-ann\ndecided sold after .* m?s\nbefore {2}1 left.*\nafter {3}0 left, ann holds 1\n$/,
    )
    expect((await buy('queue', 'bob')).stdout).toMatch(/^bob asks for 1: sold_out after .*\nbefore/)
    expect((await buy('queue-naive', 'bob')).stdout).toMatch(/ticket {2}order-[0-9a-f]{16}\ndecided sold_out after/)
  })
})

describe('refused before anything is written', () => {
  it('without BullMQ', async () => {
    const sale = freshSaleId()
    const logs = filesLeft()
    const result = await seckill(['simulate', '--strategy', 'queue', ...LOAD, ...on(sale)], { env: WITHOUT_BULLMQ })
    expectRefusal(result, 2, /BullMQ, which is not installed; npm install bullmq@6/)
    expect([await keysOf(sale), filesLeft()]).toEqual([[], logs])
    await seckill(['init', '--layout', 'counter', '--stock', '1', ...on(sale)])
    const bought = await seckill(['buy', '--strategy', 'queue-gap', ...on(sale)], { env: WITHOUT_BULLMQ })
    expectRefusal(bought, 2, /BullMQ, which is not installed/)
    expect(filesLeft()).toEqual(logs)
  })

  it('a misspelt strategy, and no sale: with what to write instead', async () => {
    const on1 = on(freshSaleId())
    expectRefusal(
      await seckill(['simulate', '--strategy', 'queue-nave', ...on1]),
      2,
      /; did you mean queue-naive\?; one of/,
    )
    expectRefusal(
      await seckill(['buy', '--strategy', 'queue', ...on1]),
      2,
      /seckill init --layout counter --stock 50 --sale/,
    )
  })

  it('with workers where nothing waits for them', async () => {
    const sale = freshSaleId()
    const result = await seckill(['simulate', '--strategy', 'counter-lua', ...LOAD, '--workers', '2', ...on(sale)])
    expectRefusal(result, 2, /no workers here: purchases are decided at once; leave --workers out/)
    expect(await keysOf(sale)).toEqual([])
  })
})
