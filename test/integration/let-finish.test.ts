import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Context } from '../../src/cli/context.js'
import { letFinish } from '../../src/cli/let-finish.js'
import type { StartedTarget } from '../../src/load/start-command.js'
import type { RedisClient } from '../../src/redis/client.js'
import { systemClock } from '../../src/sale/clock.js'
import { seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

/** Stock and records that do not move are taken for the end after a quarter of a second. */
const LONGER_MS = 700

it('waits for the orders of our own strategies, although stock and records stand still', async () => {
  const { redis } = client
  const sale = await seedFresh(redis, { layout: 'counter', stock: 5 })
  await redis.call('XADD', sale.keys.orders, '*', 'ticket', 'order-ann', 'user', 'ann', 'quantity', 1)
  const context = { interrupted: new AbortController().signal } as Context
  const finished = letFinish(context, redis, sale, { exited: new Promise(() => {}) } as unknown as StartedTarget)
  const first = await Promise.race([finished.then(() => 'finished'), systemClock.sleep(LONGER_MS).then(() => 'waits')])
  expect(first).toBe('waits')
  await redis.call('DEL', sale.keys.orders)
  await finished
})
