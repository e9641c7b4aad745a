/** Enough calls on the way to keep Redis busy while the next batch gathers. */
const MAX_CALLS = 4
/** Bounds the time that one call may hold Redis, and stays far below Lua's limit on unpacked values (8,000). */
const MAX_BATCH = 500

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Items of one process that wait at the same time share one call. A call that fails fails for all that share it. */
export class Batcher<Item, Answer> {
  readonly #call: (items: readonly Item[]) => Promise<ArrayLike<Answer>>
  #queue: Waiting<Item, Answer>[] = []
  #calls = 0
  #scheduled = false

  /** `call` answers a batch item by item. */
  constructor(call: (items: readonly Item[]) => Promise<ArrayLike<Answer>>) {
    this.#call = call
  }

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(() => this.#dispatch())
    })
  }

  #dispatch(): void {
    this.#scheduled = false
    while (this.#queue.length > 0 && this.#calls < MAX_CALLS) {
      const batch = this.#queue.length <= MAX_BATCH ? this.#queue : this.#queue.slice(0, MAX_BATCH)
      this.#queue = this.#queue.length <= MAX_BATCH ? [] : this.#queue.slice(MAX_BATCH)
      this.#calls++
      void this.#send(batch).finally(() => {
        this.#calls--
        this.#dispatch()
      })
    }
  }

  async #send(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#call(batch.map(({ item }) => item))
      batch.forEach(({ resolve }, i) => {
        resolve(answers[i] as Answer)
      })
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}
