import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { readOrderState } from '../../src/queue/order-state.js'
import { OrderQueues } from '../../src/queue/orders.js'
import { connectRedis } from '../../src/redis/client.js'
import { parseRedisUrl } from '../../src/redis/url.js'
import { DOCUMENT_MESSAGES } from '../../src/sale/http-contract.js'
import { seedSale } from '../../src/store/seed.js'
import { finishedJobs, startOffice, until } from '../helpers/back-office.js'
import { testRedisUrl } from '../helpers/redis.js'
import { type Bench, client, open, post } from '../helpers/reference-server.js'
import { freshSale } from '../helpers/sale.js'

let queues: OrderQueues
beforeAll(() => {
  queues = new OrderQueues(client.target)
  return () => queues.close()
})

/** The reference server, with the queue that is behind it in `serve`, before a sale of so many units. */
const openSale = async (stock: number) => {
  let tokens = 0
  const bench = open(
    {
      queueFor: (strategy, keys) => queues.open(strategy, keys),
      readOrder: (ticket) => readOrderState(client.redis, bench.keys, ticket),
    },
    { newToken: () => `t${++tokens}` },
  )
  const sale = freshSale({ layout: 'counter', stock, id: bench.keys.meta.replace(/^.*\{(.*)\}.*$/, '$1') })
  await seedSale(client.redis, sale, { now: new Date() })
  bench.declared = { layout: 'counter', limit: 2 }
  return { bench, sale }
}

const order = async (bench: Bench, username: string, { url = '/queue', purchase = '1' } = {}) => {
  const { status, told } = await post(bench, url, { username, purchase })
  return { status, told }
}

const ask = async ({ app }: Bench, ticket: string) => {
  const { statusCode, body } = await app.inject(`/orders/${ticket}`)
  return [statusCode, JSON.parse(body)] as const
}

const state = async (bench: Bench, ticket: string) => {
  const [status, told] = await ask(bench, encodeURIComponent(ticket))
  expect([status, told.ticket]).toEqual([200, ticket])
  return told.state
}

describe.each(['/queue', '/buy/queue', '/buy/queue-gap'])('POST %s', (url) => {
  it('accepts with a ticket of the user, and refuses at the door what cannot be had', async () => {
    const { bench, sale } = await openSale(3)
    const by = (username: string, purchase: string) => order(bench, username, { url, purchase })
    expect(await by('ann', '2')).toEqual({ status: 202, told: { ticket: 'order-ann' } })
    expect(await by('王芳', '2')).toEqual({ status: 200, told: DOCUMENT_MESSAGES.insufficient_stock })
    expect(await by('ann', '1')).toEqual({ status: 200, told: DOCUMENT_MESSAGES.already_bought })
    expect(await by('王芳', '1')).toEqual({ status: 202, told: { ticket: 'order~546L6Iqz' } })
    expect(await by('bob', '1')).toEqual({ status: 200, told: DOCUMENT_MESSAGES.sold_out })
    expect(await by('bob', '3')).toEqual({ status: 200, told: DOCUMENT_MESSAGES.rejected })
    expect(await by('', '1')).toEqual({ status: 400, told: 'username is missing' })
    expect(await client.redis.call('HGETALL', sale.keys.claims)).toEqual(['ann', '2', '王芳', '1'])
  })

  it('has orders for names of all kinds, pending and then sold', async () => {
    const { bench, sale } = await openSale(9)
    const names = ['ann', '王芳 & 1=2+%', 'a/b', 'a:b@c', '..', 'x'.repeat(400), '名'.repeat(200)]
    const tickets: string[] = []
    for (const name of names) {
      const { status, told } = await order(bench, name, { url })
      expect([name, status]).toEqual([name, 202])
      tickets.push(told.ticket)
    }
    expect(new Set(tickets).size).toBe(names.length)
    for (const ticket of tickets) expect(await state(bench, ticket)).toBe('pending')
    await startOffice(client, sale)
    await until(async () => (await finishedJobs(client, sale)) === names.length)
    for (const ticket of tickets) expect(await state(bench, ticket)).toBe('sold')
    expect(await client.redis.hget(sale.keys.records, '王芳 & 1=2+%')).toBe('1')
  })
})

describe('POST /buy/queue-naive', () => {
  it('has a ticket for every click, and each its own end', async () => {
    const { bench, sale } = await openSale(3)
    const url = '/buy/queue-naive'
    const clicks: { status: number; told: { ticket: string } }[] = []
    for (const [user, purchase] of [
      ['王芳', '2'],
      ['王芳', '1'],
      ['bob', '2'],
      ['eve', '1'],
      ['joe', '1'],
    ] as const)
      clicks.push(await order(bench, user, { url, purchase }))
    expect(clicks.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
    const tickets = clicks.map(({ told }) => told.ticket)
    expect(tickets).toEqual(['order-t1', 'order-t2', 'order-t3', 'order-t4', 'order-t5'])
    for (const ticket of tickets) expect(await state(bench, ticket)).toBe('pending')
    await startOffice(client, sale)
    await until(async () => (await finishedJobs(client, sale)) === 5)
    const ends = await Promise.all(tickets.map((ticket) => state(bench, ticket)))
    expect(ends).toEqual(['sold', 'already_bought', 'insufficient_stock', 'sold', 'sold_out'])
  })

  it('says "failed" of an order that was given up', async () => {
    const { bench, sale } = await openSale(3)
    await client.redis.call('SET', sale.keys.records, 'in the way')
    // Past the guard, which would have refused to sell.
    const orders = await queues.open('queue-naive', sale.keys)
    await orders.add({ ticket: 'order-t1', user: 'ann', quantity: 1 })
    await startOffice(client, sale)
    await until(async () => (await finishedJobs(client, sale)) === 1)
    expect(await state(bench, 'order-t1')).toBe('failed')
  })
})

describe('GET /orders/<ticket>', () => {
  it('knows no order of other names, whatever they are', async () => {
    const { bench, sale } = await openSale(3)
    await order(bench, 'ann')
    await startOffice(client, sale)
    await until(async () => (await finishedJobs(client, sale)) === 1)
    const odd = ['order-bob', 'ann', 'order~', 'order~!!', `order-${'x'.repeat(5_000)}`, `order-ann@${sale.uuid}`]
    // Keys that lie beside the jobs.
    const beside = ['completed', 'wait', 'meta', 'order-ann:lock', 'events', '%00', 'order-ann%2F', '%2F']
    for (const ticket of [...odd.map(encodeURIComponent), ...beside])
      expect([ticket, ...(await ask(bench, ticket))]).toEqual([ticket, 404, { error: 'no such ticket' }])
    expect(await state(bench, 'order-ann')).toBe('sold')
  })

  it('wants a ticket, and GET', async () => {
    const { bench } = await openSale(3)
    expect((await ask(bench, ''))[0]).toBe(404)
    const wrong = await bench.app.inject({ method: 'POST', url: '/orders/order-ann' })
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'GET'])
    expect(wrong.json()).toEqual({ error: '/orders/order-ann wants GET, not POST' })
    const queue = await bench.app.inject('/queue')
    expect([queue.statusCode, queue.headers.allow]).toEqual([405, 'POST'])
    expect((await bench.app.inject('/orders/order-ann/more')).statusCode).toBe(404)
  })

  it('forgets the orders of an earlier seeding', async () => {
    const { bench, sale } = await openSale(3)
    await order(bench, 'ann')
    expect(await state(bench, 'order-ann')).toBe('pending')
    await seedSale(client.redis, { ...sale, uuid: `${sale.uuid}`.replace(/^./, 'z') }, { now: new Date() })
    expect(await ask(bench, 'order-ann')).toEqual([404, { error: 'no such ticket' }])
  })
})

describe('without Redis', () => {
  it('orders are answered 503, and so is whoever asks after one', async () => {
    const gone = await connectRedis(parseRedisUrl(testRedisUrl()))
    const own = new OrderQueues(gone.target)
    onTestFinished(() => own.close())
    await gone.close()
    const bench = open(
      {
        queueFor: (strategy, keys) => own.open(strategy, keys),
        readOrder: (ticket) => readOrderState(gone.redis, bench.keys, ticket),
      },
      { redis: gone.redis },
    )
    const lost = { error: expect.stringContaining('Redis cannot be reached') }
    for (const url of ['/queue', '/buy/queue-gap', '/buy/queue-naive'])
      expect(await order(bench, 'ann', { url })).toEqual({ status: 503, told: lost })
    const asked = await bench.app.inject('/orders/order-ann')
    expect([asked.statusCode, asked.headers['retry-after'], asked.json()]).toEqual([503, '1', lost])
  })
})
