import { setTimeout as pause } from 'node:timers/promises'
import { lastWords, type StartedTarget, startTarget } from '../../../load/start-command.js'
import { RedisProxy } from '../../../redis/proxy.js'
import { freePort } from '../../../redis/server-process.js'
import type { RedisTarget } from '../../../redis/target.js'
import { Gate } from './gate.js'
import type { HttpShop, ShopAnswer } from './lane.js'

export interface ShopsOptions {
  readonly count: number
  /** A shell command; `{port}` and `{redisPort}` stand for what each copy gets. */
  readonly command: string
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

/** One that makes purchases at one copy, one at a time. */
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
    const { command, redis, env, ready, timeoutMs, signal, seckill, buyer } = this.#options
    this.#proxy = await RedisProxy.open(redis, { port: 0, ...this.gate.hooks })
    const port = await freePort()
    this.#server = await startTarget({
      command: command.replaceAll('{port}', String(port)).replaceAll('{redisPort}', String(this.#proxy.port)),
      url: `http://127.0.0.1:${port}`,
      env: await env(this.#proxy.through(redis), port),
      ...(ready && { ready: ready(port) }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(signal && { signal }),
      ...(seckill && { seckill }),
    })
    this.#buyer = await buyer(port)
  }

  buy(user: string, quantity: number): Promise<ShopAnswer> {
    return (this.#buyer as Buyer).buy(user, quantity)
  }

  async ended(withinMs: number): Promise<string | null> {
    const server = this.#server as StartedTarget
    const end = await Promise.race([server.exited, pause(withinMs, null, { ref: false })])
    return end && `${end.signal ?? `exit code ${end.code}`}: ${lastWords(server.lastOutput())}`
  }

  async stop(): Promise<void> {
    this.gate.open()
    await this.#buyer?.close()
    await this.#server?.stop()
    await this.#proxy?.close()
  }
}
