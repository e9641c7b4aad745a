import { say } from '../../language/say.js'
import type { RedisPort } from '../../redis/port.js'
import type { RedisType } from '../../sale/layout.js'

/** `goods_a is a set, not a list`; null where the key has this type, or none. */
export const wrongTypeAt = async (
  redis: RedisPort,
  key: string,
  expected: RedisType | null,
): Promise<string | null> => {
  if (expected === null) return null
  const found = (await redis.call('TYPE', key)) as string
  return found === 'none' || found === expected ? null : say`${key} is a ${found}, not a ${expected}`
}
