import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { saleKeys } from '../../src/sale/keys.js'
import { on, seckill, testFolder } from '../helpers/cli.js'
import { looseShop, SAYS } from '../helpers/loose-shop.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, redisAt } from './world.js'

/** A counter of 50 units in Redis, and what is done with it. */
const seeded = async () => {
  const sale = freshSaleId()
  const redis = await redisAt()
  const { stock, records } = saleKeys(sale)
  await seckill(['init', '--stock', '50', '--layout', 'counter', ...on(sale)])
  const hold = async (user: string, units: number) => {
    await redis.call('HSET', records, user, units)
    await redis.call('DECRBY', stock, units)
  }
  const blast = (url: string, ...flags: string[]) =>
    seckill(['blast', url, '--usernames', 'sequential', '--quantity', '1', ...flags, ...on(sale)])
  const audit = async (...flags: string[]) => {
    const { code, stdout } = await seckill(['audit', '--json', ...flags, ...on(sale)])
    const found = JSON.parse(stdout)
    const failed = (found.invariants as { id: string; verdict: string }[]).filter(({ verdict }) => verdict === 'fail')
    return { code, found, failed: failed.map(({ id }) => id) }
  }
  return { sale, redis, stock, records, hold, blast, audit }
}

it('a shop that takes more from those whom it refuses is seen, though they held a record before', async () => {
  const { redis, stock, records, hold, blast, audit } = await seeded()
  for (let user = 1; user <= 5; user++) await hold(`user-00000${user}`, 1)
  const url = await looseShop(async (user) => {
    await redis.call('DECR', stock)
    await redis.call('HINCRBY', records, user, 1)
    return SAYS.before
  })
  await blast(url, '--users', '5')
  expect(await audit()).toMatchObject({ code: 10, failed: ['recorded-is-acknowledged'] })
})

it('so is one that overwrites what a buyer held, and gives the difference back', async () => {
  const { redis, stock, records, hold, blast, audit } = await seeded()
  await hold('user-000001', 2)
  const url = await looseShop(async (user) => {
    await redis.call('HSET', records, user, 1)
    await redis.call('INCR', stock)
    return SAYS.sold
  })
  await blast(url, '--users', '1')
  expect(await audit()).toMatchObject({ code: 10, failed: ['acknowledged-is-recorded'] })
})

it('records written behind the answers are awaited before anybody is accused', async () => {
  const { redis, stock, records, blast, audit } = await seeded()
  const url = await looseShop(async (user, units) => {
    await redis.call('DECRBY', stock, units)
    void pause(1_500).then(() => redis.call('HSET', records, user, units))
    return SAYS.sold
  })
  await blast(url, '--users', '20')
  const { found } = await audit()
  expect(found).toMatchObject({ verdict: 'pass', acknowledged: 20, settled: { moving: null } })
})

it('and missed where they never come, which is said', async () => {
  const { hold, redis, records, sale } = await seeded()
  await hold('ann', 1)
  await redis.call('DEL', records)
  const { code, stdout } = await seckill(['audit', '--run', 'none', ...on(sale)])
  expect(code).toBe(10)
  expect(stdout).toContain('stock and records had not changed for 3.00 s when they were read')
})

it('a limit that nobody stated convicts nobody', async () => {
  const sale = freshSaleId()
  const redis = await redisAt()
  await redis.call('SET', `goods_${sale}`, 45)
  await redis.call('HSET', `${sale}_users`, 'ann', 5)
  const args = ['audit', '--layout', 'counter', '--stock', '50', '--run', 'none', ...on(sale)]
  const { code, stdout } = await seckill(args)
  expect(code, stdout).toBe(0)
  expect(stdout).toMatch(/untested +│ purchase-limit[^│]*│ every record is a whole number of at least 1; no limit/)
  expect((await seckill([...args, '--limit', '2'])).code).toBe(10)
})

it.each([[['--records-key', 'typo']], [[]]])('a records key that is not there convicts nobody: %j', async (flags) => {
  const sale = freshSaleId()
  const redis = await redisAt()
  await redis.call('SET', `goods_${sale}`, 45)
  await redis.call('HSET', `${sale}:buyers`, 'ann', 5)
  const args = ['audit', '--layout', 'counter', '--stock', '50', '--run', 'none', '--json', ...flags, ...on(sale)]
  const { code, stdout } = await seckill(args)
  expect(code, stdout).toBe(4)
  expect(stdout).toContain(`there is no key ${flags[1] ?? `${sale}_users`}: who bought cannot be told`)
})

it('what several rules find alike is told once; JSON stays whole', async () => {
  const { blast, sale } = await seeded()
  await blast(await looseShop(async () => SAYS.sold), '--users', '9')
  const { code, stdout } = await seckill(['audit', ...on(sale)])
  expect(code).toBe(4)
  expect(stdout.match(/buyers were told "sold" 9 times/g)).toHaveLength(1)
  expect(stdout).toMatch(/│ as above: no-oversell +│/)
  const { invariants } = JSON.parse((await seckill(['audit', '--json', ...on(sale)])).stdout)
  expect(
    invariants.filter(({ message }: { message: string }) => message.startsWith('buyers were told')).length,
  ).toBeGreaterThan(3)
})

it('without Redis the way out is named, by blast and by audit, and it leads somewhere', async () => {
  const sale = freshSaleId()
  const redis = 'redis://127.0.0.1:1'
  const url = await looseShop(async () => SAYS.sold)
  const { stderr } = await seckill(['blast', url, '--users', '9', '--quantity', '1', ...on(sale, redis)])
  expect(stderr).toMatch(/^warning: .*going on without it: .*--layout L --stock N/m)
  const refused = await seckill(['audit', ...on(sale, redis)])
  expectRefusal(
    refused,
    3,
    new RegExp(`or judge what buyers were told alone: seckill audit --sale ${sale} --layout L --stock N`),
  )
  const flags = ['--layout', 'counter', '--stock', '5']
  expect((await seckill(['audit', ...flags, ...on(sale, redis)])).code).toBe(10)
})

it('a run without Redis is one of the sale that the sale file names', async () => {
  const id = freshSaleId()
  const redis = 'redis://127.0.0.1:1'
  writeFileSync(
    join(testFolder(), 'g.yaml'),
    `sale: { id: ${id}, stock: { type: string-down, key: goods, initial: 5 }, records: [{ type: hash, key: buyers }] }\n`,
  )
  const url = await looseShop(async () => SAYS.sold)
  const where = ['--file', 'g.yaml', '--redis', redis]
  await seckill(['blast', url, '--users', '9', '--quantity', '1', '--out', 'x.run', ...where])
  const { code, stderr } = await seckill(['audit', '--run', 'x.run', ...where])
  expect(code, stderr).toBe(10)
})
