/** An argument of a Redis command; numbers are sent in decimal. */
export type Arg = string | number

/** A Redis reply in RESP2 terms. */
export type Reply = string | number | null | readonly Reply[]

/** A server-side script; `keys` names its KEYS in order, so that none goes undeclared. */
export interface Script {
  readonly name: string
  readonly keys: readonly string[]
  readonly lua: string
}

export interface Command {
  readonly kind: 'command'
  /** In capitals: whoever looks at a unit knows a command by it. */
  readonly name: string
  readonly args: readonly Arg[]
}

export interface ScriptCall {
  readonly kind: 'script'
  readonly script: Script
  readonly keys: readonly string[]
  readonly args: readonly Arg[]
}

export interface Transaction {
  readonly kind: 'transaction'
  readonly commands: readonly Command[]
}

/** What Redis executes without anybody in between: one command, one script, one MULTI…EXEC. */
export type AtomicUnit = Command | ScriptCall | Transaction

/**
 * Sends one unit and resolves with its reply; a transaction's reply is the array of replies, or null when a watched key
 * changed. Rejects with a {@link RedisFailure}. Whoever wraps this function sees, delays or forbids every step of a purchase.
 */
export type Execute = (unit: AtomicUnit) => Promise<Reply>

/**
 * How a unit failed: `refused` before it changed anything (a reply such as WRONGTYPE or OOM), `partial` by a script that
 * may have written first, `unknown` after it was sent (no reply came), `not_sent` if it never left.
 */
export type FailureKind = 'refused' | 'partial' | 'unknown' | 'not_sent'

export class RedisFailure extends Error {
  readonly kind: FailureKind
  /** First word of an error reply: `WRONGTYPE`, `OOM`, `READONLY`, …; empty where no reply came. */
  readonly prefix: string

  constructor(kind: FailureKind, message: string, prefix = '', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'RedisFailure'
    this.kind = kind
    this.prefix = prefix
  }
}

const READS = new Set([
  'GET',
  'HGET',
  'HEXISTS',
  'HLEN',
  'LLEN',
  'LRANGE',
  'EXISTS',
  'TYPE',
  'WATCH',
  'UNWATCH',
  'PING',
])

/** Whether a unit may change the keyspace. */
export const isWrite = (unit: AtomicUnit): boolean => unit.kind !== 'command' || !READS.has(unit.name)

export const command = (name: string, ...args: Arg[]): Command => ({ kind: 'command', name: name.toUpperCase(), args })

/** The commands that purchase strategies use, typed, over one {@link Execute}. */
export class RedisPort {
  readonly execute: Execute

  constructor(execute: Execute) {
    this.execute = execute
  }

  call(name: string, ...args: Arg[]): Promise<Reply> {
    return this.execute(command(name, ...args))
  }

  get(key: string): Promise<string | null> {
    return this.call('GET', key) as Promise<string | null>
  }

  decrby(key: string, by: number): Promise<number> {
    return this.call('DECRBY', key, by) as Promise<number>
  }

  incrby(key: string, by: number): Promise<number> {
    return this.call('INCRBY', key, by) as Promise<number>
  }

  /** INCREX with a lower bound of 0: `[value, applied]`; Redis ≥ 8.8, Valkey ≥ 9.2. */
  async increx(key: string, by: number): Promise<{ value: number; applied: number }> {
    const [value, applied] = (await this.call('INCREX', key, 'BYINT', by, 'LBOUND', 0)) as [Arg, Arg]
    return { value: Number(value), applied: Number(applied) }
  }

  /** SET NX PX: true where the key was free. */
  async setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    return (await this.call('SET', key, value, 'NX', 'PX', ttlMs)) === 'OK'
  }

  hget(key: string, field: string): Promise<string | null> {
    return this.call('HGET', key, field) as Promise<string | null>
  }

  hset(key: string, field: string, value: Arg): Promise<number> {
    return this.call('HSET', key, field, value) as Promise<number>
  }

  /** True where the field was new. */
  async hsetnx(key: string, field: string, value: Arg): Promise<boolean> {
    return (await this.call('HSETNX', key, field, value)) === 1
  }

  hdel(key: string, field: string): Promise<number> {
    return this.call('HDEL', key, field) as Promise<number>
  }

  llen(key: string): Promise<number> {
    return this.call('LLEN', key) as Promise<number>
  }

  lrange(key: string, start: number, stop: number): Promise<string[]> {
    return this.call('LRANGE', key, start, stop) as Promise<string[]>
  }

  lpop(key: string): Promise<string | null> {
    return this.call('LPOP', key) as Promise<string | null>
  }

  lpush(key: string, value: Arg): Promise<number> {
    return this.call('LPUSH', key, value) as Promise<number>
  }

  /** Removes up to `count` elements equal to `value`; the number removed. */
  lrem(key: string, count: number, value: Arg): Promise<number> {
    return this.call('LREM', key, count, value) as Promise<number>
  }

  watch(...keys: string[]): Promise<Reply> {
    return this.call('WATCH', ...keys)
  }

  unwatch(): Promise<Reply> {
    return this.call('UNWATCH')
  }

  /** MULTI…EXEC: the replies, or null where a watched key changed. */
  transaction(...commands: Command[]): Promise<readonly Reply[] | null> {
    return this.execute({ kind: 'transaction', commands }) as Promise<readonly Reply[] | null>
  }

  script(script: Script, keys: readonly string[], args: readonly Arg[]): Promise<Reply> {
    return this.execute({ kind: 'script', script, keys, args })
  }
}

/** A connection of one's own, as WATCH needs it; after a failure it is closed, never reconnected. */
export interface DedicatedRedis {
  readonly redis: RedisPort
  /** False once the connection broke: what it watched is forgotten, so it must not be used again. */
  readonly usable: boolean
  close(): void
}
