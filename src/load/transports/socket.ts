import { connect, type TcpNetConnectOpts } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestTemplate } from '../request.js'
import type { Done, GatedTransport, Shot } from '../transport.js'
import { ConnectQueue } from './connect-queue.js'
import { Connection } from './connection.js'
import type { Shared } from './connection-shared.js'
import { Deadlines } from './deadlines.js'
import { requestWriter } from './request-text.js'
import { ResponseMemo } from './response-memo.js'
import { SendQueue } from './send-queue.js'
import { unreachable } from './unreachable.js'

export interface SocketOptions {
  readonly request: RequestTemplate
  /** Bounds an attempt as a whole, connecting included. */
  readonly timeoutMs: number
  /** Microseconds on a monotonic clock. */
  readonly nowUs: () => number
  /** Addresses of this machine to send from, in turn; each has ports of its own. */
  readonly localAddresses?: readonly string[] | undefined
}

/** Connections being made at a time: listen backlogs of 128 are common. */
const CONNECTS_AT_ONCE = 100
const READ_BUFFER_BYTES = 64 * 1024

/**
 * Purchases over plain HTTP/1.1, written on bare sockets: the hot path. One keep-alive connection per slot, never pipelined.
 * A request is delivered at most once: whatever fails after its first byte is `unknown`, and nothing is sent again.
 */
export class SocketTransport implements GatedTransport {
  readonly #options: SocketOptions
  readonly #nowUs: () => number
  readonly #write: (shot: Shot) => string
  #connections: Connection[] = []
  #deadlines: Deadlines | null = null
  #connects: ConnectQueue | null = null
  readonly #armed: Connection[] = []

  constructor(options: SocketOptions) {
    this.#options = options
    this.#nowUs = options.nowUs
    this.#write = requestWriter(options.request)
  }

  async open(n: number, connected = 0): Promise<void> {
    const { request, nowUs, timeoutMs, localAddresses = [] } = this.#options
    this.#connects = new ConnectQueue(CONNECTS_AT_ONCE)
    const target = await this.#findTarget()
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
    const shared: Shared = {
      method: request.method,
      nowUs,
      buffer,
      responses: new ResponseMemo(buffer),
      connects: this.#connects,
      sends: new SendQueue(),
      answering: false,
      answersEarly: false,
    }
    const deadlines = new Deadlines(n, timeoutMs, nowUs, (slot) => this.#connections[slot]!.giveUp('timeout'))
    const where = (slot: number): TcpNetConnectOpts => {
      const localAddress = localAddresses[slot % localAddresses.length]
      return localAddress === undefined ? target : { ...target, localAddress }
    }
    this.#connections = Array.from(
      { length: n },
      (_, slot) => new Connection(shared, where(slot), () => deadlines.end(slot)),
    )
    this.#deadlines = deadlines
    const soon = sleep(timeoutMs, undefined, { ref: false })
    await Promise.race([Promise.all(this.#connections.slice(0, connected).map((one) => one.connectAhead())), soon])
  }

  send(slot: number, shot: Shot, done: Done): void {
    this.#begin(slot, shot, done, null)
  }

  arm(slot: number, shot: Shot, done: Done): Promise<boolean> {
    return new Promise((resolve) => {
      this.#begin(slot, shot, done, (armed) => {
        if (armed) this.#armed.push(this.#connections[slot]!)
        resolve(armed)
      })
    })
  }

  release(): void {
    for (const connection of this.#armed.splice(0)) connection.release()
  }

  twinAt(origin: string): SocketTransport {
    const { request, ...options } = this.#options
    return new SocketTransport({ ...options, localAddresses: [], request: { ...request, origin } })
  }

  /** Ends what is under way: `unknown`, or `not_sent` where not a byte of it was written. */
  async close(): Promise<void> {
    const deadlines = this.#deadlines
    this.#deadlines = null
    this.#connects?.close()
    for (const connection of this.#connections) connection.giveUp('interrupted')
    deadlines?.close()
  }

  #begin(slot: number, shot: Shot, done: Done, armed: ((armed: boolean) => void) | null): void {
    const nowUs = this.#nowUs()
    if (this.#deadlines === null) {
      const reply = { kind: 'failed', outcome: 'not_sent', note: 'interrupted' } as const
      queueMicrotask(() => done({ sentAtUs: nowUs, doneAtUs: nowUs, connectUs: 0, reply }))
      armed?.(false)
    } else {
      const text = this.#write(shot)
      this.#deadlines.begin(slot, nowUs)
      this.#connections[slot]!.send(text, nowUs, done, armed)
    }
  }

  /** Where the target is: its name is looked up once, and the address that accepted is kept to. */
  #findTarget(): Promise<TcpNetConnectOpts> {
    const { request, timeoutMs, localAddresses = [] } = this.#options
    const { hostname, port } = new URL(request.origin)
    const where = { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) || 80, noDelay: true }
    const localAddress = localAddresses[0]
    return new Promise((resolve, reject) => {
      const socket = connect({ ...where, ...(localAddress !== undefined && { localAddress }) })
      const fail = (error: unknown) => {
        socket.destroy()
        reject(unreachable(request.origin, error))
      }
      socket.setTimeout(timeoutMs, () => fail(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })))
      socket.once('error', fail)
      socket.once('connect', () => {
        const host = socket.remoteAddress ?? where.host
        socket.destroy()
        resolve({ ...where, host })
      })
    })
  }
}
