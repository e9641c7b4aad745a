import pLimit from 'p-limit'
import { RedisFailure, type RedisPort, type Script } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import type { Purchase } from '../sale/purchase.js'
import { checkThenTake } from './check-then-take.js'
import { shopOf } from './per-purchase.js'
import type { Strategy, StrategyContext } from './strategy.js'

/** Long enough for four commands on a slow day; nothing but the holder's speed guards the sale once it is over. */
const LOCK_MS = 5_000
const MAX_TRIES = 400
const RETRY_MS = 5

const UNLOCK: Script = {
  name: 'unlock',
  keys: ['lock'],
  // KEYS lock, ARGV token: deletes the lock only where it is still ours. Returns 1 if it was.
  lua: `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`,
}

/** One lock for the whole sale: right as long as nobody works longer than the lock lives. */
export const counterLock: Strategy = {
  name: 'counter-lock',
  summary: 'SET NX PX with a token, HGET, GET, DECRBY, HSET, scripted unlock',
  layout: 'counter',
  breaks: {
    always: [],
    ifLockExpires: [
      'no-oversell',
      'no-negative-stock',
      'conservation',
      'acknowledged-is-recorded',
      'one-success-per-user',
      'real-time-order',
    ],
  },
  open: (context) => {
    // Within a process purchases queue up: only one of them at a time tries for the lock, against other processes.
    const turn = pLimit(1)
    return shopOf(context, (redis, purchase) => turn(() => underLock(context, redis, purchase)))
  },
}

const underLock = async (context: StrategyContext, redis: RedisPort, purchase: Purchase): Promise<Outcome> => {
  const { lock } = context.keys
  const token = context.newToken()
  for (let tries = 0; !(await redis.setIfAbsent(lock, token, LOCK_MS)); tries++) {
    if (tries === MAX_TRIES) return 'throttled'
    await context.clock.sleep(RETRY_MS)
  }
  try {
    return await checkThenTake(redis, context.keys, purchase)
  } finally {
    // Around the tracker: a lock that could not be released changes nothing about what the buyer got.
    await context.redis.script(UNLOCK, [lock], [token]).catch(ignoreRedisFailure)
  }
}

const ignoreRedisFailure = (error: unknown): void => {
  if (!(error instanceof RedisFailure)) throw error
}
