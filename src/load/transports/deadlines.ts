/** Bounds the time of attempts that all have the same timeout. One timer for all slots: one each would cost more than the clock does. */
export class Deadlines {
  readonly #timeoutUs: number
  readonly #nowUs: () => number
  readonly #expire: (slot: number) => void
  /** When each slot's attempt began; 0 for none. */
  readonly #since: Float64Array
  #timer: NodeJS.Timeout | null = null

  constructor(slots: number, timeoutMs: number, nowUs: () => number, expire: (slot: number) => void) {
    this.#since = new Float64Array(slots)
    this.#timeoutUs = timeoutMs * 1_000
    this.#nowUs = nowUs
    this.#expire = expire
  }

  begin(slot: number, nowUs: number): void {
    this.#since[slot] = nowUs
    this.#timer ??= setTimeout(this.#sweep, this.#timeoutUs / 1_000)
  }

  end(slot: number): void {
    this.#since[slot] = 0
  }

  close(): void {
    clearTimeout(this.#timer ?? undefined)
    this.#since.fill(0)
  }

  readonly #sweep = (): void => {
    this.#timer = null
    const nowUs = this.#nowUs()
    let earliest = Number.POSITIVE_INFINITY
    this.#since.forEach((since, slot) => {
      if (since === 0) return
      if (since + this.#timeoutUs <= nowUs) this.#expire(slot)
      else earliest = Math.min(earliest, since)
    })
    // What expired may have begun another attempt, and with it the timer: too late for these.
    if (earliest === Number.POSITIVE_INFINITY) return
    clearTimeout(this.#timer ?? undefined)
    this.#timer = setTimeout(this.#sweep, Math.max(1, Math.ceil((earliest + this.#timeoutUs - nowUs) / 1_000)))
  }
}
