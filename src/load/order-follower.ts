import type { Clock } from '../sale/clock.js'
import type { Outcome } from '../sale/outcome.js'
import type { Decisions } from './decisions.js'
import { type Following, MOST_OPEN } from './following.js'
import type { Answer, Shot } from './transport.js'

export interface OrderFollowerOptions {
  readonly nowUs: () => number
  readonly clock: Pick<Clock, 'sleep'>
  /** What became of a ticket that nobody here decided: another worker may have; null while it is open. */
  readonly look: (ticket: string) => Promise<Outcome | null>
  /** Where it is counted. */
  readonly results: Decisions
}

interface Open {
  readonly userIndex: number
  readonly copy: number
  readonly quantity: number
  readonly intendedAtUs: number
  readonly sentAtUs: number
}

/** Nothing heard for so long: time to look. */
const QUIET_MS = 1_000
/** Looks in a row that find nothing new; then what is open stays undecided. */
const LOOKS = 10
/** Tickets that are looked at in one go. */
const AT_ONCE = 500

/**
 * Follows queued attempts by what the back office of the same process says of their orders: it is told, and asks nobody
 * while it is. An order may be decided before the answer that it was accepted has been read.
 */
export class OrderFollower implements Following {
  /** The ticket that was followed last. */
  latest: string | null = null
  readonly #options: OrderFollowerOptions
  readonly #open = new Map<string, Open>()
  /** Decided, while nobody knows yet whose they are; `null` where the order was given up. */
  readonly #early = new Map<string, { readonly outcome: Outcome | null; readonly atUs: number }>()
  #heard = 0
  #drained: () => void = () => {}

  constructor(options: OrderFollowerOptions) {
    this.#options = options
  }

  async open(): Promise<void> {}

  follow({ userIndex, copy, quantity }: Omit<Shot, 'user'>, { reply, sentAtUs }: Answer, intendedAtUs: number): void {
    const { results } = this.#options
    results.count('queued')
    const ticket = reply.kind === 'outcome' ? reply.ticket : undefined
    if (ticket === undefined || this.#open.size >= MOST_OPEN) {
      results.count('notFollowed')
      return
    }
    this.latest = ticket
    this.#open.set(ticket, { userIndex, copy, quantity, intendedAtUs, sentAtUs })
    const early = this.#early.get(ticket)
    if (early === undefined) return
    this.#early.delete(ticket)
    this.#close(ticket, early.outcome, early.atUs)
  }

  /** An order is decided; `null`: it was given up, and nobody will decide it. */
  decided(ticket: string, outcome: Outcome | null): void {
    this.#heard++
    const atUs = this.#options.nowUs()
    if (this.#open.has(ticket)) this.#close(ticket, outcome, atUs)
    else if (this.#early.size < MOST_OPEN) this.#early.set(ticket, { outcome, atUs })
  }

  async finish(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const drained = new Promise<void>((resolve) => {
      this.#drained = resolve
    })
    for (let quiet = 0; this.#open.size > 0 && quiet < LOOKS && !signal.aborted; ) {
      const before = this.#heard
      const over = new AbortController()
      const pause = clock.sleep(QUIET_MS, AbortSignal.any([signal, over.signal])).catch(() => {})
      await Promise.race([drained, pause])
      over.abort()
      if (this.#heard === before && !signal.aborted) await this.#lookAtOpen()
      quiet = this.#heard === before ? quiet + 1 : 0
    }
    this.#early.clear()
  }

  async close(): Promise<void> {}

  #close(ticket: string, outcome: Outcome | null, atUs: number): void {
    const open = this.#open.get(ticket) as Open
    this.#open.delete(ticket)
    if (outcome !== null) this.#options.results.add({ ...open, outcome, decidedAtUs: atUs })
    if (this.#open.size === 0) this.#drained()
  }

  async #lookAtOpen(): Promise<void> {
    const tickets = [...this.#open.keys()]
    for (let from = 0; from < tickets.length; from += AT_ONCE) {
      const looks = tickets.slice(from, from + AT_ONCE).map(async (ticket) => {
        const outcome = await this.#options.look(ticket)
        if (outcome !== null && this.#open.has(ticket)) this.decided(ticket, outcome)
      })
      await Promise.all(looks)
    }
  }
}
