/** Begins what waited for its turn, and ends the turn by `over`, however often that is called; false where it has no use for it. */
type Start = (over: () => void) => boolean

/** Lets only so many connections be made at a time, so that a storm of them does not overrun the server's backlog. */
export class ConnectQueue {
  #free: number
  readonly #waiting: Start[] = []
  /** Index of the one whose turn is next: taking it off the front of 50,000 would move all the others. */
  #next = 0

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  /** Calls `start`, now or when its turn comes. */
  enter(start: Start): void {
    if (this.#free > 0) this.#begin(start)
    else if (this.#free === 0) this.#waiting.push(start)
  }

  /** Nobody gets a turn any more. */
  close(): void {
    this.#waiting.length = 0
    this.#free = Number.NEGATIVE_INFINITY
  }

  #begin(start: Start): void {
    let due = true
    const over = () => {
      if (due) this.#done()
      due = false
    }
    if (start(over)) this.#free--
  }

  #done(): void {
    this.#free++
    while (this.#free > 0 && this.#next < this.#waiting.length) this.#begin(this.#waiting[this.#next++]!)
    // What had its turn goes once it is the larger part, also where somebody always waits.
    if (2 * this.#next < this.#waiting.length) return
    this.#waiting.splice(0, this.#next)
    this.#next = 0
  }
}
