import { expect, it } from 'vitest'
import { startState } from '../../src/cli/start-state.js'
import { saleKeys } from '../../src/sale/keys.js'
import { presetPlaces } from '../../src/sale/layout.js'
import { saleOf } from '../helpers/history.js'
import { orderAll, queuedSale } from '../helpers/queued-sale.js'

/** What a run notes of a sale before its first attempt. */
const noted = async (orders: number, recorded: Readonly<Record<string, number>>) => {
  const { sale: id, client, redis, keys } = await queuedSale(2_000)
  if (orders > 0) await orderAll(redis, keys, orders)
  for (const [user, units] of Object.entries(recorded)) await redis.hset(keys.records, user, units)
  const sale = saleOf({ id, keys: saleKeys(id), places: presetPlaces('counter', saleKeys(id)) })
  const { remaining, records, users, units } = await startState(client, sale)
  return { remaining, records, users: users && [...users].sort(), units: units?.[keys.records] }
}

it('an order that waits is known by its claim, and counts once where it is recorded', async () => {
  expect(await noted(3, { u1: 1, eve: 2 })).toMatchObject({
    ...{ remaining: 1_997, records: 4, users: ['eve', 'u0', 'u1', 'u2'] },
    units: expect.arrayContaining([1, 1, 1, 2]),
  })
  expect(await noted(2, {})).toEqual({ remaining: 1_998, records: 2, users: ['u0', 'u1'], units: [1, 1] })
})

it('without a queue it is who is recorded', async () => {
  expect(await noted(0, { eve: 2 })).toEqual({ remaining: 2_000, records: 1, users: ['eve'], units: [2] })
})

it('too many claims to be noted are counted', async () => {
  expect(await noted(1_001, { eve: 2 })).toMatchObject({ records: 1_001, users: null })
})
