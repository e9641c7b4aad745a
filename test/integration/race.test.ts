import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertNoRace, type RaceOptions, race, raceOn } from '../../src/race/worlds/strategy.js'
import type { RedisClient } from '../../src/redis/client.js'
import { command, type Script } from '../../src/redis/port.js'
import type { Outcome } from '../../src/sale/outcome.js'
import type { Purchase } from '../../src/sale/purchase.js'
import { shopOf } from '../../src/strategies/per-purchase.js'
import type { Strategy, StrategyContext } from '../../src/strategies/strategy.js'
import { testRedisUrl } from '../helpers/redis.js'
import { connect } from '../helpers/strategy.js'

let client: RedisClient
beforeAll(async () => {
  client = await connect()
})
afterAll(() => client.close())

/** A strategy on a counter, of these steps. */
const strategyOf = (buy: (context: StrategyContext, purchase: Purchase) => Promise<Outcome>): Strategy => ({
  ...{ name: 'made-up', summary: '', layout: 'counter', breaks: { always: [] } },
  open: (context) => ({ buy: (purchase) => buy(context, purchase), close: async () => {} }),
})

const two = (strategy: Strategy | string, more: Partial<RaceOptions> = {}) =>
  raceOn(client, { strategy, users: 2, stock: 1, ...more })

const rulesOf = (result: Awaited<ReturnType<typeof two>>) =>
  result.counterexamples.flatMap(({ violations }) => violations.map(({ rule }) => rule))

describe('what an author can get wrong', () => {
  it('a lock that is never given back: deadlock', async () => {
    const held = strategyOf(async ({ redis, keys, clock }) => {
      while (!(await redis.setIfAbsent(keys.lock, 'mine', 5_000))) await clock.sleep(5)
      return 'sold_out'
    })
    const result = await two(held)
    expect(rulesOf(result)).toContain('deadlock')
    expect(result.timelines).toMatch(/nobody can go on: (alice|bob) wait/)
  })

  it('a promise that nobody resolves: never settles', async () => {
    const mute = strategyOf(async ({ redis, keys }) => {
      await redis.get(keys.stock)
      return new Promise(() => {})
    })
    expect(rulesOf(await two(mute, { users: 1, settleMs: 30 }))).toContain('never-settles')
  })

  it('a bug', async () => {
    const broken = strategyOf(async () => {
      throw new TypeError('left is undefined')
    })
    const { timelines } = await two(broken)
    expect(timelines).toMatch(/the purchase of (alice|bob) threw: TypeError: left is undefined/)
  })

  it.each([
    ['soldd', 'returned "soldd", which is no outcome'],
    [undefined, 'returned undefined, which is no outcome'],
  ])('an answer that is none: %j', async (answer, saying) => {
    const wrong = strategyOf(async () => answer as Outcome)
    const { timelines, verdict } = await two(wrong)
    expect(verdict).toBe('fail')
    expect(timelines).toMatch(new RegExp(`the purchase of (alice|bob) ${saying}`))
  })

  it.each(['error', 'throttled'] as const)('a shop that never sells, and says %s: no pass', async (outcome) => {
    const closed = strategyOf(async ({ redis, keys }) => {
      await redis.get(keys.stock)
      return outcome
    })
    const result = await two(closed)
    expect(result).toMatchObject({ verdict: 'inconclusive', exhaustive: true, neverSold: true })
    expect(() => assertNoRace(result)).toThrow('nobody was told "sold" in any order')
    expect(await two(closed, { stock: 0 })).toMatchObject({ verdict: 'pass', neverSold: false })
  })

  it('a purchase that asks again and again without a pause ends, by its steps or by the budget', async () => {
    const spinning = strategyOf(async ({ redis, keys }) => {
      for (;;) await redis.get(keys.stock)
    })
    const result = await two(spinning)
    expect(result).toMatchObject({ verdict: 'inconclusive', exhaustive: false, stopped: 'steps' })
    expect(() => assertNoRace(result)).toThrow('went on for 1000 steps')
    let now = 0
    const options = { strategy: spinning, users: 2, stock: 1, budgetMs: 20 }
    expect(await raceOn(client, options, { now: () => now++ })).toMatchObject({ stopped: 'budget' })
    expect(await two(spinning, { signal: AbortSignal.abort() })).toMatchObject({ stopped: 'interrupted' })
  })

  it('a decision made outside Redis: nondeterminism, never called a bug of the sale', async () => {
    let calls = 0
    const fickle = strategyOf(async ({ redis, keys }) => {
      await redis.get(keys.stock)
      if (calls++ % 3 === 0) await redis.decrby(keys.stock, 1)
      else await redis.hget(keys.records, 'x')
      return 'sold_out'
    })
    const result = await two(fickle)
    expect(rulesOf(result)).toEqual(['nondeterminism'])
    expect(result.timelines).toContain('the same steps led elsewhere')
  })
})

it('a pause in the middle of a purchase is explored like any step', async () => {
  const slow = strategyOf(async ({ redis, keys, clock }, { user }) => {
    const left = Number(await redis.get(keys.stock))
    await clock.sleep(50)
    if (left <= 0) return 'sold_out'
    await redis.transaction(command('DECRBY', keys.stock, 1), command('HSET', keys.records, user, 1))
    return 'sold'
  })
  expect(rulesOf(await two(slow, { keepGoing: true })).sort()).toEqual([
    'no-negative-stock',
    'no-oversell',
    'real-time-order',
  ])
})

it('a WATCH belongs to its purchase, whoever moves in between', async () => {
  const result = await two('counter-watch', { symmetry: false, explorer: 'exhaustive', maxPreemptions: null })
  expect(result).toMatchObject({ verdict: 'pass', exhaustive: true, schedules: 70 })
})

describe('a lock that expires, however it got its lifetime', () => {
  const LOCK: Script = {
    name: 'lock',
    keys: ['lock'],
    lua: "return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', 5000) and 1 or 0",
  }
  const later = () => Math.floor(Date.now() / 1_000) + 60
  type Take = (redis: StrategyContext['redis'], lock: string) => Promise<unknown>

  it.each<[string, Take]>([
    ['in a script', (redis, lock) => redis.script(LOCK, [lock], ['mine'])],
    [
      'in a transaction',
      async (redis, lock) => (await redis.transaction(command('SETNX', lock, 1), command('EXPIRE', lock, 60)))?.[0],
    ],
    [
      'by SETNX and EXPIREAT',
      async (redis, lock) => (await redis.call('SETNX', lock, 1)) && (await redis.call('EXPIREAT', lock, later())),
    ],
    ['by SET NX GET', async (redis, lock) => (await redis.call('SET', lock, 1, 'NX', 'GET', 'PX', 60_000)) === null],
    ['in small letters', async (redis, lock) => (await redis.call('set', lock, 1, 'nx', 'px', 60_000)) === 'OK'],
  ])('%s', async (_, take) => {
    const locked = strategyOf(async ({ redis, keys }, { user }) => {
      if (!(await take(redis, keys.lock))) return 'throttled'
      const left = Number(await redis.get(keys.stock))
      if (left > 0) {
        await redis.decrby(keys.stock, 1)
        await redis.hset(keys.records, user, 1)
      }
      await redis.call('DEL', keys.lock)
      return left > 0 ? 'sold' : 'sold_out'
    })
    expect(await two(locked)).toMatchObject({ verdict: 'pass' })
    expect(rulesOf(await two(locked, { lockExpiry: true, keepGoing: true }))).toContain('no-oversell')
  })
})

it('what a command did that nobody knows is undone before the next order, and at the end', async () => {
  const id = `race-test-${Date.now()}`
  const bits = strategyOf(async ({ redis, keys }, { user }) => {
    if (((await redis.call('BITFIELD', `${keys.records}:odd`, 'INCRBY', 'u8', 0, 1)) as number[])[0] !== 1)
      return 'sold_out'
    await redis.transaction(command('DECRBY', keys.stock, 1), command('HSET', keys.records, user, 1))
    return 'sold'
  })
  expect(await two(bits, { sale: id } as Partial<RaceOptions>)).toMatchObject({ verdict: 'pass' })
  expect(await client.redis.call('KEYS', `*${id}*`)).toEqual([])
})

it('a WATCH in small letters is one', async () => {
  const watching = strategyOf(async ({ dedicated, keys }, { user }) => {
    const { redis } = await dedicated()
    await redis.call('watch', keys.stock)
    if (Number(await redis.get(keys.stock)) < 1) return 'sold_out'
    const done = await redis.transaction(command('DECRBY', keys.stock, 1), command('HSET', keys.records, user, 1))
    return done === null ? 'throttled' : 'sold'
  })
  expect(await two(watching)).toMatchObject({ verdict: 'pass' })
})

it('without the WATCH the same purchase oversells', async () => {
  const unwatched = strategyOf(async ({ redis, keys }, { user, quantity }) => {
    if (Number(await redis.get(keys.stock)) < quantity) return 'sold_out'
    await redis.transaction(command('DECRBY', keys.stock, quantity), command('HSET', keys.records, user, quantity))
    return 'sold'
  })
  expect(rulesOf(await two(unwatched))).toContain('no-oversell')
})

describe('bounds are told', () => {
  it('a bound on preemptions means full search, and none finds nothing', async () => {
    const none = await two('list-naive', { quantities: [2, 2], stock: 3, maxPreemptions: 0 })
    expect(none).toMatchObject({ verdict: 'pass', exhaustive: true, schedules: 2 })
    const one = await two('list-naive', { quantities: [2, 2], stock: 3, maxPreemptions: 1 })
    expect(one.verdict).toBe('fail')
    await expect(two('list-naive', { maxPreemptions: 1, explorer: 'dpor' })).rejects.toMatchObject({ code: 'usage' })
  })

  it('a budget that ends first is inconclusive', async () => {
    const result = await two('list-lua', { budgetMs: 0 })
    expect(result).toMatchObject({ verdict: 'inconclusive', exhaustive: false, stopped: 'budget', schedules: 0 })
    expect(() => assertNoRace(result)).toThrow('not every order was explored')
  })

  it.each(['random', 'pct'] as const)(
    'a %s walk finds the race, the same one for the same seed, and proves nothing',
    async (explorer) => {
      const wish = { quantities: [2, 2], stock: 3, explorer, seed: 7 }
      const results = [await two('list-naive', wish), await two('list-naive', wish)]
      expect(results.map(({ verdict, firstAt }) => ({ verdict, firstAt }))).toEqual([
        { verdict: 'fail', firstAt: results[0]?.firstAt },
        { verdict: 'fail', firstAt: results[0]?.firstAt },
      ])
      expect((await two('list-lua', { explorer, budgetMs: 50 })).verdict).toBe('inconclusive')
    },
  )
})

it('a counterexample is replayed from its text, and breaks the same rules', async () => {
  const found = await two('list-naive', { quantities: [2, 2], stock: 3 })
  const order = /--replay (\w+)/.exec(found.timelines)?.[1] as string
  const again = await two('list-naive', { quantities: [2, 2], stock: 3, replay: order })
  expect(rulesOf(again).sort()).toEqual(rulesOf(found).sort())
  expect(again.schedules).toBe(1)
  await expect(two('list-naive', { replay: '13' })).rejects.toMatchObject({ code: 'usage' })
})

describe('a replay that does not fit is the mistake of who typed it', () => {
  const replay = (order: string, more: Partial<RaceOptions> = {}) => two('counter-lua', { replay: order, ...more })

  it.each([
    ['a buyer has nothing to do there', '1111', /step 2: alice has nothing to do there/],
    ['it is too long', '121', /step 3: alice has nothing to do there/],
    ['no lock expires', '1x', /step 2: the expiry has nothing to do there/],
  ])('%s', async (_, order, saying) => {
    await expect(replay(order)).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(saying) })
  })

  it('a prefix goes on with the rest', async () => {
    expect(await replay('2')).toMatchObject({ verdict: 'inconclusive', schedules: 1 })
    expect(await replay('1x', { lockExpiry: true })).toMatchObject({ verdict: 'inconclusive', schedules: 1 })
  })
})

it('leaves no key behind', async () => {
  const id = `race-test-${Date.now()}`
  await two('counter-lock', { sale: id } as Partial<RaceOptions>)
  expect(await client.redis.call('EXISTS', `goods_${id}`, `${id}_users`, `seckill:{goods_${id}}:lock`)).toBe(0)
})

describe('the library', () => {
  const claimFirst: Strategy = {
    ...{ name: 'claim-first', summary: 'HSETNX, then DECRBY', layout: 'counter', breaks: { always: [] } },
    open: (context) =>
      shopOf(context, async (redis, { user, quantity }) => {
        const { stock, records } = context.keys
        if (!(await redis.hsetnx(records, user, quantity))) return 'already_bought'
        return (await redis.decrby(stock, quantity)) >= 0 ? 'sold' : 'sold_out'
      }),
  }

  it('fails with the timeline', async () => {
    const result = await race({ strategy: claimFirst, users: 2, stock: 1, redis: testRedisUrl() })
    expect(() => assertNoRace(result)).toThrow(/claim-first has a race[\s\S]*DECRBY goods_race-\w+ 1 → -1/)
  })

  it('starts a server of its own where none is named', async () => {
    assertNoRace(await race({ strategy: 'list-lua', users: 3, stock: 2, env: { PATH: process.env.PATH } }))
  })
})
