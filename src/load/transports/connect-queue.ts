/** Lets only so many connections be made at a time, so that a storm of them does not overrun the server's backlog. */
export class ConnectQueue {
  #free: number
  readonly #waiting: (() => boolean)[] = []

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  /** Calls `start`, now or when its turn comes; where it says false it has no use for the turn. A turn ends with {@link done}. */
  enter(start: () => boolean): void {
    if (this.#free === 0) this.#waiting.push(start)
    else if (start()) this.#free--
  }

  done(): void {
    this.#free++
    while (this.#free > 0 && this.#waiting.length > 0) {
      if (this.#waiting.shift()!()) this.#free--
    }
  }
}
