import type { DedicatedRedis } from '../redis/port.js'

/** Hands each connection to one purchase at a time; broken ones are dropped and replaced when needed. */
export class ConnectionPool {
  readonly #open: () => Promise<DedicatedRedis>
  readonly #max: number
  readonly #idle: DedicatedRedis[] = []
  readonly #waiting: (() => void)[] = []
  #inUse = 0
  #closed = false

  constructor(open: () => Promise<DedicatedRedis>, max: number) {
    this.#open = open
    this.#max = max
  }

  /** Resolves with a usable connection; rejects where a new one cannot be opened. */
  async take(): Promise<DedicatedRedis> {
    if (this.#inUse >= this.#max) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#inUse++
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.usable) return idle
    }
    try {
      return await this.#open()
    } catch (error) {
      this.#release()
      throw error
    }
  }

  give(connection: DedicatedRedis): void {
    if (this.#closed) connection.close()
    else if (connection.usable) this.#idle.push(connection)
    this.#release()
  }

  /** Closes what rests now, and what is in use when it is given back. */
  async close(): Promise<void> {
    this.#closed = true
    for (const connection of this.#idle.splice(0)) connection.close()
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#inUse--
  }
}
