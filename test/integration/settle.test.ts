import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import { systemClock } from '../../src/sale/clock.js'
import type { QueuePlace } from '../../src/sale/layout.js'
import { readQueueDepth } from '../../src/store/queue-depth.js'
import { waitingIn } from '../../src/store/readers/queues.js'
import { lookAt, settle } from '../../src/store/settle.js'
import { readFinalState } from '../../src/store/snapshot.js'
import { counterLua } from '../../src/strategies/counter-lua.js'
import { testRedisUrl } from '../helpers/redis.js'
import { freshSale, seedFresh } from '../helpers/sale.js'
import { connect, openOn } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

it.each(['list', 'list-basic', 'counter'] as const)('looks at a %s, and at one that is absent', async (layout) => {
  const sale = await seedFresh(client.redis, { layout, stock: 3 })
  if (layout === 'list-basic') await client.redis.lpush(sale.keys.records, 'ann')
  else await client.redis.hset(sale.keys.records, 'ann', 1)
  expect(await lookAt(client.redis, sale.places)).toEqual({ seen: '3 left, 1 records', waiting: null })
  const absent = freshSale({ layout, stock: 3 })
  const seen = `${layout === 'counter' ? '?' : '0'} left, 0 records`
  expect(await lookAt(client.redis, absent.places)).toEqual({ seen, waiting: null })
})

it('looks at keys of other types without failing', async () => {
  const sale = freshSale({ layout: 'counter', stock: 3 })
  await client.redis.lpush(sale.keys.stock, 'x')
  await client.redis.lpush(sale.keys.records, 'x')
  expect(await lookAt(client.redis, sale.places)).toMatchObject({ seen: '? left, ? records' })
})

it('waits for a sale that moves, and reads it once it stands still', async () => {
  const sale = await seedFresh(client.redis, { layout: 'counter', stock: 10_000 })
  const shop = await openOn(client, sale, counterLua)
  let looks = 0
  // Each of the first looks is followed by a purchase, so that two of them never agree.
  const look = async () => {
    const seen = await lookAt(client.redis, sale.places)
    if (++looks <= 5) await shop.buy({ user: `u${looks}`, quantity: 1 })
    return seen
  }
  const { state, moving } = await settle(look, () => readFinalState(client.redis, sale.places), {
    ...{ clock: systemClock, maxMs: 10_000, gapMs: 5, quietAfterMs: 0 },
  })
  expect(moving).toBeNull()
  expect(state.remaining).toBe(9_995)
  expect(state.records[0]?.users).toHaveLength(5)
})

describe('a queue', () => {
  const waiting = async (type: QueuePlace['type'], deeds: readonly (readonly string[])[]) => {
    const { id } = freshSale({ stock: 1 })
    const run = async ([name, ...args]: readonly string[]) =>
      client.redis.call(name as string, ...args.map((arg) => arg.replace('Q', id)))
    for (const deed of deeds) await run(deed)
    return (await waitingIn(client.redis, { key: id, type }))?.replaceAll(id, 'Q') ?? null
  }
  const ADD = ['XADD', 'Q', '*', 'user', 'ann']
  const GROUP = ['XGROUP', 'CREATE', 'Q', 'g1', '0', 'MKSTREAM']
  const READ = ['XREADGROUP', 'GROUP', 'g1', 'c', 'STREAMS', 'Q', '>']

  it.each([
    ['list', [], null],
    ['list', [['RPUSH', 'Q', 'a', 'b']], '2 in Q'],
    ['zset', [['ZADD', 'Q', '1', 'a']], '1 in Q'],
    ['set', [['SADD', 'Q', 'a']], '1 in Q'],
    ['list', [['SADD', 'Q', 'a']], 'queue Q is no list'],
    ['stream', [], null],
    ['stream', [ADD], '1 in Q, which no consumer group reads'],
    ['stream', [GROUP, ADD], '1 of Q not yet read by group g1'],
    ['stream', [GROUP, ADD, READ], '1 of Q read by group g1 and not acknowledged'],
    ['stream', [GROUP, ADD, ['XREADGROUP', 'GROUP', 'g1', 'c', 'NOACK', 'STREAMS', 'Q', '>']], null],
    ['bullmq', [], null],
    [
      'bullmq',
      [
        ['RPUSH', 'Q:wait', '1', '2'],
        ['RPUSH', 'Q:active', '3'],
        ['ZADD', 'Q:delayed', '9', '4'],
      ],
      '3 waiting and 1 active in Q',
    ],
    [
      'bullmq',
      [
        ['RPUSH', 'Q:paused', '1'],
        ['ZADD', 'Q:prioritized', '9', '2'],
      ],
      '2 waiting and 0 active in Q',
    ],
    [
      'bullmq',
      [
        ['ZADD', 'Q:failed', '9', '1'],
        ['ZADD', 'Q:completed', '9', '2'],
      ],
      null,
    ],
    ['bullmq', [['SET', 'Q:wait', 'x']], 'queue Q is no bullmq'],
  ] as const)('of type %s after %j: %s', async (type, deeds, words) => expect(await waiting(type, deeds)).toBe(words))

  it('of BullMQ names the jobs that failed, and what they threw', async () => {
    const { id } = freshSale({ stock: 1 })
    const { Queue, Worker } = await import('bullmq')
    const connection = { url: testRedisUrl(), maxRetriesPerRequest: null }
    const queue = new Queue(id, { connection })
    const worker = new Worker(
      id,
      async ({ data }) => {
        if (data.user === 'bob') throw new Error('no such unit')
      },
      { connection, autorun: false },
    )
    const over = new Promise<void>((resolve) => worker.on('drained', resolve))
    await queue.add('order', { user: 'ann' }, { jobId: 'order-ann' })
    await queue.add('order', { user: 'bob' }, { jobId: 'order-bob' })
    expect(await readQueueDepth(client.redis, `bull:${id}`)).toMatchObject({ waiting: 2, active: 0, failed: 0 })
    void worker.run()
    await over
    await worker.close()
    expect(await readQueueDepth(client.redis, `bull:${id}`)).toEqual({
      ...{ waiting: 0, active: 0, delayed: 0, completed: 1, failed: 1 },
      failedJobs: [{ id: 'order-bob', user: 'bob', reason: 'no such unit' }],
    })
    await queue.obliterate({ force: true })
    await queue.close()
  })
})
