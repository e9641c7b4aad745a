import { Cluster, Command as IoCommand, Redis } from 'ioredis'
import { say } from '../language/say.js'
import { failureOfReply, troubleOf } from './failure.js'
import { type AtomicUnit, type DedicatedRedis, type Execute, RedisFailure, RedisPort, type Reply } from './port.js'
import { sha1Of } from './script.js'
import { describeRedis, type RedisTarget } from './url.js'

/** An open connection to Redis that never sends a command twice. */
export interface RedisClient {
  readonly redis: RedisPort
  /** For messages: `127.0.0.1:6379/0`; never a password. */
  readonly label: string
  readonly target: RedisTarget
  /** The latest failure of a unit, on a dedicated connection too; null while all went well. */
  readonly lastFailure: RedisFailure | null
  /** A further connection, for WATCH. Rejects with a RedisFailure. */
  dedicated(): Promise<DedicatedRedis>
  close(): Promise<void>
}

export interface RedisClientOptions {
  /** Bound on every command; a reply that comes later is dropped, the outcome is unknown. Default 10 s. */
  readonly commandTimeoutMs?: number
  /** Bound on connecting. Default 5 s. */
  readonly connectTimeoutMs?: number
}

type Connection = Redis | Cluster

/**
 * Connects and checks that Redis answers. Rejects with a SeckillError: unreachable, credentials, loading.
 *
 * ioredis by default resends commands that were under way when a connection broke: one purchase would take two units
 * (redis/ioredis#2193). Hence no queue for absent connections and no retry; what was sent and not answered is unknown.
 */
export const connectRedis = async (target: RedisTarget, options: RedisClientOptions = {}): Promise<RedisClient> => {
  const label = describeRedis(target)
  const main = await open(target, options, true).catch((error: RedisFailure) => {
    throw troubleOf(error, label)
  })
  let lastFailure: RedisFailure | null = null
  const portOn = (connection: Connection) =>
    new RedisPort(
      executeOn(connection, (failure) => {
        lastFailure = failure
      }),
    )
  return {
    redis: portOn(main),
    label,
    target,
    get lastFailure() {
      return lastFailure
    },
    dedicated: async () => {
      if (target.kind === 'cluster') throw new RedisFailure('not_sent', say`WATCH is not supported on a cluster`)
      const own = await open(target, options, false)
      return {
        redis: portOn(own),
        get usable() {
          return own.status === 'ready'
        },
        close: () => own.disconnect(),
      }
    },
    close: async () => main.disconnect(),
  }
}

const open = async (target: RedisTarget, options: RedisClientOptions, reconnect: boolean): Promise<Connection> => {
  let connected = false
  let cause: Error | undefined
  // Never on the first connect: an unreachable server is told at once.
  const retry = (times: number) => (connected && reconnect ? Math.min(50 * times, 1_000) : null)
  const connection = create(target, options, retry)
  connection.on('error', (error: Error) => {
    cause = error
  })
  try {
    await untilReady(connection)
    // ioredis goes on without credentials or while the data set loads: an own question gets the server's own answer.
    await executeOn(connection)({ kind: 'command', name: 'PING', args: [] })
    // A database that is not there, or may not be chosen: ioredis would go on with database 0.
    if (cause !== undefined) throw cause
    connected = true
    return connection
  } catch (error) {
    connection.disconnect()
    throw connectFailure(cause ?? (error as Error))
  }
}

/** A cluster that cannot be reached ends without ever settling the promise of its `connect`. */
const untilReady = async (connection: Connection): Promise<void> => {
  const ended = new Promise<never>((_, reject) => {
    connection.once('end', () => reject(new Error(say`the connection ended before it was ready`)))
  })
  await Promise.race([connection.connect(), ended])
}

const connectFailure = (error: Error): RedisFailure => {
  if (error instanceof RedisFailure) return error
  // What a cluster's nodes said hides behind a general complaint.
  const { lastNodeError } = error as { lastNodeError?: Error }
  const { message } = lastNodeError ?? error
  const prefix = /^(WRONGPASS|NOAUTH|NOPERM|LOADING)\b/.exec(message)?.[1] ?? ''
  const denied = prefix === '' && /^ERR .*(AUTH|password)/.test(message)
  return new RedisFailure('not_sent', message, denied ? 'WRONGPASS' : prefix, error)
}

const create = (
  target: RedisTarget,
  options: RedisClientOptions,
  retry: (times: number) => number | null,
): Connection => {
  const common = {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2 as const,
    commandTimeout: options.commandTimeoutMs ?? 10_000,
    connectTimeout: options.connectTimeoutMs ?? 5_000,
    retryStrategy: retry,
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.tls ? { tls: {} } : {}),
  }
  switch (target.kind) {
    case 'tcp':
      return new Redis({ ...common, host: target.host, port: target.port, db: target.db })
    case 'unix':
      return new Redis({ ...common, path: target.path, db: target.db })
    case 'sentinel':
      return new Redis({
        ...common,
        sentinels: [...target.nodes],
        name: target.masterName,
        db: target.db,
        sentinelRetryStrategy: () => null,
      })
    case 'cluster':
      return new Cluster([...target.nodes], {
        lazyConnect: true,
        enableOfflineQueue: false,
        // Any delay here would resend a command whose connection broke.
        retryDelayOnFailover: 0,
        retryDelayOnClusterDown: 0,
        clusterRetryStrategy: retry,
        redisOptions: common,
      })
  }
}

/** In capitals, as the units carry it, a name escapes ioredis' reply transformers: replies stay as Redis sent them. */
const ioCommand = (name: string, args: readonly (string | number)[]): IoCommand =>
  new IoCommand(name, args as (string | number)[], { replyEncoding: 'utf8' })

/** Sends units over a connection, once each. */
const executeOn = (connection: Connection, onFailure: (failure: RedisFailure) => void = () => {}): Execute => {
  const gather = gathererOf(connection)
  return async (unit) => {
    try {
      if (connection.status !== 'ready') throw new RedisFailure('not_sent', say`the connection is closed`)
      gather()
      return await send(connection, unit)
    } catch (error) {
      const failure = failureOf(unit, error as Error)
      onFailure(failure)
      throw failure
    }
  }
}

/**
 * Puts what is sent in one go into one write: ioredis makes a system call for each command. A microtask, not an immediate:
 * the write must not wait until the next replies have been dealt with.
 */
const gathererOf = (connection: Connection): (() => void) => {
  if (connection instanceof Cluster) return () => {}
  let gathering = false
  return () => {
    if (gathering) return
    gathering = true
    const { stream } = connection
    stream.cork()
    queueMicrotask(() => {
      gathering = false
      stream.uncork()
    })
  }
}

const send = (connection: Connection, unit: AtomicUnit): Promise<Reply> => {
  if (unit.kind === 'command') return connection.sendCommand(ioCommand(unit.name, unit.args)) as Promise<Reply>
  if (unit.kind === 'transaction') return sendTransaction(connection, unit.commands)
  const { script, keys, args } = unit
  const evalsha = ioCommand('EVALSHA', [sha1Of(script), keys.length, ...keys, ...args])
  return (connection.sendCommand(evalsha) as Promise<Reply>).catch((error: Error) => {
    if (!error.message.startsWith('NOSCRIPT')) throw error
    return connection.sendCommand(ioCommand('EVAL', [script.lua, keys.length, ...keys, ...args])) as Promise<Reply>
  })
}

const sendTransaction = async (
  connection: Connection,
  commands: readonly { name: string; args: readonly (string | number)[] }[],
) => {
  const multi = connection.multi()
  for (const { name, args } of commands) multi.call(name, ...args)
  const replies = await multi.exec().catch((error: Error & { previousErrors?: Error[] }) => {
    // EXECABORT only says that a command was refused before.
    throw error.previousErrors?.[0] ?? error
  })
  if (replies === null) return null
  return replies.map(([error, reply]) => {
    if (error) throw error
    return reply as Reply
  })
}

const failureOf = (unit: AtomicUnit, error: Error): RedisFailure => {
  if (error instanceof RedisFailure) return error
  if (error.name === 'ReplyError') return failureOfReply(unit, error)
  // ioredis looks at the slots itself and sends nothing.
  if (/^All (the )?keys in (a|the) pipeline/.test(error.message))
    return new RedisFailure('refused', error.message, 'CROSSSLOT', error)
  const neverLeft = error.message.startsWith("Stream isn't writeable")
  return new RedisFailure(neverLeft ? 'not_sent' : 'unknown', error.message, '', error)
}
