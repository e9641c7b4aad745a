import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openBackOffice } from '../../src/queue/back-office.js'
import { readOrderState } from '../../src/queue/order-state.js'
import { OrderQueues } from '../../src/queue/orders.js'
import type { RedisClient } from '../../src/redis/client.js'
import { jobIdOf } from '../../src/sale/order-job.js'
import type { Sale } from '../../src/sale/sale.js'
import { readQueueDepth } from '../../src/store/queue-depth.js'
import { queueKeys } from '../../src/store/queue-keys.js'
import { seedSale } from '../../src/store/seed.js'
import { QUEUED } from '../../src/strategies/index.js'
import { queue } from '../../src/strategies/queue.js'
import { queueGap } from '../../src/strategies/queue-gap.js'
import { queueNaive } from '../../src/strategies/queue-naive.js'
import type { Strategy } from '../../src/strategies/strategy.js'
import { finishedJobs, officeSale, queuedShop, startOffice as startOfficeOn, until } from '../helpers/back-office.js'
import { startPrivateRedis } from '../helpers/private-redis.js'
import { seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const shopOf = (sale: Sale, strategy: Strategy) => queuedShop(client, sale, strategy)
const startOffice = (sale: Sale, concurrency?: number) => startOfficeOn(client, sale, concurrency)
const finished = (sale: Sale) => finishedJobs(client, sale)

const left = async ({ keys }: Sale) => Number(await client.redis.get(keys.stock))

describe.each(QUEUED.map((strategy) => [strategy.name, strategy] as const))('%s', (name, strategy) => {
  it('is decided by a worker, each order once', async () => {
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 30 })
    const shop = await shopOf(sale, strategy)
    const users = Array.from({ length: 40 }, (_, i) => `u${i}`)
    const told = await Promise.all(users.map((user) => shop.buy({ user, quantity: 1 })))
    const queued = told.filter((outcome) => outcome === 'queued').length
    expect(queued).toBe(name === 'queue-naive' ? 40 : 30)
    await startOffice(sale)
    await until(async () => (await finished(sale)) === queued)
    expect(await readQueueDepth(client.redis, sale.keys.jobs)).toMatchObject({ completed: queued, failed: 0 })
    expect([await client.redis.call('HLEN', sale.keys.records), await left(sale)]).toEqual([30, 0])
  })
})

describe('what became of an order', () => {
  it('is read of its ticket, from the stream to the record', async () => {
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 1 })
    const state = (ticket: string) => readOrderState(client.redis, sale.keys, ticket)
    const shop = await shopOf(sale, queue)
    expect(await state('order-ann')).toBeNull()
    await shop.buy({ user: 'ann', quantity: 1 })
    expect(await state('order-ann')).toBe('pending')
    await startOffice(sale)
    await until(async () => (await finished(sale)) === 1)
    expect([await state('order-ann'), await state('order-bob')]).toEqual(['sold', null])
  })

  it('of which each click has one: refusals too', async () => {
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 1 })
    const shop = await shopOf(sale, queueNaive)
    for (const [user, ticket, quantity] of [
      ['ann', 'order-1', 2],
      ['ann', 'order-2', 1],
      ['ann', 'order-3', 1],
      ['bob', 'order-4', 1],
    ] as const)
      await shop.buy({ user, quantity, ticket })
    await startOffice(sale)
    await until(async () => (await finished(sale)) === 4)
    const states = await Promise.all([1, 2, 3, 4].map((n) => readOrderState(client.redis, sale.keys, `order-${n}`)))
    expect(states).toEqual(['insufficient_stock', 'sold', 'already_bought', 'sold_out'])
  })
})

it('an order that fails three times is given up and kept, with its reason', async () => {
  const sale = await seedFresh(client.redis, { layout: 'counter', stock: 5 })
  const shop = await shopOf(sale, queue)
  await shop.buy({ user: 'ann', quantity: 1 })
  await shop.buy({ user: 'bob', quantity: 1 })
  await client.redis.call('SET', sale.keys.records, 'in the way')
  const given = await startOffice(sale)
  await until(async () => (await finished(sale)) === 2)
  const depth = await readQueueDepth(client.redis, sale.keys.jobs)
  expect(depth).toMatchObject({
    completed: 0,
    failed: 2,
    failedJobs: [{ reason: /WRONGTYPE/ }, { reason: /WRONGTYPE/ }],
  })
  expect([...given].sort()).toEqual([
    expect.stringMatching(/^ann: .*WRONGTYPE/),
    expect.stringMatching(/^bob: .*WRONGTYPE/),
  ])
  const job = `${sale.keys.jobs}:${jobIdOf('order-ann', sale.uuid as string)}`
  expect(await client.redis.hget(job, 'atm')).toBe('3')
  expect(await readOrderState(client.redis, sale.keys, 'order-ann')).toBe('failed')
})

it('an order of an earlier seeding is dropped, and blocks no order of the same user', async () => {
  const sale = await seedFresh(client.redis, { layout: 'counter', stock: 5 })
  const queues = new OrderQueues(client.target)
  onTestFinished(() => queues.close())
  const orders = await queues.open('queue', sale.keys)
  const order = { ticket: 'order-ann', user: 'ann', quantity: 1 }
  await orders.add({ ...order, seeding: 'an earlier one' })
  await (await shopOf(sale, queue)).buy(order)
  await startOffice(sale)
  await until(async () => (await finished(sale)) === 2)
  const value = (seeding: string) =>
    client.redis.hget(`${sale.keys.jobs}:${jobIdOf('order-ann', seeding)}`, 'returnvalue')
  expect([await value('an earlier one'), await value(sale.uuid as string)]).toEqual(['"error"', '"sold"'])
  expect(await readOrderState(client.redis, sale.keys, 'order-ann')).toBe('sold')
})

it('all keys of a queue lie beside the stock, in its slot', async () => {
  const sale = await seedFresh(client.redis, { layout: 'counter', stock: 5, keys: { hashTag: true } })
  const shop = await shopOf(sale, queueGap)
  await startOffice(sale)
  await shop.buy({ user: 'ann', quantity: 1 })
  await until(async () => (await finished(sale)) === 1)
  expect(sale.keys.jobs).toBe(`seckill:{${sale.id}}:queue:orders`)
  expect(await client.redis.call('EXISTS', `${sale.keys.jobs}:order-ann`, `${sale.keys.jobs}:completed`)).toBe(2)
})

it('a new seeding takes all keys of the queue away, and those of no other sale', async () => {
  const [sale, other] = await Promise.all([1, 2].map(() => seedFresh(client.redis, { layout: 'counter', stock: 5 })))
  for (const each of [sale, other] as [Sale, Sale]) {
    const shop = await shopOf(each, queueNaive)
    for (const user of ['ann', 'bob']) await shop.buy({ user, quantity: 1 })
    await startOffice(each)
    await until(async () => (await finished(each)) === 2)
  }
  const keysOf = async ({ keys }: Sale) => (await queueKeys(client.redis, keys.jobs)).length
  const before = await keysOf(other as Sale)
  await seedSale(client.redis, sale as Sale, { now: new Date() })
  const scan = await client.redis.call('SCAN', 0, 'MATCH', `${(sale as Sale).keys.jobs}:order-*`, 'COUNT', 1_000_000)
  expect(scan).toEqual(['0', []])
  expect([await finished(sale as Sale), await keysOf(other as Sale)]).toEqual([0, before])
})

it('a back office that cannot get all its connections keeps none', async () => {
  const server = await startPrivateRedis()
  onTestFinished(server.stop)
  const own = await connect(server.url)
  onTestFinished(() => own.close())
  const sale = await seedFresh(own.redis, { layout: 'counter', stock: 1 })
  const open = () => openBackOffice({ target: own.target, sale: officeSale(sale), strategies: QUEUED, concurrency: 1 })
  const clients = async () =>
    String(await own.redis.call('CLIENT', 'LIST'))
      .trimEnd()
      .split('\n').length
  const alone = await clients()
  for (const more of [0, 1, 2, 3]) {
    await own.redis.call('CONFIG', 'SET', 'maxclients', alone + more)
    await expect(open()).rejects.toMatchObject({
      code: expect.any(String),
      message: expect.stringContaining('max number of clients'),
    })
    await until(async () => (await clients()) === alone)
  }
})
