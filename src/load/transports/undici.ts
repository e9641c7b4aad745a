import type { Socket } from 'node:net'
import { buildConnector, Client, type Dispatcher } from 'undici'
import { Gate } from '../gate.js'
import type { RequestTemplate } from '../request.js'
import type { Answer, Shot, Transport } from '../transport.js'
import { Exchange } from './exchange.js'
import { unreachable } from './unreachable.js'

export interface UndiciOptions {
  readonly request: RequestTemplate
  /** Bounds an attempt as a whole, connecting included. */
  readonly timeoutMs: number
  /** Microseconds on a monotonic clock. */
  readonly nowUs: () => number
}

/**
 * Purchases over HTTP/1.1, plain or TLS: one keep-alive connection per slot, never pipelined. A request is delivered at most
 * once: whatever fails after its first byte is `unknown`, and nothing is sent again.
 */
export class UndiciTransport implements Transport {
  readonly #options: UndiciOptions
  readonly #connect: buildConnector.connector
  readonly #gate = new Gate()
  #slots: Slot[] = []

  constructor(options: UndiciOptions) {
    this.#options = options
    this.#connect = buildConnector({ timeout: options.timeoutMs })
  }

  /** Connects once, sends nothing. Errors: target_unreachable. */
  async open(n: number): Promise<void> {
    await this.#tryToConnect()
    this.#slots = Array.from({ length: n }, () => new Slot(this.#options, this.#connect))
  }

  arm(slot: number, shot: Shot): Promise<Answer> {
    return this.#gate.hold(() => this.send(slot, shot))
  }

  release(): void {
    this.#gate.open()
  }

  async send(slot: number, shot: Shot): Promise<Answer> {
    return this.#slots[slot]!.send(shot)
  }

  /** Ends what is under way: `unknown`, or `not_sent` where not a byte of it was written. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()))
  }

  #tryToConnect(): Promise<void> {
    const { origin } = this.#options.request
    const { protocol, host, hostname, port } = new URL(origin)
    const where = { protocol, host, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port }
    return new Promise((resolve, reject) => {
      this.#connect(where, (error, socket) => {
        if (error) return reject(unreachable(origin, error))
        socket.destroy()
        resolve()
      })
    })
  }
}

/** One connection, with at most one exchange on it. */
class Slot {
  readonly #options: UndiciOptions
  readonly #client: Client
  #exchange: Exchange | null = null
  #connecting: { readonly socket: Socket | undefined; readonly startedAtUs: number } | null = null

  constructor(options: UndiciOptions, connect: buildConnector.connector) {
    this.#options = options
    this.#client = new Client(options.request.origin, {
      pipelining: 1,
      // One timer per attempt bounds it as a whole; undici's own are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (where, callback) => this.#timeConnect(connect, where, callback),
    })
  }

  async send(shot: Shot): Promise<Answer> {
    const { request, timeoutMs, nowUs } = this.#options
    const { path, headers, body } = request.build(shot)
    const method = request.method as Dispatcher.HttpMethod
    const dispatch = () => this.#client.dispatch({ method, path, headers, body }, exchange)
    const exchange = new Exchange(nowUs, dispatch)
    this.#exchange = exchange
    const timer = setTimeout(() => this.#end('timeout'), timeoutMs)
    dispatch()
    try {
      return await exchange.answer
    } finally {
      clearTimeout(timer)
      this.#exchange = null
    }
  }

  async close(): Promise<void> {
    this.#end('interrupted')
    await this.#client.destroy()
  }

  #end(note: string): void {
    if (this.#connecting !== null) this.#exchange?.connected(this.#connecting.startedAtUs)
    this.#exchange?.giveUp(note)
    this.#connecting?.socket?.destroy(new Error(note))
  }

  #timeConnect(connect: buildConnector.connector, where: buildConnector.Options, callback: buildConnector.Callback) {
    const startedAtUs = this.#options.nowUs()
    // The type says void, but undici returns the socket: the only handle on a connection that is still being made.
    const socket = connect(where, (...result) => {
      this.#connecting = null
      this.#exchange?.connected(startedAtUs)
      callback(...result)
    }) as unknown as Socket | undefined
    this.#connecting = { socket, startedAtUs }
  }
}
