import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import { type Execute, RedisFailure, RedisPort } from '../../src/redis/port.js'
import { systemClock } from '../../src/sale/clock.js'
import type { Outcome } from '../../src/sale/outcome.js'
import type { Sale } from '../../src/sale/sale.js'
import { QUEUED } from '../../src/strategies/index.js'
import { queue } from '../../src/strategies/queue.js'
import { queueGap } from '../../src/strategies/queue-gap.js'
import { queueNaive } from '../../src/strategies/queue-naive.js'
import type { BackOffice, Order, Strategy, StrategyContext } from '../../src/strategies/strategy.js'
import { MemoryQueue } from '../helpers/order-queue.js'
import { seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const open = async (strategy: Strategy, stock: number, orders = new MemoryQueue()) => {
  const sale = await seedFresh(client.redis, { layout: 'counter', stock })
  const context: StrategyContext = {
    redis: client.redis,
    dedicated: () => client.dedicated(),
    keys: sale.keys,
    limit: sale.perUser.units,
    clock: systemClock,
    newToken: () => randomBytes(8).toString('hex'),
    queue: orders,
  }
  const office = strategy.backOffice as BackOffice
  return { sale, context, office, orders, shop: await strategy.open(context) }
}

/** A context whose process dies at its n-th unit that `at` is true of: the unit and all that would follow never happen. */
const dyingAt = (context: StrategyContext, at: (unit: Parameters<Execute>[0]) => boolean): StrategyContext => {
  let dead = false
  const redis = new RedisPort((unit) => {
    dead ||= at(unit)
    return dead ? Promise.reject(new RedisFailure('not_sent', 'dead')) : client.redis.execute(unit)
  })
  return { ...context, redis }
}

const isCommand = (name: string) => (unit: Parameters<Execute>[0]) => unit.kind === 'command' && unit.name === name

const left = async ({ keys }: Sale) => Number(await client.redis.get(keys.stock))
const recordOf = ({ keys }: Sale, user: string) => client.redis.hget(keys.records, user)
const sorted = (outcomes: readonly Outcome[]) => [...outcomes].sort()

describe.each(QUEUED.map((strategy) => [strategy.name, strategy] as const))('%s', (_, strategy) => {
  it('answers before anything is recorded, and one worker records what there is', async () => {
    const { sale, context, office, orders, shop } = await open(strategy, 3)
    expect(await shop.buy({ user: 'ann', quantity: 2 })).toBe('queued')
    expect(await shop.buy({ user: 'bob', quantity: 1 })).toBe('queued')
    expect(await recordOf(sale, 'ann')).toBeNull()
    await office.relay?.(context)
    const decided: Outcome[] = []
    for (const order of orders.orders) decided.push(await office.decider(context)(order))
    expect(decided).toEqual(['sold', 'sold'])
    expect([await recordOf(sale, 'ann'), await recordOf(sale, 'bob'), await left(sale)]).toEqual(['2', '1', 0])
  })

  it('drops an order of another seeding, beside one of now', async () => {
    const { sale, context, office, orders, shop } = await open(strategy, 3)
    await shop.buy({ user: 'ann', quantity: 1 })
    await office.relay?.(context)
    const [order] = orders.orders as [Order]
    const decide = office.decider(context)
    const before = await left(sale)
    expect(await decide({ ...order, seeding: 'an earlier one' })).toBe('error')
    expect([await recordOf(sale, 'ann'), await left(sale)]).toEqual([null, before])
    const seedings = ['an earlier one', String(sale.uuid)]
    expect(await Promise.all(seedings.map((seeding) => decide({ ...order, seeding })))).toEqual(['error', 'sold'])
    expect([await recordOf(sale, 'ann'), await left(sale)]).toEqual(['1', 2])
  })

  it('takes the ticket that it is given, and a user’s name as it is', async () => {
    const { context, office, orders, shop } = await open(strategy, 9)
    const user = '{x}\r\n王伟'
    const ticket = office.ticket({ user, quantity: 2 }, context.newToken)
    await shop.buy({ user, quantity: 2, ticket })
    await office.relay?.(context)
    expect(orders.orders).toEqual([expect.objectContaining({ ticket, user, quantity: 2 })])
  })

  it('rejects a wrong quantity and enqueues nothing', async () => {
    const { context, office, orders, shop } = await open(strategy, 9)
    expect(await shop.buy({ user: 'ann', quantity: 3 })).toBe('rejected')
    await office.relay?.(context)
    expect(orders.orders).toEqual([])
  })
})

describe.each([queue, queueGap].map((strategy) => [strategy.name, strategy] as const))('%s', (_, strategy) => {
  it('decides at the door who gets a unit', async () => {
    const { sale, shop } = await open(strategy, 3)
    const answers: Outcome[] = []
    for (const [user, quantity] of [
      ['ann', 2],
      ['ann', 1],
      ['bob', 2],
      ['eve', 1],
      ['joe', 1],
    ] as const)
      answers.push(await shop.buy({ user, quantity }))
    expect(answers).toEqual(['queued', 'already_bought', 'insufficient_stock', 'queued', 'sold_out'])
    expect(await left(sale)).toBe(0)
    expect(await client.redis.call('HGETALL', sale.keys.claims)).toEqual(['ann', '2', 'eve', '1'])
  })

  it('knows who bought already, and who has only claimed', async () => {
    const { sale, shop } = await open(strategy, 9)
    await client.redis.hset(sale.keys.records, 'ann', 1)
    expect(await shop.buy({ user: 'ann', quantity: 1 })).toBe('already_bought')
    const clicks = await Promise.all([1, 1, 1].map((quantity) => shop.buy({ user: 'bob', quantity })))
    expect(sorted(clicks)).toEqual(['already_bought', 'already_bought', 'queued'])
  })

  it('decides an order as often as it is told, always the same', async () => {
    const { sale, context, office, orders, shop } = await open(strategy, 3)
    await shop.buy({ user: 'ann', quantity: 2 })
    await office.relay?.(context)
    const [order] = orders.orders as [Order]
    expect(await Promise.all([1, 2, 3].map(() => office.decider(context)(order)))).toEqual(['sold', 'sold', 'sold'])
    expect([await recordOf(sale, 'ann'), await left(sale)]).toEqual(['2', 1])
  })

  it('records nothing for an order that nobody claimed: it belongs to an earlier seeding', async () => {
    const { sale, context, office } = await open(strategy, 3)
    expect(await office.decider(context)({ ticket: 'order-ann', user: 'ann', quantity: 1 })).toBe('error')
    expect(await recordOf(sale, 'ann')).toBeNull()
  })

  it('without a stock key sells nothing and writes nothing', async () => {
    const { sale, shop } = await open(strategy, 3)
    await client.redis.call('DEL', sale.keys.stock)
    await expect(shop.buy({ user: 'ann', quantity: 1 })).rejects.toThrow('no stock')
    expect(await client.redis.call('EXISTS', sale.keys.claims, sale.keys.orders, sale.keys.stock)).toBe(0)
  })
})

describe('the relay of queue', () => {
  it('names the seeding, and leaves nothing behind', async () => {
    const { sale, context, office, orders, shop } = await open(queue, 3)
    await shop.buy({ user: 'ann', quantity: 2 })
    await shop.buy({ user: 'bob', quantity: 1 })
    expect(await office.relay?.(context)).toBe(2)
    expect(await office.relay?.(context)).toBe(0)
    const seeding = sale.uuid
    expect(orders.orders).toEqual([
      { ticket: 'order-ann', user: 'ann', quantity: 2, seeding },
      { ticket: 'order-bob', user: 'bob', quantity: 1, seeding },
    ])
    expect(await client.redis.call('XLEN', sale.keys.orders)).toBe(0)
  })

  it('moves more than one call takes, in the order in which they came', async () => {
    const { context, office, orders, shop } = await open(queue, 1_200)
    const users = Array.from({ length: 1_200 }, (_, i) => `u${i}`)
    await Promise.all(users.map((user) => shop.buy({ user, quantity: 1 })))
    const moved: (number | undefined)[] = []
    do moved.push(await office.relay?.(context))
    while (moved.at(-1) !== 0)
    expect(moved).toEqual([500, 500, 200, 0])
    expect(orders.orders.map(({ user }) => user)).toEqual(users)
  })

  it('that dies before it deletes has lost nothing and doubled nothing', async () => {
    const { sale, context, office, orders, shop } = await open(queue, 3)
    await shop.buy({ user: 'ann', quantity: 2 })
    await expect(office.relay?.(dyingAt(context, isCommand('XDEL')))).rejects.toThrow('dead')
    expect(await client.redis.call('XLEN', sale.keys.orders)).toBe(1)
    await office.relay?.(context)
    expect(orders.orders).toHaveLength(1)
  })

  it('deletes nothing where the queue did not take it', async () => {
    const { sale, context, office, shop } = await open(queue, 3)
    await shop.buy({ user: 'ann', quantity: 1 })
    const broken = { ...context, queue: { add: () => Promise.reject(new RedisFailure('unknown', 'cut')) } }
    await expect(office.relay?.(broken)).rejects.toThrow('cut')
    expect(await client.redis.call('XLEN', sale.keys.orders)).toBe(1)
  })

  it('of which two run at once moves each order once', async () => {
    const { context, office, orders, shop } = await open(queue, 700)
    await Promise.all(Array.from({ length: 700 }, (_, i) => shop.buy({ user: `u${i}`, quantity: 1 })))
    await Promise.all([1, 2, 3].map(() => office.relay?.(context)))
    await office.relay?.(context)
    expect(orders.orders).toHaveLength(700)
  })
})

describe('queue-naive', () => {
  it('gives every click a ticket, and its worker sees the second one', async () => {
    const { sale, context, office, orders, shop } = await open(queueNaive, 3)
    await Promise.all([1, 2].map(() => shop.buy({ user: 'ann', quantity: 1 })))
    const decided: Outcome[] = []
    for (const order of orders.orders) decided.push(await office.decider(context)(order))
    expect(decided).toEqual(['sold', 'already_bought'])
    expect(await left(sale)).toBe(2)
  })

  it('sells what is not there where two workers decide at once', async () => {
    const { sale, context, office, orders, shop } = await open(queueNaive, 1)
    for (const user of ['ann', 'bob']) await shop.buy({ user, quantity: 1 })
    expect(await Promise.all(orders.orders.map((order) => office.decider(context)(order)))).toEqual(['sold', 'sold'])
    expect(await left(sale)).toBe(-1)
  })

  it('loses a unit where a worker dies between DECRBY and HSET', async () => {
    const { sale, context, office, orders, shop } = await open(queueNaive, 1)
    await shop.buy({ user: 'ann', quantity: 1 })
    const [order] = orders.orders as [Order]
    await expect(office.decider(dyingAt(context, isCommand('HSET')))(order)).rejects.toThrow('dead')
    expect(await office.decider(context)(order)).toBe('sold_out')
    expect([await recordOf(sale, 'ann'), await left(sale)]).toEqual([null, 0])
  })
})

describe('queue-gap', () => {
  it('loses the order of a process that dies between script and queue', async () => {
    const dead = { add: () => new Promise<void>(() => {}) }
    const { sale, context } = await open(queueGap, 3)
    const shop = await queueGap.open({ ...context, queue: dead })
    void shop.buy({ user: 'ann', quantity: 2 })
    while ((await left(sale)) === 3);
    expect(await client.redis.hget(sale.keys.claims, 'ann')).toBe('2')
    expect(await (await queueGap.open(context)).buy({ user: 'ann', quantity: 2 })).toBe('already_bought')
  })
})

describe('a queue that cannot take the order', () => {
  const told = async (strategy: Strategy, kind: 'refused' | 'unknown' | 'not_sent') => {
    const { context } = await open(strategy, 3)
    const add = () => Promise.reject(new RedisFailure(kind, 'made up'))
    return (await strategy.open({ ...context, queue: { add } })).buy({ user: 'ann', quantity: 1 })
  }

  it.each([
    ['refused', 'error', 'unknown'],
    ['unknown', 'unknown', 'unknown'],
    ['not_sent', 'not_sent', 'unknown'],
  ] as const)('%s: %s where nothing was taken before, %s where a unit was', async (kind, naive, gap) => {
    expect(await told(queueNaive, kind)).toBe(naive)
    expect(await told(queueGap, kind)).toBe(gap)
  })

  it('by a bug says so', async () => {
    const { context } = await open(queueNaive, 3)
    const shop = await queueNaive.open({ ...context, queue: { add: () => Promise.reject(new TypeError('bug')) } })
    await expect(shop.buy({ user: 'ann', quantity: 1 })).rejects.toThrow('bug')
    const { queue: _, ...without } = context
    const queueless = await queueNaive.open(without)
    await expect(queueless.buy({ user: 'ann', quantity: 1 })).rejects.toThrow('without a queue')
  })
})
