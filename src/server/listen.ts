import { lookup } from 'node:dns/promises'
import type { AddressInfo, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { deferred } from './deferred.js'
import { listenError } from './listen-error.js'

/** An app with what it stands on; `close` frees the latter, after the app was closed. */
export interface OpenedApp {
  readonly app: FastifyInstance
  close(): Promise<void>
}

export interface ServeOptions {
  readonly host: string
  /** 0 picks a free port. */
  readonly port: number
  /** 1: this process serves. More: so many processes do, each a fork of this one with the same arguments. */
  readonly workers: number
  /** Called once in every process that serves, before it listens. */
  open(): Promise<OpenedApp>
  /** Called once, when the server (with workers: all of them) accepts connections; never in a worker. */
  onListening?(url: string): void
  /** Called in the primary whenever a worker died and is being replaced. */
  onWorkerDied?(pid: number, why: string): void
}

export interface RunningServer {
  readonly port: number
  readonly url: string
  /** Stops accepting, lets requests under way finish (5 s at most), then frees everything. Safe to call twice. */
  close(): Promise<void>
  /** Resolves after {@link close}; rejects with a SeckillError where workers die faster than they can be replaced. */
  readonly ended: Promise<void>
}

const DRAIN_MS = 5_000
const SWEEP_MS = 50
/** A burst connects all at once; the kernel caps this at its own limit. */
const BACKLOG = 4_096

/** Serves from this process. */
export const serveHere = async ({
  host,
  port,
  open,
}: Pick<ServeOptions, 'host' | 'port' | 'open'>): Promise<RunningServer> => {
  const { app, close } = await open()
  const free = () => app.close().finally(close)
  const sockets = socketsOf(app)
  try {
    // One address: for the name localhost Fastify opens a second server, which it neither checks nor drains.
    const { address } = await lookup(host)
    await app.listen({ host: address, port, backlog: BACKLOG })
  } catch (error) {
    await free()
    throw listenError(error, host, port, process.platform)
  }
  const realPort = (app.server.address() as AddressInfo).port
  let closing: Promise<void> | undefined
  const ended = deferred<void>()
  const drain = async () => {
    // Node counts a connection as idle only after its first request, and looks for idle ones only once.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
    const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS)
    await free().finally(() => {
      clearInterval(sweep)
      clearTimeout(cut)
      ended.resolve()
    })
  }
  return {
    port: realPort,
    url: urlOf(host, realPort),
    ended: ended.promise,
    close: () => {
      closing ??= drain()
      return closing
    },
  }
}

const socketsOf = (app: FastifyInstance): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

export const urlOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`
