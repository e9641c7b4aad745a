import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
  }
}

/**
 * URL of the one Redis server that all test files share: a private one, or the one of SECKILL_TEST_REDIS.
 * Never flush it and never list its keys; a test owns nothing but the keys of its {@link freshSaleId}.
 */
export const testRedisUrl = (): string => inject('redisUrl')

/** A sale id that no other test has, `t-` and 12 hexadecimal digits: tests run side by side and leave their keys behind. */
export const freshSaleId = (): string => `t-${randomUUID().replaceAll('-', '').slice(0, 12)}`
