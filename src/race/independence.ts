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
  /** Which arguments are keys: the first, all of them, every second from the first on. */
  readonly keys: 'first' | 'all' | 'pairs'
  readonly effects: readonly Effect[]
}

const row = (keys: Row['keys'], commands: string, ...effects: Effect[]): Row => ({ keys, commands, effects })

/**
 * The table. Two units depend on each other if they touch an overlapping part, unless both read or both change blindly.
 * A command whose reply tells the order (INCR, HINCRBY) writes. Valid while no key loses its last field together with a
 * lifetime, nothing is evicted, and nobody reads the order of fields. `seckill race --prove-independence` tests every pair.
 */
export const TABLE: readonly Row[] = [
  row('first', 'GET STRLEN GETRANGE GETBIT BITCOUNT BITPOS TYPE TTL PTTL EXPIRETIME PEXPIRETIME DUMP', 'r *'),
  row('all', 'EXISTS MGET WATCH', 'r *'),
  row('first', 'SET SETNX SETEX PSETEX GETSET GETDEL GETEX APPEND SETRANGE SETBIT', 'w *'),
  row('first', 'INCR DECR INCRBY DECRBY INCRBYFLOAT INCREX', 'w *'),
  row('first', 'EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST', 'w *'),
  row('all', 'DEL UNLINK RENAME RENAMENX', 'w *'),
  row('pairs', 'MSET MSETNX', 'w *'),
  row('first', 'HGET HEXISTS', 'r field'),
  row('first', 'HMGET', 'r fields'),
  row('first', 'HLEN', 'r #'),
  row('first', 'HGETALL HKEYS HVALS HSCAN HSTRLEN', 'r *'),
  row('first', 'HSET HMSET', 'w pairs', 'i #'),
  row('first', 'HSETNX HINCRBY', 'w field', 'i #'),
  row('first', 'HDEL', 'w fields', 'i #'),
  row('first', 'SISMEMBER', 'r field'),
  row('first', 'SCARD', 'r #'),
  row('first', 'SMEMBERS SMISMEMBER SSCAN SRANDMEMBER', 'r *'),
  row('first', 'SADD SREM', 'w fields', 'i #'),
  row('first', 'ZSCORE', 'r field'),
  row('first', 'ZCARD', 'r #'),
  row('first', 'ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZRANK ZREVRANK ZCOUNT ZMSCORE ZSCAN', 'r *'),
  row('first', 'ZADD ZINCRBY ZREM ZPOPMIN ZPOPMAX', 'w *'),
  row('first', 'LLEN', 'r #'),
  row('first', 'LRANGE LINDEX LPOS', 'r *'),
  row('first', 'LPUSH RPUSH LPOP RPOP LREM LTRIM LSET', 'w *'),
  row('first', 'XLEN XRANGE XREVRANGE', 'r *'),
  row('first', 'XADD XACK XDEL', 'w *'),
]

const ROWS = new Map(TABLE.flatMap((entry) => entry.commands.split(' ').map((name) => [name, entry] as const)))

/** They concern the connection, not the data. */
const LOCAL = new Set(['UNWATCH', 'PING', 'ECHO'])

/** A command that the table does not know may touch everything. */
const EVERYTHING: Access = { key: '*', part: '*', mode: 'w' }

/** What expires: every key with a lifetime. Whoever may give a lifetime adds to it, the expiry looks at it. */
export const LIFETIMES = '\0lifetimes'

const LIFETIME: Access = { key: LIFETIMES, part: '*', mode: 'i' }

const EXPIRING = /^(P?EXPIRE(AT)?|P?SETEX|GETEX|RENAME(NX)?)$/

/** Their keys stand behind the script and a count. */
const SCRIPTED = /^(EVAL|EVALSHA|FCALL)(_RO)?$/

/** Options come behind key and value, which may look like one. */
const hasOption = ({ args }: Command, option: RegExp): boolean => args.slice(2).some((arg) => option.test(String(arg)))

const mayGiveLifetime = (command: Command): boolean =>
  EXPIRING.test(command.name) ||
  !(ROWS.has(command.name) || LOCAL.has(command.name)) ||
  (command.name === 'SET' && hasOption(command, /^(PX|EX|PXAT|EXAT)$/i))

/** The keys that a unit may have given a lifetime: all those of a script, whose text is not read. */
export const mortalKeys = (unit: AtomicUnit): readonly string[] => {
  if (unit.kind === 'script') return unit.keys
  return (unit.kind === 'command' ? [unit] : unit.commands).flatMap((it) => (mayGiveLifetime(it) ? keysOf(it) : []))
}

/**
 * What a unit may touch or, where its reply is given, what it did touch: a conditional write that was refused only read.
 * `watched` are the keys whose change makes a transaction fail.
 */
export const accessesOf = (
  unit: AtomicUnit,
  watched: readonly string[] = [],
  reply?: Reply | RedisFailure,
): readonly Access[] => {
  if (unit.kind === 'script') return ofScript(unit.keys)
  if (unit.kind === 'command') return refused(unit, reply) ? asReads(ofCommand(unit)) : ofCommand(unit)
  const queued = reply === null ? [] : unit.commands.flatMap(ofCommand)
  return [...whole(watched, 'r'), ...queued]
}

const whole = (keys: readonly string[], mode: Access['mode']): Access[] => keys.map((key) => ({ key, part: '*', mode }))

const ofScript = (keys: readonly string[]): Access[] =>
  keys.length === 0 ? [EVERYTHING] : [...whole(keys, 'w'), LIFETIME]

const keysOf = (command: Command): string[] => {
  const args = command.args.map(String)
  if (SCRIPTED.test(command.name)) return args.slice(2, 2 + Number(args[1]))
  const keys = ROWS.get(command.name)?.keys ?? 'first'
  return keys === 'all' ? args : keys === 'pairs' ? args.filter((_, i) => i % 2 === 0) : args.slice(0, 1)
}

const ofCommand = (command: Command): readonly Access[] => {
  const { name } = command
  if (LOCAL.has(name)) return []
  const lifetime = mayGiveLifetime(command) ? [LIFETIME] : []
  const entry = ROWS.get(name)
  // Its key is named all the same: it has to be put back before the next order, and may expire.
  if (entry === undefined) return [EVERYTHING, ...whole(keysOf(command), 'w'), ...lifetime]
  const accesses = keysOf(command).flatMap((key) =>
    entry.effects.flatMap((effect): Access[] => {
      const [mode, part] = effect.split(' ') as [Access['mode'], Part]
      return partsOf(part, command.args.slice(1).map(String)).map((named) => ({ key, part: named, mode }))
    }),
  )
  return [...accesses, ...lifetime]
}

const partsOf = (part: Part, args: readonly string[]): string[] => {
  if (part === '*' || part === '#') return [part]
  const named = part === 'field' ? args.slice(0, 1) : part === 'fields' ? args : args.filter((_, i) => i % 2 === 0)
  return named.map((field) => `=${field}`)
}

const refused = (command: Command, reply: Reply | RedisFailure | undefined): boolean => {
  if (reply instanceof RedisFailure || reply === undefined) return false
  const { name } = command
  // With GET the reply is what was there before: nothing, where the key was free and is taken now.
  if (name === 'SET') return hasOption(command, /^NX$/i) && (reply === null) !== hasOption(command, /^GET$/i)
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
