import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import type { RedisPort } from '../../src/redis/port.js'
import { systemClock } from '../../src/sale/clock.js'
import { lookAt, settle } from '../../src/store/settle.js'
import { strategyNamed } from '../../src/strategies/index.js'
import type { Shop } from '../../src/strategies/strategy.js'
import { type Cut, type CutProxy, startCutProxy } from '../helpers/cut-proxy.js'
import { testRedisUrl } from '../helpers/redis.js'
import { Customers, failures, findingOf, seedFresh } from '../helpers/sale.js'
import { numbersFrom } from '../helpers/small-histories.js'
import { connect, openOn } from '../helpers/strategy.js'

/** Fifty of each: node bench/burst.mjs */
const RUNS = Number(process.env.RUNS ?? 1)
const SEED = Number(process.env.SEED ?? 20261111)
const USERS = 5_000
const WAVES = 10
const SAFE = ['list-lua', 'counter-lua', 'counter-batch', 'counter-watch']

let direct: RedisClient
let proxy: CutProxy
beforeAll(async () => {
  direct = await connect()
  proxy = await startCutProxy(testRedisUrl())
})
afterAll(async () => {
  await direct.close()
  await proxy.close()
})

/** Resolves once the connection is there again. */
const answering = async (redis: RedisPort): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (!(await redis.call('PING').catch(() => false))) {
    if (performance.now() > deadline) throw new Error('the connection does not come back')
    await systemClock.sleep(5)
  }
}

/** Two processes of a shop, one of them behind a proxy that cuts a connection in every wave of buyers. */
const burst = async (name: string, seed: number) => {
  const next = numbersFrom(seed)
  const strategy = strategyNamed(name)
  // A wave of scripts goes out in a few pipelined writes; watched purchases ask five times each.
  const requests = name === 'counter-watch' ? 50 : 2
  const sale = await seedFresh(direct.redis, { layout: strategy.layout, stock: 501 + next(2_000) })
  const clients = [await connect(), await connect(proxy.url)]
  const shops = await Promise.all(clients.map((client) => openOn(client, sale, strategy)))
  const customers = new Customers(sale)
  let cuts = 0
  for (let wave = 0; wave < WAVES; wave++) {
    const side = (['request', 'reply', 'half-reply'] as const)[next(3)] as Cut['side']
    proxy.arm({ side, at: 1 + next(requests) })
    const attempts: Promise<unknown>[] = []
    for (let user = wave; user < USERS; user += WAVES) {
      const quantity = 1 + next(2)
      const clicks = next(10) === 0 ? 2 : 1
      for (let click = 0; click < clicks; click++)
        attempts.push(customers.buy(shops[next(2)] as Shop, `u${user}`, quantity))
    }
    await Promise.all(attempts)
    if (proxy.cut) cuts++
    for (const { redis } of clients) await answering(redis)
  }
  proxy.arm(null)
  for (const each of [...shops, ...clients]) await each.close()
  const gap = { clock: systemClock, maxMs: 10_000, gapMs: 20, quietAfterMs: 0 }
  const { moving } = await settle(
    () => lookAt(direct.redis, sale.places),
    async () => ({}) as never,
    gap,
  )
  expect(moving).toBeNull()
  return { cuts, customers, result: await customers.audit(direct.redis) }
}

describe.each(SAFE)('%s', (name) => {
  it.each(Array.from({ length: RUNS }, (_, run) => SEED + run))(
    `passes under ${USERS} users with double clicks, mixed quantities and cut connections (SEED=%i)`,
    async (seed) => {
      const { cuts, customers, result } = await burst(name, seed)
      expect(cuts).toBeGreaterThan(0)
      // A cut amid the reads of a watched purchase has bought nothing, and says so.
      if (name !== 'counter-watch') expect(customers.count('unknown')).toBeGreaterThan(0)
      expect(customers.count('already_bought')).toBeGreaterThan(0)
      expect([failures(result), findingOf(result, 'real-time-order').message]).toEqual([[], expect.any(String)])
      expect(findingOf(result, 'real-time-order').verdict).toBe('pass')
      expect(result.verdict).toBe('pass')
    },
  )
})
