import { setTimeout as pause } from 'node:timers/promises'
import { say } from '../../../language/say.js'
import { lastWords, type StartedTarget, startTarget } from '../../../load/start-command.js'
import { RedisProxy } from '../../../redis/proxy.js'
import { freePort } from '../../../redis/server-process.js'
import type { RedisTarget } from '../../../redis/target.js'
import { Gate } from './gate.js'
import type { HttpShop, ShopAnswer } from './lane.js'

export interface ShopsOptions {
  readonly count: number
  /** A shell command; `{port}` and `{redisPort}` stand for what each copy gets. Null: it runs already. */
  readonly command: string | null
  /** Where it answers; null: each copy gets a port of its own. */
  readonly port: number | null
  /** Where it finds its Redis; 0 takes a free port for each copy. */
  readonly proxyPort: number
  readonly redis: RedisTarget
  /** What a copy is told of its port and of its Redis. */
  readonly env: (redis: RedisTarget, port: number) => Promise<Readonly<Record<string, string | undefined>>>
  readonly ready?: (port: number) => string
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly seckill?: { readonly node: string; readonly bin: string }
  /** How purchases are made at the copy that listens on a port. */
  readonly buyer: (port: number) => Promise<Buyer>
}

/** One that makes purchases at one copy, as many at once as it was opened for. */
export interface Buyer {
  /** Never rejects. */
  buy(user: string, quantity: number): Promise<ShopAnswer>
  close(): Promise<void>
}

/** Running copies of a shop. */
export interface Shops {
  readonly shops: readonly HttpShop[]
  /** Ends all copies and their proxies; safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts copies of a shop, each with a port and a Redis proxy of its own, all at once. Errors: those of startTarget, after
 * everything that was started has ended.
 */
export const openShops = async (options: ShopsOptions): Promise<Shops> => {
  const copies = Array.from({ length: options.count }, () => new Copy(options))
  const stop = async () => {
    await Promise.all(copies.map((copy) => copy.stop()))
  }
  const started = await Promise.allSettled(copies.map((copy) => copy.start()))
  const failed = started.find((result) => result.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  return { shops: copies, stop }
}

class Copy implements HttpShop {
  readonly gate = new Gate()
  readonly #options: ShopsOptions
  #proxy: RedisProxy | undefined
  #server: StartedTarget | undefined
  #buyer: Buyer | undefined

  constructor(options: ShopsOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { command, redis, proxyPort, buyer } = this.#options
    const port = this.#options.port ?? (await freePort())
    this.#proxy = await RedisProxy.open(redis, { port: proxyPort, ...this.gate.hooks })
    if (command !== null) this.#server = await this.#serve(command, port, this.#proxy)
    this.#buyer = await buyer(port)
  }

  async #serve(command: string, port: number, proxy: RedisProxy): Promise<StartedTarget> {
    const { redis, env, ready, timeoutMs, signal, seckill } = this.#options
    return startTarget({
      command: command.replaceAll('{port}', String(port)).replaceAll('{redisPort}', String(proxy.port)),
      url: `http://127.0.0.1:${port}`,
      env: await env(proxy.through(redis), port),
      ...(ready && { ready: ready(port) }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(signal && { signal }),
      ...(seckill && { seckill }),
    })
  }

  buy(user: string, quantity: number): Promise<ShopAnswer> {
    return (this.#buyer as Buyer).buy(user, quantity)
  }

  async ended(withinMs: number): Promise<string | null> {
    const server = this.#server
    if (server === undefined) return null
    const end = await Promise.race([server.exited, pause(withinMs, null, { ref: false })])
    return end && `${end.signal ?? say`exit code ${end.code}`}: ${lastWords(server.lastOutput())}`
  }

  async stop(): Promise<void> {
    this.gate.open()
    await this.#buyer?.close()
    await this.#server?.stop()
    await this.#proxy?.close()
  }
}
