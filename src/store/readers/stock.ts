import type { RedisPort } from '../../redis/port.js'
import { redisTypeOf, type StockType } from '../../sale/layout.js'

const INTEGER = /^-?\d{1,15}$/

/** Units left under a stock key, or why they cannot be told. An absent list is 0 units; an absent counter is unreadable. */
export const readStock = async (
  redis: RedisPort,
  key: string,
  type: StockType,
): Promise<{ remaining: number | null; stockProblem: string | null }> => {
  const found = (await redis.call('TYPE', key)) as string
  const expected = redisTypeOf(type)
  if (found === 'none') {
    if (type === 'list') return { remaining: 0, stockProblem: null }
    return { remaining: null, stockProblem: `there is no counter at ${key}` }
  }
  if (found !== expected) return { remaining: null, stockProblem: `stock key ${key} is a ${found}, not a ${expected}` }
  if (type === 'list') return { remaining: await redis.llen(key), stockProblem: null }
  const text = await redis.get(key)
  if (text === null) return { remaining: null, stockProblem: `there is no counter at ${key}` }
  if (INTEGER.test(text)) return { remaining: Number(text), stockProblem: null }
  return { remaining: null, stockProblem: `${key} holds ${JSON.stringify(text.slice(0, 40))}, not a whole number` }
}
