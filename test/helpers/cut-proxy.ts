import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { parseRedisUrl, toRedisUrl } from '../../src/redis/url.js'

/** Where a purchase is cut: before its n-th request reaches Redis, after Redis answered it, or amid that answer. */
export type Cut = { readonly at: number; readonly side: 'request' | 'reply' | 'half-reply' }

/** A TCP proxy in front of Redis that can lose a request or a reply, and knows which commands went past. */
export interface CutProxy {
  /** URL of the same Redis, through the proxy. */
  readonly url: string
  readonly port: number
  /** Forgets what went past; from now on, cuts as told (once), or nowhere. */
  arm(cut: Cut | null): void
  /** Requests since {@link arm}, over all connections: what a client writes before it reads is one, a MULTI…EXEC too. */
  readonly requests: number
  /** Names of the commands that were sent on to Redis since {@link arm}, in order. */
  readonly commands: readonly string[]
  /** Whether the cut happened. */
  readonly cut: boolean
  close(): Promise<void>
}

const COMMAND_NAME = /\*\d+\r\n\$\d+\r\n([a-z]+)\r\n/gi

const namesIn = (bytes: Buffer): string[] =>
  [...bytes.toString('latin1').matchAll(COMMAND_NAME)].map(([, name = '']) => name.toUpperCase())

/**
 * Bytes go through as they are. A request begins with the first bytes from the client after a reply, so that a client
 * which has one request under way at a time is counted exactly.
 */
export const startCutProxy = async (redisUrl: string): Promise<CutProxy> => {
  const target = parseRedisUrl(redisUrl)
  if (target.kind !== 'tcp') throw new Error('the proxy speaks TCP: name the Redis of the tests by host and port')
  const sockets = new Set<Socket>()
  const state = { requests: 0, commands: [] as string[], cut: false, wanted: null as Cut | null }
  const isCut = (side: Cut['side'], request: number) =>
    !state.cut && state.wanted?.side === side && state.wanted.at === request

  const serve = (client: Socket): void => {
    const upstream = connect(target.port, target.host)
    let request = 0
    let replied = true
    const sever = () => {
      for (const socket of [client, upstream]) socket.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay()
      socket.on('error', sever).on('close', () => {
        sockets.delete(socket)
        sever()
      })
    }
    client.on('data', (bytes) => {
      if (replied) request = ++state.requests
      replied = false
      if (isCut('request', request)) {
        state.cut = true
        return sever()
      }
      state.commands.push(...namesIn(bytes))
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      replied = true
      if (isCut('reply', request)) {
        state.cut = true
        return sever()
      }
      if (isCut('half-reply', request)) {
        state.cut = true
        client.end(bytes.subarray(0, bytes.length >> 1))
        return upstream.destroy()
      }
      client.write(bytes)
    })
  }

  const server = createServer(serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port from the system')
  return {
    url: toRedisUrl({ ...target, host: '127.0.0.1', port: address.port }),
    port: address.port,
    arm: (cut) => Object.assign(state, { requests: 0, commands: [], cut: false, wanted: cut }),
    get requests() {
      return state.requests
    },
    get commands() {
      return state.commands
    },
    get cut() {
      return state.cut
    },
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
