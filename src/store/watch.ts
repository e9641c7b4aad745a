import type { RedisPort } from '../redis/port.js'
import type { StockPart, StockSamples } from '../sale/final-state.js'
import type { StockPlace } from '../sale/layout.js'
import { readStock } from './readers/stock/index.js'
import type { StockReading } from './readers/stock/reader.js'

/** Looks at the stock again and again while a run goes on; a dip below zero that is repaired shows only here. */
export class StockWatch {
  readonly #read: () => Promise<StockReading>
  readonly #intervalMs: number
  #timer: NodeJS.Timeout | undefined
  #reading: Promise<void> = Promise.resolve()
  #lowest: number | null = null
  #lowestPart: StockPart | undefined
  #samples = 0
  #last: number | null = null
  #stopped = false

  constructor(redis: RedisPort, place: StockPlace, intervalMs: number) {
    this.#read = () => readStock(redis, place)
    this.#intervalMs = intervalMs
  }

  /** The latest sample; null while the stock was not readable. */
  get last(): number | null {
    return this.#last
  }

  start(): void {
    this.#reading = this.#sample()
  }

  /** Ends the watch after one more sample; null where none succeeded. */
  async stop(): Promise<StockSamples | null> {
    clearTimeout(this.#timer)
    this.#stopped = true
    await this.#reading
    await this.#sample()
    if (this.#lowest === null || this.#last === null) return null
    const part = this.#lowestPart && { lowestPart: this.#lowestPart }
    return { lowest: this.#lowest, ...part, last: this.#last, samples: this.#samples, intervalMs: this.#intervalMs }
  }

  async #sample(): Promise<void> {
    // A Redis that does not answer costs samples, nothing else: the purchases tell that story themselves.
    const reading = await this.#read().catch(() => null)
    if (reading !== null && reading.remaining !== null) {
      const { remaining, lowestPart } = reading
      this.#last = remaining
      this.#samples++
      this.#lowest = Math.min(this.#lowest ?? remaining, remaining)
      if (lowestPart && lowestPart.units < (this.#lowestPart?.units ?? Infinity)) this.#lowestPart = lowestPart
    }
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#reading = this.#sample()
    }, this.#intervalMs)
    this.#timer.unref()
  }
}
