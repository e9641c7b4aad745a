import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { ProxyConnection, type ProxyHooks } from './proxy-connection.js'
import { describeRedis, type RedisTarget } from './target.js'

export interface ProxyOptions extends ProxyHooks {
  /** 0 takes a free one. */
  readonly port: number
  readonly host?: string
  /** A client came, and Redis could not be reached for it. */
  upstreamFailed?(error: Error): void
}

/**
 * Stands between clients and one Redis server: each client gets a connection of its own, and whatever a client does to its
 * connection (AUTH, SELECT, WATCH) happens to that one. Password and database are the client's matter.
 */
export class RedisProxy {
  readonly port: number
  readonly #server: Server
  readonly #connections: Set<ProxyConnection>

  private constructor(server: Server, connections: Set<ProxyConnection>) {
    this.#server = server
    this.#connections = connections
    this.port = (server.address() as AddressInfo).port
  }

  /** Errors: usage where the target is a cluster or behind sentinels; that of the port, if it cannot be listened on. */
  static async open(target: RedisTarget, options: ProxyOptions): Promise<RedisProxy> {
    const dial = dialling(target)
    const connections = new Set<ProxyConnection>()
    let numbers = 0
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const upstream = dial()
      upstream.once('error', (error) => {
        if (upstream.bytesRead === 0) options.upstreamFailed?.(error)
      })
      const number = ++numbers
      const connection = new ProxyConnection(number, client, upstream, {
        ...options,
        closed: (...told) => {
          connections.delete(connection)
          options.closed?.(...told)
        },
      })
      connections.add(connection)
    })
    server.listen(options.port, options.host ?? '127.0.0.1')
    await once(server, 'listening')
    return new RedisProxy(server, connections)
  }

  /** The target as clients reach it through this proxy. */
  through(target: RedisTarget): RedisTarget {
    return { ...target, kind: 'tcp', host: '127.0.0.1', port: this.port, tls: false }
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const connection of this.#connections) connection.close(false)
    await closed
  }
}

/** Throws a usage error where a target is no single server. */
export const requireOneServer = (target: RedisTarget): void => void dialling(target)

/** How to reach the server behind the proxy. */
const dialling = (target: RedisTarget): (() => Socket) => {
  switch (target.kind) {
    case 'unix':
      return () => connect(target.path)
    case 'tcp': {
      const { host, port } = target
      if (target.tls) return () => connectTls({ host, port, servername: host })
      return () => connect(port, host)
    }
    default:
      throw usageError(
        say`the proxy speaks to one server, and ${describeRedis(target)} names several`,
        say`name one primary by host and port`,
      )
  }
}
