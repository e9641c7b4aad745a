import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { on, seckill, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { redisAt } from './world.js'

/** A sale of ten in two shards, with two places of records, in the test's folder. */
const customSale = () => {
  const id = freshSaleId()
  writeFileSync(
    join(testFolder(), 'seckill.yaml'),
    `sale:
  stock: { type: sum, keys: ["${id}:{0..1}"], initial: 10 }
  records: [ { type: set, key: "${id}:set" }, { type: keys, pattern: "${id}:u:{user}" } ]
  queues: [ { type: list, key: "${id}:q" } ]
`,
  )
  return id
}

it('init, status, audit and reset work on any layout; simulate says why it does not', async () => {
  const id = customSale()
  const redis = await redisAt()
  const init = await seckill(['init', ...on(id)])
  expect([init.code, init.stdout]).toEqual([0, expect.stringContaining(`10 units in ${id}:0 … ${id}:1 (sum)`)])
  expect(await redis.call('MGET', `${id}:0`, `${id}:1`)).toEqual(['5', '5'])
  await redis.call('DECR', `${id}:1`)
  await redis.call('SADD', `${id}:set`, 'ann')
  const status = JSON.parse((await seckill(['status', '--json', ...on(id)])).stdout)
  expect(status).toMatchObject({ layout: 'custom', stock: { remaining: 9 }, sold: 1, keys: { stock: { type: 'sum' } } })
  await redis.call('RPUSH', `${id}:q`, 'order')
  const people = await seckill(['status', ...on(id)])
  expect(people.stdout).toMatch(/queue +│ 1 in t-[0-9a-f]+:q/)
  const audit = await seckill(['audit', '--run', 'none', '--settle', '300ms', '--json', ...on(id)])
  expect(JSON.parse(audit.stdout)).toMatchObject({
    verdict: 'inconclusive',
    settled: { settled: false, moving: `1 in ${id}:q` },
  })
  const simulate = await seckill(['simulate', '--strategy', 'counter-lua', ...on(id)])
  expect([simulate.code, simulate.stderr]).toEqual([2, expect.stringContaining('layout custom')])
  const reset = await seckill(['reset', '--yes', ...on(id)])
  expect([reset.code, await redis.call('EXISTS', `${id}:0`, `${id}:1`, `${id}:set`)]).toEqual([0, 0])
})

it('keys of single users go only where a run of ours made the user', async () => {
  const id = customSale()
  const redis = await redisAt()
  await seckill(['init', ...on(id)])
  const shop = createServer((_, response) => response.end('sold')).listen(0, '127.0.0.1')
  await once(shop, 'listening')
  const { port } = shop.address() as AddressInfo
  await seckill(['buy', `http://127.0.0.1:${port}/`, '--user', 'mine', ...on(id)])
  shop.close()
  await redis.call('MSET', `${id}:u:mine`, 1, `${id}:u:foreign`, 1)
  const { code } = await seckill(['reset', '--yes', ...on(id)])
  expect(code).toBe(0)
  expect(await redis.call('EXISTS', `${id}:u:mine`)).toBe(0)
  expect(await redis.call('EXISTS', `${id}:u:foreign`)).toBe(1)
  const again = await seckill(['init', ...on(id)])
  expect(again.stderr).toMatch(
    /^warning: 1 of .* there already, such as .*:u:foreign, made by no run of this sale: they stay/m,
  )
})

it('an expired counter of units taken tells nothing, and its expiry is named', async () => {
  const id = freshSaleId()
  const [stock, buyers] = [`${id}:sold`, `${id}:buyers`]
  writeFileSync(
    join(testFolder(), 'seckill.yaml'),
    `sale: { stock: { type: string-up, key: "${stock}", initial: 5 }, records: [ { key: "${buyers}" } ] }`,
  )
  const redis = await redisAt()
  await seckill(['init', '--ttl', '1', ...on(id)])
  await redis.call('HSET', buyers, 'ann', 2)
  // What the server would do in a second, and time for both clocks to agree that it is over.
  await redis.call('DEL', stock)
  await redis.call('HSET', `seckill:{${id}}:meta`, 'createdAt', '2026-01-01T00:00:00.000Z')
  const { code, stdout } = await seckill(['audit', '--run', 'none', '--json', ...on(id)])
  const conservation = JSON.parse(stdout).invariants.find(({ id }: { id: string }) => id === 'conservation')
  expect([code, conservation.verdict]).toEqual([4, 'inconclusive'])
  expect(conservation.message).toMatch(/^there is no counter at .*; the lifetime of .* was over at 2026-01-01T00:00:01/)
})

it('a second place of records that is not there is named, where the first holds some', async () => {
  const id = customSale()
  const redis = await redisAt()
  await seckill(['init', ...on(id)])
  await redis.call('DECR', `${id}:1`)
  await redis.call('SET', `${id}:u:ann`, '1')
  const { stdout, stderr } = await seckill(['audit', '--run', 'none', '--settle', '600ms', '--json', ...on(id)])
  const missing = `there is no key ${id}:set, while ${id}:u:{user} holds records: is that what the shop calls it?`
  expect(JSON.parse(stdout).warnings).toContainEqual(missing)
  expect(stderr).toContain(`warning: ${missing}`)
})
