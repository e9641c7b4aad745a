import { buildConnector } from 'undici'
import { SeckillError, usageError } from '../../errors.js'
import { say } from '../../language/say.js'
import type { Done, GatedTransport, Shot } from '../transport.js'
import { throughProxy } from './proxy.js'
import { type UndiciOptions, UndiciSlot } from './undici-slot.js'
import { unreachable } from './unreachable.js'

/**
 * Purchases over TLS, HTTP/2 and proxies: one keep-alive connection per slot, never pipelined. A request is delivered at most
 * once: whatever fails after its first byte is `unknown`, and nothing is sent again.
 */
export class UndiciTransport implements GatedTransport {
  readonly #options: UndiciOptions
  readonly #connect: buildConnector.connector
  #slots: UndiciSlot[] = []
  #openGate!: () => void
  #gate!: Promise<void>

  constructor(options: UndiciOptions) {
    const { timeoutMs, insecure = false, http2 = false, proxy, request } = options
    const connector = buildConnector({ timeout: timeoutMs, rejectUnauthorized: !insecure, allowH2: http2 })
    this.#options = options
    this.#connect = proxy === undefined ? connector : throughProxy(proxy, request.origin, connector, timeoutMs)
    this.#closeGate()
  }

  /** Connects once, sends nothing. Errors: target_unreachable, unsupported. */
  async open(n: number): Promise<void> {
    await this.#tryToConnect()
    const { localAddresses = [] } = this.#options
    this.#slots = Array.from(
      { length: n },
      (_, slot) => new UndiciSlot(this.#options, this.#connect, localAddresses[slot % localAddresses.length]),
    )
  }

  send(slot: number, shot: Shot, done: Done): void {
    this.#slots[slot]!.send(shot, done)
  }

  /** The last byte of a request without a body cannot be held back here: such a burst is a usage error. */
  async arm(slot: number, shot: Shot, done: Done): Promise<boolean> {
    if (!this.#options.request.build(shot).body) {
      throw usageError(say`a burst over https, HTTP/2 or a proxy needs a body, whose last byte waits`, say`use POST`)
    }
    return new Promise((resolve) => this.#slots[slot]!.send(shot, done, { armed: resolve, gate: this.#gate }))
  }

  release(): void {
    this.#openGate()
    this.#closeGate()
  }

  /** Ends what is under way: `unknown`, or `not_sent` where not a byte of it was written. */
  async close(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.close()))
  }

  #closeGate(): void {
    this.#gate = new Promise((resolve) => {
      this.#openGate = resolve
    })
  }

  #tryToConnect(): Promise<void> {
    const { request, http2, localAddresses = [] } = this.#options
    const { protocol, host, hostname, port } = new URL(request.origin)
    const where = { protocol, host, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port }
    const from = localAddresses[0]
    return new Promise((resolve, reject) => {
      this.#connect({ ...where, ...(from !== undefined && { localAddress: from }) }, (error, socket) => {
        if (error) return reject(error instanceof SeckillError ? error : unreachable(request.origin, error))
        const protocolSpoken = 'alpnProtocol' in socket ? socket.alpnProtocol : null
        socket.destroy()
        if (!http2 || protocolSpoken === 'h2') resolve()
        else
          reject(new SeckillError('unsupported', say`${request.origin} does not speak HTTP/2`, say`leave out --http2`))
      })
    })
  }
}
