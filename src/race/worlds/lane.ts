import { say } from '../../language/say.js'
import { type AtomicUnit, RedisFailure, type Reply } from '../../redis/port.js'
import { isOutcome, OUTCOMES, type Outcome } from '../../sale/outcome.js'
import { StockMissing } from '../../strategies/strategy.js'
import type { Event, Step } from '../events.js'
import { type Access, LIFETIMES } from '../independence.js'
import type { Session } from './wire.js'

/** Positions of the steps any of which lets a step go on that waits for work; none: it waits. */
export type Gate = (steps: readonly Step[]) => number[]

/** A step that waits to be chosen. */
export interface Held {
  readonly event: Exclude<Event, { kind: 'expire' | 'request' }>
  readonly session: Session | null
  /** What a repeated pause waits for: a change, by somebody else, of what was seen at these positions. */
  readonly awaits: readonly Touched[] | null
  /** What a step waits for that is no pause. */
  readonly gate: Gate | null
  readonly resolve: (reply: Reply) => void
  readonly reject: (failure: RedisFailure) => void
}

export interface Touched {
  readonly access: Access
  readonly position: number
}

/** What the queue knows of an order. */
export interface Decision {
  readonly ticket: string
  readonly outcome: Outcome
}

/** What a buyer was told, or why not. */
export type Answer = { readonly outcome: Outcome } | Fault | 'never-settles'

/** A purchase that ended without an answer. */
export interface Fault {
  /** What it did, after "the purchase": `threw: …`. */
  readonly did: string
  readonly hint: string
}

/**
 * One buyer's purchase, or what a process of the back office does: running, holding its next step, or answered. Its state tells when it is quiet; how many turns of
 * the event loop that takes does not matter.
 */
export class Lane {
  readonly sessions: Session[] = []
  readonly #held: Held[] = []
  answer: Answer | null = null
  /** Positions of its first step and of the one that brought the answer. */
  from: number | null = null
  to: number | null = null
  nowMs = 0
  /** Orders that this worker has decided. */
  readonly decided: Decision[] = []
  #gate: Gate | null = null
  #onQuiet: (() => void) | null = null
  #round: string[] = []
  #touched: Touched[] = []
  readonly #rounds = new Set<string>()

  run(purchase: Promise<Outcome>): void {
    purchase.then(
      (outcome) => this.#settle(isOutcome(outcome) ? { outcome } : returned(outcome)),
      (error: unknown) => this.#settle(error instanceof StockMissing ? { outcome: 'error' } : threw(error)),
    )
  }

  hold(unit: AtomicUnit, session: Session): Promise<Reply> {
    const gate = this.#gate
    this.#gate = null
    return this.#wait((resolve, reject) => ({ event: unit, session, awaits: null, gate, resolve, reject }))
  }

  /** The next unit waits for this. */
  waitFor(gate: Gate): void {
    this.#gate = gate
  }

  /** The process dies: what it held is never sent. */
  die(): void {
    this.#held.length = 0
    this.#settle({ outcome: 'unknown' })
  }

  /**
   * A pause. A round of steps that was made before, with the same replies, would be made again and again: the pause behind
   * it ends only after somebody changed something that the round looked at.
   */
  async sleep(ms: number): Promise<void> {
    const round = this.#round.join('\n')
    const awaits = this.#rounds.has(round) ? this.#touched : null
    this.#rounds.add(round)
    this.#round = []
    this.#touched = []
    await this.#wait((resolve, reject) => ({
      event: { kind: 'sleep', ms },
      session: null,
      awaits,
      gate: null,
      resolve,
      reject,
    }))
  }

  get next(): Held | undefined {
    return this.#held[0]
  }

  /** Lets the next step go with its reply. */
  feed(reply: Reply | RedisFailure, accesses: readonly Access[], position: number): void {
    const { event, resolve, reject } = this.#held.shift() as Held
    this.from ??= position
    if (event.kind === 'sleep') this.nowMs += event.ms
    else {
      this.#round.push(JSON.stringify([event, reply]))
      const keys = accesses.filter(({ key }) => key !== LIFETIMES)
      this.#touched.push(...keys.map((access) => ({ access, position })))
    }
    if (reply instanceof RedisFailure) reject(reply)
    else resolve(reply)
  }

  /** Resolves once it holds a step or is answered; after `limitMs` without either it counts as one that never settles. */
  async quiet(limitMs: number): Promise<void> {
    if (this.answer !== null || this.#held.length > 0) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#onQuiet = resolve
      timer = setTimeout(() => this.#settle('never-settles'), limitMs)
    })
    clearTimeout(timer)
  }

  #wait(heldWith: (resolve: Held['resolve'], reject: Held['reject']) => Held): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#held.push(heldWith(resolve, reject))
      this.#quieten()
    })
  }

  #settle(answer: Answer): void {
    this.answer ??= answer
    this.#quieten()
  }

  #quieten(): void {
    this.#onQuiet?.()
    this.#onQuiet = null
  }
}

const threw = (error: unknown): Fault => ({
  did: say`threw: ${String((error as Error)?.stack ?? error).split('\n')[0]}`,
  hint: say`turn what may fail into an outcome`,
})

const returned = (value: unknown): Fault => ({
  did: say`returned ${JSON.stringify(value) ?? String(value)}, which is no outcome`,
  hint: say`return one of ${OUTCOMES.join(', ')}`,
})

/** What stands for the step of the expiry, which no lane holds. */
export const EXPIRY: Pick<Held, 'session'> & { readonly event: Event } = { event: { kind: 'expire' }, session: null }

/** The death of a process, in place of what it holds. */
export const deathOf = (leaves: AtomicUnit | null): Held => ({
  ...{ event: { kind: 'die', leaves }, session: null, awaits: null, gate: null },
  ...{ resolve: () => {}, reject: () => {} },
})

/** Whether it goes on only after somebody else did something. */
export const waits = ({ awaits, gate }: Held): boolean => awaits !== null || gate !== null
