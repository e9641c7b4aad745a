import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { openBackOffice } from '../../src/queue/back-office.js'
import { OrderQueues } from '../../src/queue/orders.js'
import type { RedisClient } from '../../src/redis/client.js'
import { systemClock } from '../../src/sale/clock.js'
import type { Sale } from '../../src/sale/sale.js'
import { readQueueDepth } from '../../src/store/queue-depth.js'
import { QUEUED } from '../../src/strategies/index.js'
import type { Shop, Strategy } from '../../src/strategies/strategy.js'

/** What a back office knows of a sale. */
export const officeSale = ({ keys, perUser }: Sale) => ({
  ...{ keys, limit: perUser.units, clock: systemClock },
  newToken: () => randomBytes(8).toString('hex'),
})

/** A shop whose orders go into the sale's real queue; closed after the test. */
export const queuedShop = async (client: RedisClient, sale: Sale, strategy: Strategy): Promise<Shop> => {
  const queues = new OrderQueues(client.target)
  onTestFinished(() => queues.close())
  const { redis, dedicated } = client
  const orders = await queues.open(strategy.name, sale.keys)
  return strategy.open({ ...officeSale(sale), redis, dedicated, queue: orders })
}

/** Relay and worker of a sale until the test ends; whose orders were given up, and why. */
export const startOffice = async (client: RedisClient, sale: Sale, concurrency = 1): Promise<readonly string[]> => {
  const given: string[] = []
  const office = await openBackOffice({
    ...{ target: client.target, sale: officeSale(sale), strategies: QUEUED, concurrency },
    onGivenUp: ({ user }, reason) => given.push(`${user}: ${reason}`),
  })
  onTestFinished(() => office.close())
  return given
}

/** Jobs that are done, one way or the other. */
export const finishedJobs = async ({ redis }: RedisClient, { keys }: Sale): Promise<number> => {
  const { completed, failed } = await readQueueDepth(redis, keys.jobs)
  return completed + failed
}

export const until = async (condition: () => Promise<boolean>): Promise<void> => {
  while (!(await condition().catch(() => false))) await systemClock.sleep(5)
}
