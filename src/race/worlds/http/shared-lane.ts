import type { Passage } from '../../../redis/proxy-connection.js'
import type { HeldStep } from './gate.js'
import type { HttpShop, ShopAnswer } from './lane.js'

/** One buyer's purchase at a shop that others use too: not yet sent, under way, or answered. */
export class SharedLane {
  readonly shop: HttpShop
  /** Commands that came for it and have not gone to Redis, in order. */
  readonly sent: Passage[] = []
  answer: ShopAnswer | null = null
  from: number | null = null
  to: number | null = null
  /** Resolves once it is answered; at once where it was never sent. */
  answered: Promise<void> = Promise.resolve()
  readonly #user: string
  readonly #quantity: number
  readonly #onQuiet = new Set<() => void>()
  #started = false

  constructor(shop: HttpShop, user: string, quantity: number) {
    this.shop = shop
    this.#user = user
    this.#quantity = quantity
  }

  get isStarted(): boolean {
    return this.#started
  }

  get isUnderWay(): boolean {
    return this.#started && this.answer === null
  }

  /** Its first command that has come to the head of its connection. */
  get next(): HeldStep | undefined {
    return this.shop.gate.held.find(({ passage }) => this.sent.includes(passage))
  }

  send(): void {
    this.#started = true
    this.answered = this.shop.buy(this.#user, this.#quantity).then((answer) => {
      this.answer = answer
      this.quieten()
    })
  }

  isNamedIn({ args, queued }: Passage): boolean {
    return [...args, ...queued.flatMap((each) => each.args)].some((word) => word.includes(this.#user))
  }

  /** Resolves once it has sent something or is answered, at the latest after `limitMs`; then waits `windowMs` for more. */
  async quiet(limitMs: number, windowMs: number): Promise<void> {
    if (!this.#isQuiet) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs)
        this.#onQuiet.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
    if (windowMs > 0) await new Promise((resolve) => setTimeout(resolve, windowMs))
  }

  quieten(): void {
    if (!this.#isQuiet) return
    for (const wake of this.#onQuiet) wake()
    this.#onQuiet.clear()
  }

  get #isQuiet(): boolean {
    return this.answer !== null || this.sent.length > 0
  }
}
