interface Entry<T> {
  readonly item: T
  readonly dueUs: number
  /** Of two that are due together the earlier comes first. */
  readonly entered: number
}

/** What waits for its time, the next one first: a binary heap. */
export class DueQueue<T> {
  readonly #heap: Entry<T>[] = []
  #entered = 0

  get length(): number {
    return this.#heap.length
  }

  /** When the next one is due; undefined where none waits. */
  get nextDueUs(): number | undefined {
    return this.#heap[0]?.dueUs
  }

  push(item: T, dueUs: number): void {
    const heap = this.#heap
    const entry = { item, dueUs, entered: this.#entered++ }
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent] as Entry<T>
      if (!isBefore(entry, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = entry
  }

  /** Takes the next one out; undefined where none waits. */
  shift(): T | undefined {
    const [first] = this.#heap
    const last = this.#heap.pop()
    if (first === undefined || last === undefined) return undefined
    if (this.#heap.length > 0) this.#sink(last)
    return first.item
  }

  #sink(entry: Entry<T>): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
      if (left === undefined) break
      const [next, child] = right !== undefined && isBefore(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1]
      if (!isBefore(next, entry)) break
      heap[at] = next
      at = child
    }
    heap[at] = entry
  }
}

const isBefore = (a: Entry<unknown>, b: Entry<unknown>): boolean =>
  a.dueUs < b.dueUs || (a.dueUs === b.dueUs && a.entered < b.entered)
