import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../src/audit/audit.js'
import { orderFigures } from '../../src/audit/orders.js'
import { ownQueueOf } from '../../src/cli/audit-look.js'
import { OrderQueues } from '../../src/queue/orders.js'
import type { RedisClient } from '../../src/redis/client.js'
import { RedisPort } from '../../src/redis/port.js'
import { jobIdOf } from '../../src/sale/order-job.js'
import type { Sale } from '../../src/sale/sale.js'
import { newSaleUuid } from '../../src/store/meta.js'
import { seedSale } from '../../src/store/seed.js'
import { lookAt } from '../../src/store/settle.js'
import { readFinalState } from '../../src/store/snapshot.js'
import { counterLua } from '../../src/strategies/counter-lua.js'
import { queue } from '../../src/strategies/queue.js'
import { queueGap } from '../../src/strategies/queue-gap.js'
import { queueNaive } from '../../src/strategies/queue-naive.js'
import { finishedJobs, queuedShop, startOffice, until } from '../helpers/back-office.js'
import { findingOf, seedFresh } from '../helpers/sale.js'
import { connect, openOn } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const seeded = (stock: number) => seedFresh(client.redis, { layout: 'counter', stock })

const read = async (sale: Sale, redis = client.redis) =>
  readFinalState(redis, sale.places, { own: await ownQueueOf(sale) })

const judge = async (sale: Sale) => {
  const result = audit({ sale, state: await read(sale), moving: null, nowMs: Date.now(), runs: null })
  return { result, found: findingOf(result, 'reserved-is-recorded'), figures: orderFigures(result.ledger) }
}

const buyAll = (shop: { buy(purchase: { user: string; quantity: number }): Promise<unknown> }, users: string[]) =>
  Promise.all(users.map((user) => shop.buy({ user, quantity: 1 })))

const users = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

describe('the books of a queue', () => {
  it('agree, page after page, beside those who bought directly or from another queue', async () => {
    const sale = await seeded(1_200)
    const [queued, naive] = [await queuedShop(client, sale, queue), await queuedShop(client, sale, queueNaive)]
    await buyAll(queued, ['王芳 & 1=2@x', 'order~', ...users('q', 600)])
    await buyAll(await openOn(client, sale, counterLua), users('direct', 40))
    await startOffice(client, sale, 50)
    await until(async () => (await finishedJobs(client, sale)) === 602)
    // One at a time: this strategy is right only so.
    for (const user of ['n1', 'n2', 'n1']) {
      const before = await finishedJobs(client, sale)
      await naive.buy({ user, quantity: 1 })
      await until(async () => (await finishedJobs(client, sale)) === before + 1)
    }
    const { result, found, figures } = await judge(sale)
    expect(found).toMatchObject({ verdict: 'pass', message: expect.stringContaining('604 queued orders') })
    expect(result.verdict).toBe('pass')
    expect(figures).toEqual({
      ...{ won: null, reserved: 602, jobs: 604, recorded: 604, besides: 40 },
      ...{ refused: 1, givenUp: 0, ofOtherSeedings: 0 },
      units: { reserved: 602, jobs: 604, recorded: 604 },
    })
  })

  it('are read by commands that only read, each of which asks for a bounded page', async () => {
    const sale = await seeded(700)
    await buyAll(await queuedShop(client, sale, queue), users('q', 700))
    await startOffice(client, sale, 50)
    await until(async () => (await finishedJobs(client, sale)) === 700)
    const sent: string[] = []
    let [under, most] = [0, 0]
    const watched = new RedisPort(async (unit) => {
      sent.push(unit.kind === 'command' ? unit.name : unit.kind)
      most = Math.max(most, ++under)
      return client.redis.execute(unit).finally(() => under--)
    })
    const state = await read(sale, watched)
    expect(state.orders?.sold[0]?.users).toHaveLength(700)
    const reads = [
      'TYPE',
      'TTL',
      'GET',
      'HGET',
      'HLEN',
      'HSCAN',
      'HMGET',
      'EXISTS',
      'LLEN',
      'ZCARD',
      'ZRANGE',
      'ZREVRANGE',
    ]
    expect([...new Set(sent)].filter((name) => !reads.includes(name))).toEqual([])
    expect(most).toBeLessThanOrEqual(500)
  })

  it('know no order of an earlier seeding, not even one that comes in after init', async () => {
    const before = await seeded(5)
    await buyAll(await queuedShop(client, before, queue), ['ann'])
    await startOffice(client, before)
    await until(async () => (await finishedJobs(client, before)) === 1)
    const sale = { ...before, uuid: newSaleUuid() }
    await seedSale(client.redis, sale, { now: new Date() })
    expect((await read(sale)).orders).toBeUndefined()
    expect((await judge(sale)).found.verdict).toBe('untested')
    const late = new OrderQueues(client.target)
    const orders = await late.open('queue', sale.keys)
    await orders.add({ ticket: 'order-ann', user: 'ann', quantity: 1, seeding: before.uuid as string })
    await late.close()
    await buyAll(await queuedShop(client, sale, queue), ['bob'])
    await until(async () => (await finishedJobs(client, sale)) === 2)
    expect(await judge(sale)).toMatchObject({
      found: { verdict: 'pass', message: expect.stringContaining('1 queued order') },
      figures: { reserved: 1, jobs: 1, recorded: 1, refused: 0, ofOtherSeedings: 1 },
    })
  })

  it('name an order that was given up and kept its unit, and none that was refused', async () => {
    const sale = await seeded(5)
    const [queued, naive] = [await queuedShop(client, sale, queue), await queuedShop(client, sale, queueNaive)]
    await client.redis.call('SET', sale.keys.records, 'in the way')
    await naive.buy({ user: 'nobody', quantity: 1 })
    await startOffice(client, sale)
    await until(async () => (await finishedJobs(client, sale)) === 1)
    await client.redis.call('DEL', sale.keys.records)
    expect((await judge(sale)).found.verdict).toBe('untested')
    await queued.buy({ user: 'bob', quantity: 1 })
    await until(async () => (await finishedJobs(client, sale)) === 2)
    await queued.buy({ user: 'ann', quantity: 2 })
    await until(async () => (await finishedJobs(client, sale)) === 3)
    // As if the third attempt had failed, too: the job is moved to where those are that were given up.
    const id = jobIdOf('order-ann', sale.uuid as string)
    await client.redis.call('ZREM', `${sale.keys.jobs}:completed`, id)
    await client.redis.call('ZADD', `${sale.keys.jobs}:failed`, 1, id)
    await client.redis.hdel(sale.keys.records, 'ann')
    expect(await judge(sale)).toMatchObject({
      found: { verdict: 'fail', users: ['ann'], message: /^2 units reserved for orders whose jobs were given up/ },
      figures: { reserved: 2, jobs: 1, recorded: 1, givenUp: 2 },
    })
  })

  it('name an order that never became a job', async () => {
    const sale = await seeded(5)
    await startOffice(client, sale)
    await buyAll(await queuedShop(client, sale, queueGap), ['bob'])
    await until(async () => (await finishedJobs(client, sale)) === 1)
    const dead = { add: () => new Promise<void>(() => {}) }
    const shop = await queueGap.open({
      ...{ redis: client.redis, keys: sale.keys, limit: 2, clock: { now: () => 0, sleep: async () => {} } },
      ...{ dedicated: client.dedicated, newToken: () => '', queue: dead },
    })
    void shop.buy({ user: 'ann', quantity: 2 })
    await until(async () => (await client.redis.hget(sale.keys.claims, 'ann')) !== null)
    const { found, result } = await judge(sale)
    expect(found).toMatchObject({
      verdict: 'fail',
      users: ['ann'],
      message: /^2 units reserved for orders that no job knows/,
    })
    expect(findingOf(result, 'conservation')).toMatchObject({ verdict: 'fail', message: /2 units lost/ })
  })

  it('that are not what they should be leave the rule open, by name', async () => {
    const sale = await seeded(5)
    await startOffice(client, sale)
    await buyAll(await queuedShop(client, sale, queue), ['ann'])
    await until(async () => (await finishedJobs(client, sale)) === 1)
    const id = jobIdOf('order-ann', sale.uuid as string)
    await client.redis.hset(`${sale.keys.jobs}:${id}`, 'data', '{"user":')
    expect((await judge(sale)).found).toMatchObject({ verdict: 'inconclusive', message: /cannot be read: order-ann@/ })
    await client.redis.hset(`${sale.keys.jobs}:${id}`, 'data', '{"user":"ann","quantity":1}')
    await client.redis.call('ZADD', `${sale.keys.jobs}:completed`, 1, 'gone', 2, 'odd')
    await client.redis.hset(`${sale.keys.jobs}:odd`, 'returnvalue', '"sold"')
    expect((await judge(sale)).found).toMatchObject({ verdict: 'inconclusive', message: /cannot be read: odd$/ })
    await client.redis.call('DEL', sale.keys.claims)
    await client.redis.lpush(sale.keys.claims, 'x')
    expect((await judge(sale)).found).toMatchObject({
      verdict: 'inconclusive',
      message: /:claims is a list, not a hash/,
    })
  })
})

describe('a look at a queue', () => {
  it('names what lies where, and that nobody works on it', async () => {
    const sale = await seeded(5)
    const { keys, places } = sale
    expect((await lookAt(client.redis, places, keys)).waiting).toBeNull()
    await buyAll(await queuedShop(client, sale, queue), ['ann', 'bob'])
    await buyAll(await queuedShop(client, sale, queueNaive), ['eve'])
    expect((await lookAt(client.redis, places, keys)).waiting).toBe(
      `2 in ${keys.orders}, not yet relayed; 1 waiting and 0 active in ${keys.jobs}; no worker is connected: seckill worker`,
    )
    await startOffice(client, sale)
    await until(async () => (await finishedJobs(client, sale)) === 3)
    await until(async () => (await lookAt(client.redis, places, keys)).waiting === null)
    expect((await lookAt(client.redis, places, keys)).seen).toBe('2 left, 3 records, 3 jobs done')
  })

  it('says that a key is no stream', async () => {
    const sale = await seeded(5)
    await client.redis.lpush(sale.keys.orders, 'x')
    expect((await lookAt(client.redis, sale.places, sale.keys)).waiting).toContain(':orders is a list, not a stream')
  })
})
