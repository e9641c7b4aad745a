import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { buyerAt } from '../../src/cli/buyer-at.js'
import { guestList } from '../../src/cli/race-guests.js'
import { childEnv } from '../../src/cli/target.js'
import { parseOutcomeRule } from '../../src/history/outcome-rules.js'
import { compileRequest } from '../../src/load/request.js'
import { explore, type RacePlan } from '../../src/race/race.js'
import type { Setting } from '../../src/race/setting.js'
import { calibrate } from '../../src/race/worlds/http/calibrate.js'
import { controlOf } from '../../src/race/worlds/http/control.js'
import { openShops } from '../../src/race/worlds/http/shops.js'
import { HttpWorld } from '../../src/race/worlds/http/world.js'
import { type RaceOptions, racePlanOf } from '../../src/race/worlds/strategy.js'
import { connectRedis, type RedisClient } from '../../src/redis/client.js'
import { parseRedisUrl } from '../../src/redis/url.js'
import { saleKeys } from '../../src/sale/keys.js'
import { presetPlaces } from '../../src/sale/layout.js'
import { type ForeignShop, foreignShops, OUTCOME_RULES, oddShop } from '../helpers/foreign-shops.js'
import { type PrivateRedis, startPrivateRedis } from '../helpers/private-redis.js'

let server: PrivateRedis
let client: RedisClient
beforeAll(async () => {
  server = await startPrivateRedis()
  client = await connectRedis(parseRedisUrl(server.url))
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

const keys = saleKeys('a')

/** Copies of a shop, and a way to explore them. */
const opened = async ({ jsonBody }: Pick<ForeignShop, 'jsonBody'>, command: string, copies = 3) => {
  const { ways, open } = await guestList(null)
  const guests = await open(client.redis)
  const { shops, stop } = await openShops({
    ...{ count: copies, command, port: null, proxyPort: 0, redis: client.target },
    env: async (redis, port) => ({ ...process.env, ...(await childEnv(redis, 'a', String(port))) }),
    buyer: (port) => {
      const spec = { url: `http://127.0.0.1:${port}/seckill`, ...(jsonBody && { json: JSON.parse(jsonBody) }) }
      const rules = OUTCOME_RULES.map(parseOutcomeRule)
      const target = { spec, request: compileRequest(spec, {}), rules, timeoutMs: 10_000 }
      return buyerAt({ ...target, display: '', start: undefined, ready: undefined }, ways, guests, {}, 1)
    },
  })
  onTestFinished(stop)
  const openWorld = (setting: Setting) => {
    const perUser = { orders: 1, units: Math.max(2, ...setting.buyers.map(({ quantity }) => quantity)) }
    const places = presetPlaces('counter', keys)
    const sale = { id: 'a', uuid: null, layout: 'counter', places, keys, initial: setting.stock, perUser } as const
    const control = controlOf({ redis: client.redis, sale: { ...sale, ttlSeconds: null }, alone: true, guests })
    return new HttpWorld({ shops, control, setting, settleMs: 10_000, windowMs: 0 })
  }
  const explored = (plan: RacePlan) => explore(openWorld, plan, { now: () => performance.now() })
  return {
    shops,
    openWorld,
    race: (options: Partial<RaceOptions>) => explored(racePlanOf({ strategy: 'url', ...options }, 10)),
  }
}

const oneHeld = async (mode: string) => {
  const { shops, openWorld } = await opened({}, oddShop(mode), 2)
  // Connected, before anything is held.
  await Promise.all(shops.map((shop, i) => shop.buy(`first-${i}`, 1)))
  const bob = shops[1] as (typeof shops)[1]
  const bought = vi.spyOn(bob, 'buy')
  const world = openWorld({
    stock: 2,
    buyers: [
      { user: 'alice', quantity: 1 },
      { user: 'bob', quantity: 1 },
    ],
  })
  onTestFinished(() => world.close())
  await world.start([])
  return { world, shops, bobsAnswer: () => bought.mock.results[0]?.value }
}

const TWO = { users: 2, stock: 3, quantities: [2, 2] }

describe.each(foreignShops())('$name', (shop) => {
  const [naive, correct] = [shop.command('naive'), shop.command(shop.correct)]

  it.skipIf(naive === null)('naive: caught, and what was found is found again', async () => {
    const { race } = await opened(shop, naive as string)
    const found = await race({ ...TWO, keepGoing: true })
    expect(found.verdict).toBe('fail')
    const [{ execution }] = found.counterexamples as [(typeof found.counterexamples)[number]]
    const replay = execution.steps.map(({ actor }) => actor + 1).join('')
    for (let i = 0; i < 5; i++) {
      const again = await race({ ...TWO, replay })
      expect(again.counterexamples[0]?.execution).toEqual(execution)
    }
  })

  it.skipIf(correct === null)('correct: no order of two buyers breaks a rule, nor of the portfolio', async () => {
    const { race } = await opened(shop, correct as string)
    const two = await race({ ...TWO, explorer: 'exhaustive' })
    expect(two).toMatchObject({ verdict: 'pass', exhaustive: true })
    expect(await race({})).toMatchObject({ verdict: 'pass', exhaustive: true, counterexamples: [] })
  })
})

describe('a Redis client that does not wait as long as its command is held', () => {
  it('gives up the purchase: who else was answered is named, no rule is called broken', async () => {
    const { world, bobsAnswer } = await oneHeld('impatient')
    // Its answer comes while nobody moves; seen at the next step.
    await bobsAnswer()
    await expect(world.step(0)).rejects.toThrow(
      /timed out"}\) while HEXISTS was held for \d+ ms: a timeout of its Redis/,
    )
  })

  it('gives up the connection and sends the command again', async () => {
    const { world, shops } = await oneHeld('reconnects')
    await expect.poll(() => shops[1]?.gate.perturbed).toContain('sent it again')
    await expect(world.step(0)).rejects.toThrow(
      /gave up the connection while HEXISTS was held for \d+ ms and sent it again/,
    )
  })

  it('shows when one purchase is tried alone', async () => {
    const { shops } = await opened({}, oddShop('impatient'), 1)
    const [shop] = shops
    await shop?.buy('first', 1)
    const tried = calibrate(shop as NonNullable<typeof shop>, {
      user: 'ann',
      quantity: 1,
      settleMs: 5_000,
      lookMs: 1_500,
    })
    await expect(tried).rejects.toThrow(/while HEXISTS was held for \d+ ms/)
  })
})
