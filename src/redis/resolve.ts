import { SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { RedisTarget } from './target.js'
import { type Env, parseRedisUrl } from './url.js'

/** Who named the Redis in use: the word in parentheses on the first line of stderr. */
export type RedisSource = '--redis' | 'SECKILL_REDIS' | 'REDIS_URL' | 'VALKEY_URL' | 'seckill redis start' | 'default'

export interface ResolvedRedis {
  readonly text: string
  readonly source: RedisSource
  readonly target: RedisTarget
}

export interface RedisChoice {
  /** Value of `--redis`; `private` is for the caller to handle first. */
  readonly flag?: string | undefined
  readonly env: Env
  /** URL of this folder's own server, if it runs. */
  readonly folderServerUrl?: string | null | undefined
}

/** The Redis to use, in the order of the contract; an empty variable counts as absent. Throws a usage SeckillError naming the source. */
export const resolveRedis = ({ flag, env, folderServerUrl }: RedisChoice): ResolvedRedis => {
  const { text, source } = choose(flag, env, folderServerUrl)
  // Our own server has no password: REDISCLI_AUTH is meant for another one.
  const passwords = source === 'seckill redis start' ? {} : env
  try {
    return { text, source, target: parseRedisUrl(text, passwords) }
  } catch (error) {
    if (!(error instanceof SeckillError)) throw error
    throw usageError(say`${source}: ${error.message}`, error.hint)
  }
}

const choose = (flag: string | undefined, env: Env, folderServerUrl: string | null | undefined) => {
  if (flag !== undefined) return { text: flag, source: '--redis' } as const
  for (const source of ['SECKILL_REDIS', 'REDIS_URL', 'VALKEY_URL'] as const) {
    const text = env[source]
    if (text) return { text, source }
  }
  if (folderServerUrl) return { text: folderServerUrl, source: 'seckill redis start' } as const
  return { text: 'redis://127.0.0.1:6379', source: 'default' } as const
}
