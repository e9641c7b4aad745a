import { Cluster, Command, Redis } from 'ioredis'
import { say } from '../language/say.js'
import { failureOf } from './failure.js'
import { command, RedisFailure } from './port.js'
import type { RedisTarget } from './url.js'

export type Connection = Redis | Cluster

export interface ConnectionOptions {
  /** Whether it comes back after it broke. */
  readonly reconnect: boolean
  /**
   * Whether commands wait for a connection that is gone, as long as it takes, and are sent again: for a queue's workers,
   * whose commands may come twice; never for purchases.
   */
  readonly patient?: boolean
  /** Bound on every command; a reply that comes later is dropped, the outcome is unknown. Default 10 s. */
  readonly commandTimeoutMs?: number
  /** Bound on connecting. Default 5 s. */
  readonly connectTimeoutMs?: number
}

/** Opens a connection of its own and checks that Redis answers. Rejects with a RedisFailure. */
export const openConnection = async (target: RedisTarget, options: ConnectionOptions): Promise<Connection> => {
  let connected = false
  let cause: Error | undefined
  // Never on the first connect: an unreachable server is told at once.
  const retry = (times: number) => (connected && options.reconnect ? Math.min(50 * times, 1_000) : null)
  const connection = create(target, options, retry)
  connection.on('error', (error: Error) => {
    cause = error
  })
  try {
    await untilReady(connection)
    // ioredis goes on without credentials or while the data set loads: an own question gets the server's own answer.
    await (connection.sendCommand(new Command('PING')) as Promise<unknown>).catch((error: Error) => {
      throw failureOf(command('PING'), error)
    })
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
  options: ConnectionOptions,
  retry: (times: number) => number | null,
): Connection => {
  const { patient = false } = options
  const common = {
    lazyConnect: true,
    enableOfflineQueue: patient,
    maxRetriesPerRequest: patient ? null : 0,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2 as const,
    ...(patient ? {} : { commandTimeout: options.commandTimeoutMs ?? 10_000 }),
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
        enableOfflineQueue: patient,
        // Any delay here would resend a command whose connection broke.
        retryDelayOnFailover: 0,
        retryDelayOnClusterDown: 0,
        clusterRetryStrategy: retry,
        redisOptions: common,
      })
  }
}
