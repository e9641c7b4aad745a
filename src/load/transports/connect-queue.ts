/** Lets only so many connections be made at a time, so that a storm of them does not overrun the server's backlog. */
export class ConnectQueue {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  /** Calls `start`, now or when its turn comes; each turn ends with {@link done}. */
  enter(start: () => void): void {
    if (this.#free === 0) this.#waiting.push(start)
    else {
      this.#free--
      start()
    }
  }

  done(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
