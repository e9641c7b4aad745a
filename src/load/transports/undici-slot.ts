import type { Socket } from 'node:net'
import { type buildConnector, Client, type Dispatcher } from 'undici'
import type { BuiltRequest, RequestTemplate } from '../request.js'
import type { Done, Shot } from '../transport.js'
import { Exchange } from './exchange.js'
import { afterNextRead, EARLY_ANSWER } from './next-read.js'
import type { ProxyOptions } from './proxy.js'

export interface UndiciOptions {
  readonly request: RequestTemplate
  /** Bounds an attempt as a whole, connecting included. */
  readonly timeoutMs: number
  /** Microseconds on a monotonic clock. */
  readonly nowUs: () => number
  /** Accepts certificates that do not verify. */
  readonly insecure?: boolean | undefined
  /** HTTP/2, over TLS. */
  readonly http2?: boolean | undefined
  readonly proxy?: ProxyOptions | undefined
  /** Addresses of this machine to send from, in turn. */
  readonly localAddresses?: readonly string[] | undefined
}

/** How an attempt is held back: `armed` is told whether all but its last byte is written; it goes on when `gate` resolves. */
export interface Hold {
  readonly armed: (armed: boolean) => void
  readonly gate: Promise<void>
}

/** One connection of undici's, with at most one exchange on it. */
export class UndiciSlot {
  readonly #options: UndiciOptions
  readonly #client: Client
  #exchange: Exchange | null = null
  #connecting: { readonly socket: Socket | undefined; readonly startedAtUs: number } | null = null

  constructor(options: UndiciOptions, connect: buildConnector.connector, localAddress: string | undefined) {
    this.#options = options
    const { proxy, request, http2 = false } = options
    this.#client = new Client(proxy?.forwards ? proxy.origin : request.origin, {
      pipelining: 1,
      allowH2: http2,
      // One timer per attempt bounds it as a whole; undici's own are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(localAddress !== undefined && { localAddress }),
      connect: (where, callback) => this.#timeConnect(connect, where, callback),
    })
  }

  send(shot: Shot, done: Done, hold: Hold | null = null): void {
    const { request, timeoutMs, nowUs, proxy } = this.#options
    const { path, headers, body } = request.build(shot)
    const sent: BuiltRequest = proxy?.forwards
      ? proxy.forward(request.origin, { path, headers, body })
      : { path, headers, body }
    const timer = setTimeout(() => this.#end('timeout'), timeoutMs)
    const exchange: Exchange = new Exchange(
      nowUs,
      hold !== null,
      () => this.#dispatch(sent, exchange, hold),
      (answer) => {
        clearTimeout(timer)
        this.#exchange = null
        hold?.armed(false)
        done(answer)
      },
    )
    this.#exchange = exchange
    this.#dispatch(sent, exchange, hold)
  }

  async close(): Promise<void> {
    this.#end('interrupted')
    await this.#client.destroy()
  }

  #dispatch({ path, headers, body }: BuiltRequest, exchange: Exchange, hold: Hold | null): void {
    const method = this.#options.request.method as Dispatcher.HttpMethod
    if (hold === null || body === null) this.#client.dispatch({ method, path, headers, body }, exchange)
    else {
      const bytes = Buffer.from(body)
      const withLength = { ...headers, 'content-length': String(bytes.length) }
      // The type knows no iterables, undici does.
      const held = heldBack(bytes, exchange, hold) as unknown as string
      this.#client.dispatch({ method, path, headers: withLength, body: held }, exchange)
    }
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
      const connected = (...told: typeof result) => {
        this.#connecting = null
        this.#exchange?.connected(startedAtUs)
        callback(...told)
      }
      const [, made] = result
      // In HTTP/2 the server may speak first.
      if (!made || this.#options.http2) connected(...result)
      else {
        afterNextRead(() => {
          if (made.readableLength === 0) connected(...result)
          else {
            made.destroy()
            connected(new Error(EARLY_ANSWER), null)
          }
        })
      }
    }) as unknown as Socket | undefined
    this.#connecting = { socket, startedAtUs }
  }
}

/** A body whose last byte waits. That undici asks for it means that it has written the others. */
async function* heldBack(bytes: Buffer, exchange: Exchange, { armed, gate }: Hold): AsyncGenerator<Buffer> {
  if (bytes.length > 1) yield bytes.subarray(0, -1)
  await new Promise<void>(afterNextRead)
  armed(true)
  await gate
  exchange.released()
  yield bytes.subarray(-1)
}
