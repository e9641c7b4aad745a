import { WideningBins } from './widening-bins.js'

const BINS = 65_536
const [ALL, WON] = [0, 1]

/** How those who bought stood in the order of sending. */
export interface WinnersOrder {
  readonly winners: number
  /** How many of them were among the first `winners` to send: all of them where first come is first served. */
  readonly amongFirst: number
  /** Place of the last of them, from 1. */
  readonly lastPlace: number
}

/**
 * Counts sends, and sends that won, over time: bounded memory, and places exact to a bin, which is a µs for a burst of 65 ms
 * and a ms for a run of a minute.
 */
export class SendOrder {
  readonly #bins = new WideningBins(BINS, 2, 1)

  add(sentAtUs: number, won: boolean): void {
    this.#bins.add(sentAtUs, ALL)
    if (won) this.win(sentAtUs)
  }

  /** One that was sent then, and added before, has won after all. */
  win(sentAtUs: number): void {
    this.#bins.add(sentAtUs, WON)
  }

  /** Null where nobody won. */
  winners(): WinnersOrder | null {
    const [all, won] = this.#bins.columns as [Uint32Array, Uint32Array]
    const winners = sum(won)
    if (winners === 0) return null
    let before = 0
    let amongFirst = 0
    let lastPlace = 0
    for (let bin = 0; bin < BINS; bin++) {
      const here = won[bin] as number
      if (here > 0) {
        amongFirst += Math.min(here, Math.max(0, winners - before))
        lastPlace = before + here
      }
      before += all[bin] as number
    }
    return { winners, amongFirst, lastPlace }
  }

  /** How many had won among the first n to send, as pairs [n, winners] from [0, 0] on; at most `points` and two of them. */
  curve(points: number): [number, number][] {
    const [all, won] = this.#bins.columns as [Uint32Array, Uint32Array]
    const step = sum(all) / points
    const curve: [number, number][] = [[0, 0]]
    let [sent, winners, shown] = [0, 0, 0]
    for (let bin = 0; bin < BINS; bin++) {
      if (all[bin] === 0) continue
      sent += all[bin] as number
      winners += won[bin] as number
      if (sent - shown < step) continue
      curve.push([sent, winners])
      shown = sent
    }
    if (sent > shown) curve.push([sent, winners])
    return curve
  }
}

const sum = (counts: Uint32Array): number => counts.reduce((all, count) => all + count, 0)
