import { type AtomicUnit, type Command, RedisFailure, type Reply } from '../redis/port.js'

/**
 * What a unit does to one part of one key: `*` the whole key, `#` its size and existence, `=field` a field or member.
 * Modes: read, write, or `i`, a blind change that commutes with its like (two HSETs of different fields both grow the hash).
 */
export interface Access {
  readonly key: string
  readonly part: string
  readonly mode: 'r' | 'w' | 'i'
}

/** How finely commands are told apart: `none` lets nothing commute, `key` knows keys, `field` fields of hashes and sets too. */
export const REDUCTIONS = ['none', 'key', 'field'] as const

export type Reduction = (typeof REDUCTIONS)[number]

/** Parts of the named keys: all of it, its size, the field in argument 1, the arguments from 1 on, every second from 1 on. */
type Part = '*' | '#' | 'field' | 'fields' | 'pairs'
type Effect = `${Access['mode']} ${Part}`

interface Row {
  readonly commands: string
  /** Whether the first argument is the key, or all of them are keys. */
  readonly keys: 'first' | 'all'
  readonly effects: readonly Effect[]
}

const row = (keys: Row['keys'], commands: string, ...effects: Effect[]): Row => ({ keys, commands, effects })

/**
 * The table. Two units depend on each other if they touch an overlapping part, unless both read or both change blindly.
 * A command whose reply tells the order (INCR, HINCRBY) writes. Valid while no key loses its last field together with a
 * lifetime, nothing is evicted, and nobody reads the order of fields. `seckill race --prove-independence` tests every pair.
 */
export const TABLE: readonly Row[] = [
  row('first', 'GET STRLEN TYPE TTL PTTL', 'r *'),
  row('all', 'EXISTS MGET WATCH', 'r *'),
  row('first', 'SET SETNX GETSET GETDEL APPEND INCR DECR INCRBY DECRBY INCREX', 'w *'),
  row('first', 'EXPIRE PEXPIRE PERSIST', 'w *'),
  row('all', 'DEL UNLINK RENAME', 'w *'),
  row('first', 'HGET HEXISTS', 'r field'),
  row('first', 'HMGET', 'r fields'),
  row('first', 'HLEN', 'r #'),
  row('first', 'HGETALL HKEYS HVALS HSCAN', 'r *'),
  row('first', 'HSET HMSET', 'w pairs', 'i #'),
  row('first', 'HSETNX HINCRBY', 'w field', 'i #'),
  row('first', 'HDEL', 'w fields', 'i #'),
  row('first', 'SISMEMBER', 'r field'),
  row('first', 'SCARD', 'r #'),
  row('first', 'SMEMBERS', 'r *'),
  row('first', 'SADD SREM', 'w fields', 'i #'),
  row('first', 'ZSCORE', 'r field'),
  row('first', 'ZCARD', 'r #'),
  row('first', 'ZRANGE ZRANK ZCOUNT', 'r *'),
  row('first', 'ZADD ZINCRBY ZREM ZPOPMIN ZPOPMAX', 'w *'),
  row('first', 'LLEN', 'r #'),
  row('first', 'LRANGE LINDEX LPOS', 'r *'),
  row('first', 'LPUSH RPUSH LPOP RPOP LREM LTRIM LSET', 'w *'),
  row('first', 'XLEN XRANGE', 'r *'),
  row('first', 'XADD XACK XDEL', 'w *'),
]

const ROWS = new Map(TABLE.flatMap((entry) => entry.commands.split(' ').map((name) => [name, entry] as const)))

/** They concern the connection, not the data. */
const LOCAL = new Set(['UNWATCH', 'PING', 'ECHO'])

/** A command that the table does not know may touch everything. */
const EVERYTHING: readonly Access[] = [{ key: '*', part: '*', mode: 'w' }]

/** What expires: every key with a lifetime. Whoever gives a lifetime adds to it, the expiry looks at it. */
export const LIFETIMES = '\0lifetimes'

const givesLifetime = ({ name, args }: Command): boolean =>
  /^P?EXPIRE/.test(name) || (name === 'SET' && args.some((arg) => /^(PX|EX|PXAT|EXAT)$/i.test(String(arg))))

/** The key that a command gives a lifetime, or null. */
export const mortalKey = (unit: AtomicUnit): string | null =>
  unit.kind === 'command' && givesLifetime(unit) ? String(unit.args[0]) : null

/**
 * What a unit may touch or, where its reply is given, what it did touch: a conditional write that was refused only read.
 * `watched` are the keys whose change makes a transaction fail.
 */
export const accessesOf = (
  unit: AtomicUnit,
  watched: readonly string[] = [],
  reply?: Reply | RedisFailure,
): readonly Access[] => {
  if (unit.kind === 'script') return unit.keys.length === 0 ? EVERYTHING : whole(unit.keys, 'w')
  if (unit.kind === 'command') return refused(unit, reply) ? asReads(ofCommand(unit)) : ofCommand(unit)
  const queued = reply === null ? [] : unit.commands.flatMap(ofCommand)
  return [...whole(watched, 'r'), ...queued]
}

const whole = (keys: readonly string[], mode: Access['mode']): Access[] => keys.map((key) => ({ key, part: '*', mode }))

const ofCommand = (command: Command): readonly Access[] => {
  const { name, args } = command
  if (LOCAL.has(name)) return []
  const entry = ROWS.get(name)
  if (entry === undefined) return EVERYTHING
  const keys = (entry.keys === 'all' ? args : args.slice(0, 1)).map(String)
  const accesses = keys.flatMap((key) =>
    entry.effects.flatMap((effect): Access[] => {
      const [mode, part] = effect.split(' ') as [Access['mode'], Part]
      return partsOf(part, args.slice(1).map(String)).map((named) => ({ key, part: named, mode }))
    }),
  )
  return givesLifetime(command) ? [...accesses, { key: LIFETIMES, part: '*', mode: 'i' }] : accesses
}

const partsOf = (part: Part, args: readonly string[]): string[] => {
  if (part === '*' || part === '#') return [part]
  const named = part === 'field' ? args.slice(0, 1) : part === 'fields' ? args : args.filter((_, i) => i % 2 === 0)
  return named.map((field) => `=${field}`)
}

const refused = ({ name, args }: Command, reply: Reply | RedisFailure | undefined): boolean => {
  if (reply instanceof RedisFailure) return false
  if (name === 'SET') return reply === null && args.some((arg) => /^NX$/i.test(String(arg)))
  return (name === 'SETNX' || name === 'HSETNX') && reply === 0
}

const asReads = (accesses: readonly Access[]): Access[] =>
  accesses.filter(({ mode }) => mode === 'w').map((access) => ({ ...access, mode: 'r' }))

/** Whether the order of two units, given by what they touch, can matter. */
export const conflict = (a: readonly Access[], b: readonly Access[], reduction: Reduction): boolean =>
  reduction === 'none' || a.some((x) => b.some((y) => overlap(x, y, reduction) && clash(x, y, reduction)))

const overlap = (x: Access, y: Access, reduction: Reduction): boolean =>
  x.key === '*' ||
  y.key === '*' ||
  (x.key === y.key && (reduction === 'key' || x.part === y.part || x.part === '*' || y.part === '*'))

const clash = (x: Access, y: Access, reduction: Reduction): boolean => {
  const blind = x.mode === 'i' && y.mode === 'i' && (reduction === 'field' || x.key === LIFETIMES)
  return !blind && !(x.mode === 'r' && y.mode === 'r')
}
