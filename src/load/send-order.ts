const BINS = 65_536

/** How those who bought stood in the order of sending. */
export interface WinnersOrder {
  readonly winners: number
  /** How many of them were among the first `winners` to send: all of them where first come is first served. */
  readonly amongFirst: number
  /** Place of the last of them, from 1. */
  readonly lastPlace: number
}

/**
 * Counts sends, and sends that won, over time in bins that double in width when the run outgrows them: bounded memory, and
 * places exact to a bin, which is a µs for a burst of 65 ms and a ms for a run of a minute.
 */
export class SendOrder {
  readonly #all = new Uint32Array(BINS)
  readonly #won = new Uint32Array(BINS)
  #widthUs = 1

  add(sentAtUs: number, won: boolean): void {
    let bin = Math.floor(Math.max(0, sentAtUs) / this.#widthUs)
    for (; bin >= BINS; bin = Math.floor(bin / 2)) this.#widen()
    this.#all[bin]!++
    if (won) this.#won[bin]!++
  }

  /** Null where nobody won. */
  winners(): WinnersOrder | null {
    const winners = this.#won.reduce((sum, count) => sum + count, 0)
    if (winners === 0) return null
    let before = 0
    let amongFirst = 0
    let lastPlace = 0
    for (let bin = 0; bin < BINS; bin++) {
      const won = this.#won[bin] as number
      if (won > 0) {
        amongFirst += Math.min(won, Math.max(0, winners - before))
        lastPlace = before + won
      }
      before += this.#all[bin] as number
    }
    return { winners, amongFirst, lastPlace }
  }

  #widen(): void {
    this.#widthUs *= 2
    for (const counts of [this.#all, this.#won]) {
      for (let bin = 0; bin < BINS / 2; bin++) counts[bin] = counts[2 * bin]! + counts[2 * bin + 1]!
      counts.fill(0, BINS / 2)
    }
  }
}
