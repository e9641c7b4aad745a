import { OUTCOMES, type Outcome } from '../../sale/outcome.js'
import { type Shop, StockMissing } from '../../strategies/strategy.js'
import { Gate } from '../gate.js'
import type { Answer, Reply, Shot, Transport } from '../transport.js'

/** One object per outcome: at half a million purchases a second, another one each would show. */
const TOLD = Object.fromEntries(
  OUTCOMES.map((outcome) => [outcome, { kind: 'outcome', outcome, note: '' }]),
) as unknown as Readonly<Record<Outcome, Reply>>

/** Purchases made by a strategy in this process, straight on Redis. */
export class DirectTransport implements Transport {
  readonly #shop: Shop
  readonly #nowUs: () => number
  readonly #gate = new Gate()

  constructor(shop: Shop, nowUs: () => number) {
    this.#shop = shop
    this.#nowUs = nowUs
  }

  async open(): Promise<void> {}

  arm(slot: number, shot: Shot): Promise<Answer> {
    return this.#gate.hold(() => this.send(slot, shot))
  }

  release(): void {
    this.#gate.open()
  }

  // Chained by hand: an async function for every step would double what a purchase costs here.
  send(_slot: number, shot: Shot): Promise<Answer> {
    const sentAtUs = this.#nowUs()
    const answer = (reply: Reply): Answer => ({ sentAtUs, doneAtUs: this.#nowUs(), connectUs: 0, reply })
    return this.#shop.buy(shot).then(
      (outcome) => answer(TOLD[outcome]),
      (error: unknown) => answer(replyOfError(error)),
    )
  }

  close(): Promise<void> {
    return this.#shop.close()
  }
}

/** A purchase without a sale is data; anything else is a bug, and ends the run. */
const replyOfError = (error: unknown): Reply => {
  if (error instanceof StockMissing) return { kind: 'outcome', outcome: 'error', note: error.message }
  throw error
}
