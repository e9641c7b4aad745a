import { OUTCOMES, type Outcome } from '../../sale/outcome.js'
import { type Shop, StockMissing } from '../../strategies/strategy.js'
import type { Done, Reply, Shot, Transport } from '../transport.js'

/** One object per outcome: at half a million purchases a second, another one each would show. */
const TOLD = Object.fromEntries(
  OUTCOMES.map((outcome) => [outcome, { kind: 'outcome', outcome, note: '' }]),
) as unknown as Readonly<Record<Outcome, Reply>>

/** Told without asking Redis: one after another they would leave no timer and no signal its turn. */
const AT_ONCE: ReadonlySet<Outcome> = new Set<Outcome>(['not_sent', 'rejected'])

/** Purchases made by a strategy in this process, straight on Redis. */
export class DirectTransport implements Transport {
  readonly #shop: Shop
  readonly #nowUs: () => number
  readonly #ticketOf: ((shot: Shot) => string) | undefined

  /** `ticketOf` names the order of a purchase, where purchases become orders. */
  constructor(shop: Shop, nowUs: () => number, ticketOf?: (shot: Shot) => string) {
    this.#shop = shop
    this.#nowUs = nowUs
    this.#ticketOf = ticketOf
  }

  async open(): Promise<void> {}

  // Not an async function, which would double what a purchase costs here.
  send(_slot: number, shot: Shot, done: Done): void {
    const sentAtUs = this.#nowUs()
    const answer = (reply: Reply) => done({ sentAtUs, doneAtUs: this.#nowUs(), connectUs: 0, reply })
    const ticket = this.#ticketOf?.(shot)
    this.#shop.buy(ticket === undefined ? shot : { ...shot, ticket }).then(
      (outcome) => {
        if (outcome === 'queued' && ticket !== undefined) answer({ kind: 'outcome', outcome, note: '', ticket })
        else if (AT_ONCE.has(outcome)) setImmediate(answer, TOLD[outcome])
        else answer(TOLD[outcome])
      },
      (error: Error) => {
        // A purchase without a sale is data.
        if (error instanceof StockMissing) answer({ kind: 'outcome', outcome: 'error', note: error.message })
        else done(error)
      },
    )
  }

  close(): Promise<void> {
    return this.#shop.close()
  }
}
