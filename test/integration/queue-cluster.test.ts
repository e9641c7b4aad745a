import { expect, it, onTestFinished } from 'vitest'
import { audit } from '../../src/audit/audit.js'
import { ownQueueOf } from '../../src/cli/audit-look.js'
import { readOrderState } from '../../src/queue/order-state.js'
import { readOwnQueue } from '../../src/store/own-queue.js'
import { seedSale } from '../../src/store/seed.js'
import { lookAt } from '../../src/store/settle.js'
import { readFinalState } from '../../src/store/snapshot.js'
import { QUEUED } from '../../src/strategies/index.js'
import { finishedJobs, queuedShop, startOffice, until } from '../helpers/back-office.js'
import { wholeCluster } from '../helpers/cluster-node.js'
import { findingOf, seedFresh } from '../helpers/sale.js'
import { connect } from '../helpers/strategy.js'

it('orders are queued, decided and accounted for on a cluster, where keys share a hash tag', async () => {
  const { url, node } = await wholeCluster()
  const client = await connect(url)
  onTestFinished(() => client.close())
  for (const strategy of QUEUED) {
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 30, keys: { hashTag: true } })
    const { keys, places } = sale
    const shop = await queuedShop(client, sale, strategy)
    const users = Array.from({ length: 30 }, (_, i) => `用户 ${i}`)
    const told = await Promise.all(users.map((user) => shop.buy({ user, quantity: 1 })))
    expect([strategy.name, new Set(told)]).toEqual([strategy.name, new Set(['queued'])])
    // Which node its workers are at, a cluster does not say.
    expect((await lookAt(client.redis, places, keys)).waiting).toMatch(/^30 (in|waiting)/)
    expect((await readOwnQueue(client.redis, keys)).workers).toBeNull()
    await startOffice(client, sale, strategy.name === 'queue-naive' ? 1 : 8)
    await until(async () => (await finishedJobs(client, sale)) === 30)
    const state = await readFinalState(client.redis, places, { own: await ownQueueOf(sale) })
    const result = audit({ sale, state, moving: null, nowMs: Date.now(), runs: null })
    expect([strategy.name, result.verdict]).toEqual([strategy.name, 'pass'])
    expect(findingOf(result, 'reserved-is-recorded').message).toMatch(/^each of 30 queued orders/)
    if (strategy.name === 'queue') expect(await readOrderState(client.redis, keys, 'order~55So5oi3IDA')).toBe('sold')
    await seedSale(client.redis, sale, { now: new Date() })
    expect(await node.redis.call('KEYS', `${keys.jobs}:order*`)).toEqual([])
  }
})
