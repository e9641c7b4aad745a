import { describe, expect, it } from 'vitest'
import { type AtomicUnit, type FailureKind, RedisFailure, RedisPort, type Reply } from '../../src/redis/port.js'
import { saleKeys } from '../../src/sale/keys.js'
import type { Outcome } from '../../src/sale/outcome.js'
import { STRATEGIES } from '../../src/strategies/index.js'
import { outcomeOfFailure, runSteps, type Steps, shopOf } from '../../src/strategies/per-purchase.js'
import { StockMissing, type StrategyContext } from '../../src/strategies/strategy.js'

const KINDS: readonly FailureKind[] = ['refused', 'partial', 'unknown', 'not_sent']
const PURCHASE = { user: 'ann', quantity: 1 }

describe('what a buyer may be told after a failure', () => {
  const told: Record<FailureKind, Outcome> = {
    ...{ refused: 'error', partial: 'unknown', unknown: 'unknown', not_sent: 'not_sent' },
  }
  it.each(KINDS)('%s: as it is before a write, unknown after one', (kind) => {
    expect(outcomeOfFailure(new RedisFailure(kind, ''), false)).toBe(told[kind])
    expect(outcomeOfFailure(new RedisFailure(kind, ''), true)).toBe('unknown')
  })
})

/** Runs steps whose n-th unit fails. */
const failing = (steps: Steps, nth: number, kind: FailureKind): Promise<Outcome> => {
  let units = 0
  const execute = async (): Promise<Reply> => {
    if (++units === nth) throw new RedisFailure(kind, 'made up')
    return 1
  }
  return runSteps(execute, steps, PURCHASE)
}

describe('steps', () => {
  const readReadWriteRead: Steps = async (redis) => {
    await redis.hget('r', 'ann')
    await redis.get('s')
    await redis.decrby('s', 1)
    await redis.get('s')
    return 'sold'
  }
  it.each([
    ...[
      [1, 'unknown', 'error'],
      [2, 'unknown', 'error'],
      [3, 'unknown', 'unknown'],
      [4, 'unknown', 'unknown'],
    ],
    ...[
      [1, 'refused', 'error'],
      [2, 'refused', 'error'],
      [3, 'refused', 'error'],
      [4, 'refused', 'unknown'],
    ],
    ...[
      [1, 'not_sent', 'not_sent'],
      [3, 'not_sent', 'not_sent'],
      [4, 'not_sent', 'unknown'],
    ],
    ...[[5, 'unknown', 'sold']],
  ] as [number, FailureKind, Outcome][])('of which the %ith is %s: %s', async (nth, kind, outcome) => {
    expect(await failing(readReadWriteRead, nth, kind)).toBe(outcome)
  })

  it('of a script that failed on the way are unknown', async () => {
    const script = { name: 's', keys: [], lua: '' }
    expect(await failing(async (redis) => (await redis.script(script, [], [])) as Outcome, 1, 'partial')).toBe(
      'unknown',
    )
  })

  it('that break otherwise reject: StockMissing, or a bug', async () => {
    const missing = new StockMissing('k')
    const steps: Steps = async () => {
      throw missing
    }
    await expect(runSteps(async () => 1, steps, PURCHASE)).rejects.toBe(missing)
  })

  it('of two purchases do not share what they wrote', async () => {
    const outcomes = await Promise.all([
      failing(readReadWriteRead, 4, 'unknown'),
      failing(readReadWriteRead, 1, 'unknown'),
    ])
    expect(outcomes).toEqual(['unknown', 'error'])
  })
})

const contextOn = (execute: (unit: AtomicUnit) => Promise<Reply>, limit = 2): StrategyContext => {
  const redis = new RedisPort(execute)
  return {
    redis,
    dedicated: async () => ({ redis, usable: true, close: () => {} }),
    keys: saleKeys('a'),
    limit,
    clock: { now: () => 0, sleep: async () => {} },
    newToken: () => 'token',
    queue: { add: async ({ ticket }) => void (await redis.call('RPUSH', 'orders', ticket)) },
  }
}

it('a quantity out of bounds is rejected without a word to Redis', async () => {
  const shop = shopOf(
    contextOn(async () => {
      throw new Error('asked')
    }),
    async (redis) => ((await redis.get('s')) === null ? 'sold_out' : 'sold'),
  )
  for (const quantity of [0, 3, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1' as unknown as number])
    expect(await shop.buy({ user: 'ann', quantity })).toBe('rejected')
})

describe.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))('%s', (_name, strategy) => {
  it('on a Redis that is gone says not sent, and waits for nothing', async () => {
    const gone = contextOn(async () => {
      throw new RedisFailure('not_sent', 'the connection is closed')
    })
    const shop = await strategy.open(gone)
    expect(await shop.buy(PURCHASE)).toBe('not_sent')
    await shop.close()
  })

  it('whose connections cannot be opened says not sent', async () => {
    const closed = new RedisFailure('not_sent', 'ECONNREFUSED')
    const context = contextOn(async () => {
      throw closed
    })
    const shop = await strategy.open({ ...context, dedicated: () => Promise.reject(closed) })
    expect(await Promise.all(Array.from({ length: 40 }, (_, i) => shop.buy({ user: `u${i}`, quantity: 1 })))).toEqual(
      Array(40).fill('not_sent'),
    )
  })

  it('refused by Redis from the first command on is an error: nothing was bought', async () => {
    const refusing = contextOn(async () => {
      throw new RedisFailure('refused', 'OOM', 'OOM')
    })
    expect(await (await strategy.open(refusing)).buy(PURCHASE)).toBe('error')
  })

  it('lets a bug through', async () => {
    const buggy = contextOn(async () => {
      throw new TypeError('bug')
    })
    await expect((await strategy.open(buggy)).buy(PURCHASE)).rejects.toThrow('bug')
  })
})
