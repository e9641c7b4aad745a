import type { Outcome } from '../../../sale/outcome.js'
import type { Gate, HeldStep } from './gate.js'

/** What a shop answered to a purchase. */
export interface ShopAnswer {
  readonly outcome: Outcome
  /** For people: status and text, or why there was none. */
  readonly text: string
  /** No answer: it could not be sent, the connection broke, or it took too long. */
  readonly lost: boolean
}

/** A running copy of the shop, with a gate of its own. */
export interface HttpShop {
  readonly gate: Gate
  /** One purchase over HTTP; never rejects. */
  buy(user: string, quantity: number): Promise<ShopAnswer>
  /** How it ended, in words; null where it still runs, after waiting so long for its end. */
  ended(withinMs: number): Promise<string | null>
}

/** One buyer's purchase at a shop of its own: on its way, holding a step at the gate, or answered. */
export class HttpLane {
  readonly shop: HttpShop
  answer: ShopAnswer | null = null
  /** Positions of its first step and of the one that brought the answer. */
  from: number | null = null
  to: number | null = null
  /** Neither answered nor sent a command for longer than it may. */
  stalled = false
  readonly #done: Promise<void>
  #onQuiet: (() => void) | null = null

  constructor(shop: HttpShop, user: string, quantity: number) {
    this.shop = shop
    shop.gate.onChange = () => this.#quieten()
    this.#done = shop.buy(user, quantity).then((answer) => {
      this.answer = answer
      this.#quieten()
    })
  }

  get next(): HeldStep | undefined {
    return this.shop.gate.held[0]
  }

  /**
   * Resolves once it holds a step or is answered; then waits `windowMs` for what a shop sends at the same time. After
   * `limitMs` with neither it is stalled.
   */
  async quiet(limitMs: number, windowMs: number): Promise<void> {
    if (!this.#isQuiet) {
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.#onQuiet = resolve
        timer = setTimeout(() => {
          this.stalled = true
          resolve()
        }, limitMs)
      })
      clearTimeout(timer)
    }
    if (windowMs > 0) await new Promise((resolve) => setTimeout(resolve, windowMs))
  }

  /** Lets everything go that is held, and waits for the answer. */
  async finish(): Promise<void> {
    this.shop.gate.open()
    await this.#done
  }

  get #isQuiet(): boolean {
    return this.answer !== null || this.next !== undefined
  }

  #quieten(): void {
    // A connection that ends is no news of the purchase.
    if (!this.#isQuiet) return
    this.#onQuiet?.()
    this.#onQuiet = null
  }
}
