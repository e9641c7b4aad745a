import { onTestFinished } from 'vitest'
import { RedisProxy } from '../../src/redis/proxy.js'
import type { Passage } from '../../src/redis/proxy-connection.js'
import { parseRedisUrl } from '../../src/redis/url.js'
import { systemClock } from '../../src/sale/clock.js'
import { testRedisUrl } from './redis.js'

/** The Redis of the tests as processes reach it that are to stop at a command. */
export interface HeldRedis {
  readonly url: string
  /** From now on, steps of which this is true wait before they reach Redis; `words`: name and arguments, of a transaction all of them. */
  hold(where: (words: readonly string[]) => boolean): void
  /** Resolves once so many steps wait. */
  waiting(steps: number): Promise<void>
  /** Lets everything go. */
  release(): void
}

export const heldRedis = async (): Promise<HeldRedis> => {
  let wanted: (words: readonly string[]) => boolean = () => false
  const held: (() => void)[] = []
  const proxy = await RedisProxy.open(parseRedisUrl(testRedisUrl()), {
    port: 0,
    hold: (step) => (wanted(wordsOf(step)) ? new Promise((resolve) => held.push(resolve)) : null),
  })
  onTestFinished(() => proxy.close())
  return {
    url: `redis://127.0.0.1:${proxy.port}${new URL(testRedisUrl()).pathname}`,
    hold: (where) => {
      wanted = where
    },
    waiting: async (steps) => {
      while (held.length < steps) await systemClock.sleep(5)
    },
    release: () => {
      wanted = () => false
      for (const go of held.splice(0)) go()
    },
  }
}

const wordsOf = ({ name, args, queued }: Passage): string[] => [name, ...args, ...queued.flatMap(wordsOf)]
