import { say } from '../language/say.js'
import { type Command, command, RedisFailure, type RedisPort, type Reply } from '../redis/port.js'
import { mix32 } from '../sale/permutation.js'
import { accessesOf, conflict } from './independence.js'

export interface ProofOptions {
  readonly seed: number
  /** States tried for each pair. Default 3. */
  readonly states?: number
  /** Begins the names of the keys that are written, and deleted again. */
  readonly prefix: string
  readonly signal?: AbortSignal
}

export interface Proof {
  readonly pairs: number
  readonly trials: number
  /** Trials in which the table took the two for independent. */
  readonly independent: number
  /** Independent by the table, and yet told apart by their order: must be empty. */
  readonly counterexamples: readonly string[]
}

interface Keys {
  readonly string: string
  readonly hash: string
  readonly list: string
  readonly set: string
  readonly zset: string
}

type Draw = (below: number) => number

const FIELDS = ['alice', 'bob', 'carol'] as const

const keysWith = (prefix: string): Keys => ({
  string: `${prefix}string`,
  hash: `${prefix}hash`,
  list: `${prefix}list`,
  set: `${prefix}set`,
  zset: `${prefix}zset`,
})

/** One command of every shape that strategies use, with arguments at random. */
const shapes = ({ string, hash, list, set, zset }: Keys, draw: Draw): readonly Command[] => {
  const field = () => FIELDS[draw(FIELDS.length)] as string
  const few = () => 1 + draw(2)
  return [
    ...[command('GET', string), command('SET', string, few()), command('SET', string, few(), 'NX')],
    ...[command('SETNX', string, few()), command('INCRBY', string, few()), command('DECRBY', string, few())],
    ...[command('DEL', string), command('EXISTS', string, hash), command('TYPE', hash), command('STRLEN', string)],
    ...[command('HGET', hash, field()), command('HEXISTS', hash, field()), command('HMGET', hash, field(), field())],
    ...[command('HSET', hash, field(), few()), command('HSET', hash, field(), few(), field(), few())],
    ...[command('HSETNX', hash, field(), few()), command('HINCRBY', hash, field(), 1), command('HDEL', hash, field())],
    ...[command('HLEN', hash), command('HGETALL', hash), command('DEL', hash)],
    ...[command('LLEN', list), command('LRANGE', list, 0, -1), command('LINDEX', list, 0), command('LPOS', list, 1)],
    ...[command('LPUSH', list, few()), command('RPUSH', list, few()), command('LPOP', list), command('RPOP', list)],
    ...[command('LREM', list, few(), 1), command('LTRIM', list, 1, -1)],
    ...[command('SADD', set, field()), command('SREM', set, field()), command('SISMEMBER', set, field())],
    ...[command('SCARD', set), command('SMEMBERS', set)],
    ...[command('ZADD', zset, few(), field()), command('ZREM', zset, field()), command('ZSCORE', zset, field())],
    ...[command('ZCARD', zset), command('ZRANGE', zset, 0, -1), command('ZINCRBY', zset, 1, field())],
    ...[command('ZPOPMIN', zset)],
  ]
}

/**
 * Tests the independence table against Redis: every pair of command shapes runs in both orders from small random states.
 * Where the table calls them independent, replies and state must agree. Writes and deletes keys under its prefix.
 */
export const proveIndependence = async (redis: RedisPort, options: ProofOptions): Promise<Proof> => {
  const { seed, states = 3, prefix, signal } = options
  let drawn = 0
  const draw: Draw = (below) => mix32((seed + mix32(++drawn)) >>> 0) % below
  const keys = keysWith(prefix)
  const count = shapes(keys, draw).length
  const counterexamples: string[] = []
  let [pairs, trials, independent] = [0, 0, 0]
  for (let i = 0; i < count && !signal?.aborted; i++) {
    for (let j = i; j < count; j++, pairs++) {
      for (let state = 0; state < states; state++, trials++) {
        const [a, b] = [shapes(keys, draw)[i] as Command, shapes(keys, draw)[j] as Command]
        const start = startOf(keys, draw)
        const [ab, ba] = await Promise.all([runFrom(redis, keys, start, a, b), runFrom(redis, keys, start, b, a)])
        // Whatever the key level takes for independent, the field level does too.
        if (conflict(accessesOf(a, [], ab.first), accessesOf(b, [], ab.second), 'field')) continue
        independent++
        const same = show([ab.first, ab.second, ab.state]) === show([ba.second, ba.first, ba.state])
        if (!same) counterexamples.push(say`${a.name} ${a.args.join(' ')} and ${b.name} ${b.args.join(' ')}`)
      }
    }
  }
  await redis.call('DEL', ...Object.values(keys))
  return { pairs, trials, independent, counterexamples }
}

interface Ran {
  readonly first: Reply | RedisFailure
  readonly second: Reply | RedisFailure
  readonly state: unknown
}

/** Commands that build a small state: any key may be absent. */
const startOf = ({ string, hash, list, set, zset }: Keys, draw: Draw): Command[] => [
  ...(draw(3) > 0 ? [command('SET', string, draw(4))] : []),
  ...(draw(3) > 0 ? [command('RPUSH', list, ...[1, 2, 1].slice(0, 1 + draw(3)))] : []),
  ...FIELDS.flatMap((field) => [
    ...(draw(2) > 0 ? [command('HSET', hash, field, draw(3))] : []),
    ...(draw(2) > 0 ? [command('SADD', set, field)] : []),
    ...(draw(2) > 0 ? [command('ZADD', zset, draw(3), field)] : []),
  ]),
]

/** Everything is sent at once, over one connection: it runs in this order. */
const runFrom = async (
  redis: RedisPort,
  keys: Keys,
  start: readonly Command[],
  a: Command,
  b: Command,
): Promise<Ran> => {
  const { string, hash, list, set, zset } = keys
  const looks = [
    ...[command('GET', string), command('HGETALL', hash), command('LRANGE', list, 0, -1)],
    ...[command('SMEMBERS', set), command('ZRANGE', zset, 0, -1, 'WITHSCORES')],
  ]
  const units = [command('DEL', ...Object.values(keys)), ...start, a, b, ...looks]
  const replies = await Promise.all(units.map((unit) => redis.execute(unit).catch(asReply)))
  const [first, second, text, fields, items, members, scores] = replies.slice(1 + start.length)
  return {
    ...{ first: first ?? null, second: second ?? null },
    state: [text, pairsOf(fields), items, [...((members ?? []) as string[])].sort(), scores],
  }
}

/** The order of fields is no part of the state: see the table. */
const pairsOf = (flat: unknown): string[] =>
  (flat as string[]).flatMap((field, i, all) => (i % 2 === 0 ? [`${field}=${all[i + 1]}`] : [])).sort()

const asReply = (error: unknown): RedisFailure => {
  if (error instanceof RedisFailure && error.kind === 'refused') return error
  throw error
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, it: unknown) => (it instanceof RedisFailure ? it.message : it))
