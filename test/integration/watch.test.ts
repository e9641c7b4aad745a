import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import { RedisPort } from '../../src/redis/port.js'
import { StockWatch } from '../../src/store/watch.js'
import { freshSale, seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

const INTERVAL_MS = 5

const sampled = async (watch: StockWatch, wanted: number | null): Promise<void> => {
  const deadline = performance.now() + 5_000
  while (watch.last !== wanted) {
    if (performance.now() > deadline) throw new Error(`no sample of ${wanted}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const watching = async (stock: number, redis = client.redis) => {
  const sale = await seedFresh(client.redis, { layout: 'counter', stock })
  const watch = new StockWatch(redis, sale.places.stock, INTERVAL_MS)
  return { sale, watch, set: (value: string | number) => client.redis.call('SET', sale.keys.stock, value) }
}

describe('a watch', () => {
  it('remembers a dip below zero that is repaired', async () => {
    const { watch, set } = await watching(5)
    watch.start()
    await sampled(watch, 5)
    await set(-3)
    await sampled(watch, -3)
    await set(0)
    await sampled(watch, 0)
    expect(await watch.stop()).toMatchObject({ lowest: -3, last: 0, intervalMs: INTERVAL_MS })
  })

  it('remembers a shard below zero that the sum hides', async () => {
    const places = { stock: { type: 'sum' as const, keys: ['ID:0', 'ID:1'] } }
    const sale = await seedFresh(client.redis, { stock: 10, places })
    const watch = new StockWatch(client.redis, sale.places.stock, INTERVAL_MS)
    await client.redis.call('SET', `${sale.id}:0`, -3)
    watch.start()
    await sampled(watch, 2)
    await client.redis.call('SET', `${sale.id}:0`, 0)
    const lowestPart = { name: `counter at ${sale.id}:0`, units: -3 }
    expect(await watch.stop()).toMatchObject({ lowest: 2, lowestPart })
  })

  it('takes its last sample after it was stopped', async () => {
    const { watch, set } = await watching(5)
    watch.start()
    await sampled(watch, 5)
    await set(2)
    expect(await watch.stop()).toMatchObject({ lowest: 2, last: 2 })
  })

  it('samples no more once stopped', async () => {
    let reads = 0
    const counting = new RedisPort((unit) => {
      reads++
      return client.redis.execute(unit)
    })
    const { watch } = await watching(5, counting)
    watch.start()
    await sampled(watch, 5)
    const samples = (await watch.stop())?.samples
    expect(samples).toBe(reads)
    await new Promise((resolve) => setTimeout(resolve, 10 * INTERVAL_MS))
    expect(reads).toBe(samples)
  })

  it('of a list counts its elements, 0 where there is none', async () => {
    const sale = await seedFresh(client.redis, { layout: 'list', stock: 4 })
    const watch = new StockWatch(client.redis, sale.places.stock, INTERVAL_MS)
    watch.start()
    await sampled(watch, 4)
    await client.redis.call('DEL', sale.keys.stock)
    expect(await watch.stop()).toMatchObject({ lowest: 0, last: 0 })
  })

  it('of a stock that is never readable has nothing to say', async () => {
    const watch = new StockWatch(client.redis, freshSale({ layout: 'counter', stock: 1 }).places.stock, 5)
    watch.start()
    expect(await watch.stop()).toBeNull()
  })

  it('keeps what it saw where the last look finds nothing: the counter expired, or Redis went away', async () => {
    const { sale, watch, set } = await watching(5)
    watch.start()
    await set(-3)
    await sampled(watch, -3)
    await client.redis.call('DEL', sale.keys.stock)
    expect(await watch.stop()).toMatchObject({ lowest: -3 })
  })

  it('outlives a Redis that fails now and then', async () => {
    let reads = 0
    const flaky = new RedisPort((unit) => {
      if (++reads % 2 === 0) throw new Error('gone')
      return client.redis.execute(unit)
    })
    const { watch, set } = await watching(5, flaky)
    watch.start()
    await sampled(watch, 5)
    await set(1)
    await sampled(watch, 1)
    const samples = await watch.stop()
    if (samples !== null) expect(samples.lowest).toBe(1)
  })
})
