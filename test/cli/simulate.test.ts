import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { saleKeys } from '../../src/sale/keys.js'
import { STRATEGIES } from '../../src/strategies/index.js'
import { filesLeft, on, seckill, seckillStart, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, ownRedis, redisAt } from './world.js'

/** A Redis of this test that does not know INCREX, whatever its version. */
const redisWithoutIncrex = async () => {
  const { url, redis } = await ownRedis()
  const [info] = (await redis.call('COMMAND', 'INFO', 'INCREX')) as unknown[]
  return { url, redis, lacks: info === null }
}

describe('a strategy that this Redis cannot run', () => {
  it('leaves the earlier sale as it was', async ({ skip }) => {
    const { url, redis, lacks } = await redisWithoutIncrex()
    skip(!lacks, 'this Redis has INCREX')
    const sale = freshSaleId()
    const { stock, records, meta } = saleKeys(sale)
    await seckill(['init', '--stock', '50', '--layout', 'counter', ...on(sale, url)])
    await seckill(['buy', '--strategy', 'counter-lua', '--user', 'ann', ...on(sale, url)])
    const look = () => Promise.all([stock, records, meta].map((key) => redis.call('DUMP', key)))
    const [before, logs] = [await look(), filesLeft()]
    for (const more of [['--stock', '7'], ['--stock', '7', '--force'], ['--stock', '7', '--dry-run'], []]) {
      const result = await seckill(['simulate', '--strategy', 'increx', ...more, ...on(sale, url)])
      expectRefusal(result, 2, /increx is not verified here: redis \S+ lacks INCREX; use Redis ≥ 8\.8 or Valkey ≥ 9\.2/)
    }
    const bought = await seckill(['buy', '--strategy', 'increx', ...on(sale, url)])
    expectRefusal(bought, 2, /increx is not verified here/)
    expect(await look()).toEqual(before)
    expect(filesLeft()).toEqual(logs)
  })
})

describe('--stock', () => {
  it('leaves the earlier sale as it was where the run log cannot be written', async () => {
    const sale = freshSaleId()
    await seckill(['init', '--stock', '9', '--layout', 'counter', ...on(sale)])
    writeFileSync(join(testFolder(), 'kept.run'), 'mine')
    const again = ['simulate', '--strategy', 'counter-lua', '--stock', '7', '--out', 'kept.run', ...on(sale)]
    expectRefusal(await seckill(again), 2, /kept\.run exists already; name another file with --out/)
    expect(await (await redisAt()).get(saleKeys(sale).stock)).toBe('9')
  })

  it('fires at the very sale that it seeded, whatever layout the sale file describes', async () => {
    const sale = freshSaleId()
    const records = `${sale}:buyers`
    writeFileSync(
      join(testFolder(), 'seckill.yaml'),
      `sale:\n  stock: { type: list, initial: 9 }\n  records: [{ type: hash, key: "${records}" }]\n`,
    )
    const redis = await redisAt()
    onTestFinished(() => void redis.call('DEL', records))
    const args = ['simulate', '--strategy', 'counter-lua', '--stock', '7', '--users', '20', '--quantity', '1', '--json']
    const { code, stdout } = await seckill([...args, ...on(sale)])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ unitsAcknowledged: 7 })
    expect(await redis.get(saleKeys(sale).stock)).toBe('0')
    expect(await redis.call('HLEN', records)).toBe(7)
  })

  it.each(STRATEGIES.filter(({ requires }) => !requires).map(({ name }) => name))('of %s', async (name) => {
    const sale = freshSaleId()
    const args = ['simulate', '--strategy', name, '--stock', '7', '--users', '20', '--concurrency', '1', '--json']
    const { code, stdout, stderr } = await seckill([...args, ...on(sale)])
    expect(code, stderr).toBe(0)
    const { outcomes, followed } = JSON.parse(stdout)
    expect(outcomes.rejected).toBeUndefined()
    expect((followed?.outcomes ?? outcomes).sold).toBeGreaterThan(0)
  })
})

it('init announces what a user can get: a list of users has room for one unit each', async () => {
  const said = async (layout: string, ...more: string[]) =>
    (await seckill(['init', '--stock', '5', '--layout', layout, ...more, ...on(freshSaleId())])).stdout
  expect(await said('list-basic')).toContain('at most 1 a user')
  expect(await said('list-basic', '--limit', '3')).toContain('at most 1 a user')
  expect(await said('list')).toContain('at most 2 a user')
  expect(await said('counter', '--limit', '3')).toContain('at most 3 a user')
  expect(JSON.parse(await said('list-basic', '--json')).limit).toBe(1)
})

it('a Redis that goes away in the middle ends the run soon, with what was reached', async () => {
  const { url, redis } = await ownRedis()
  const sale = freshSaleId()
  const many = ['--stock', '100000', '--users', '3000000', '--json']
  const running = seckillStart(['simulate', '--strategy', 'counter-lua', ...many, ...on(sale, url)])
  const { stock } = saleKeys(sale)
  // More than 100 purchases under way can take: some were answered, and those answers were read.
  while (Number((await redis.get(stock)) ?? 100_000) > 99_000) await pause(20)
  await redis.call('SHUTDOWN', 'NOSAVE').catch(() => {})
  const { code, stdout, stderr } = await running.exited
  expect(code, stderr).toBe(4)
  const { attempts, outcomes, interrupted } = JSON.parse(stdout)
  expect(interrupted).toBe(true)
  expect(outcomes.sold).toBeGreaterThan(0)
  expect(attempts).toBeLessThan(3_000_000)
  expect(stderr).toMatch(/^warning: stopped after [\d,]+ of 3,000,000 attempts: redis \S+ has not answered for 2 s/m)
  expect(stderr).toMatch(/^warning: [\d,]+ of [\d,]+ attempts \(\d+ %\) got no answer: "/m)
})
