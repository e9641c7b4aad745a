import { Cluster, Command as IoCommand } from 'ioredis'
import { say } from '../language/say.js'
import { type Connection, type ConnectionOptions, openConnection } from './connection.js'
import { failureOf, troubleOf } from './failure.js'
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

/** Bounds on commands and on connecting. */
export type RedisClientOptions = Pick<ConnectionOptions, 'commandTimeoutMs' | 'connectTimeoutMs'>

/**
 * Connects and checks that Redis answers. Rejects with a SeckillError: unreachable, credentials, loading.
 *
 * ioredis by default resends commands that were under way when a connection broke: one purchase would take two units
 * (redis/ioredis#2193). Hence no queue for absent connections and no retry; what was sent and not answered is unknown.
 */
export const connectRedis = async (target: RedisTarget, options: RedisClientOptions = {}): Promise<RedisClient> => {
  const label = describeRedis(target)
  const main = await openConnection(target, { ...options, reconnect: true }).catch((error: RedisFailure) => {
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
      const own = await openConnection(target, { ...options, reconnect: false })
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
