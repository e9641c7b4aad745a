import type { Decision } from '../history/attempt.js'
import { type OutcomeRule, parseOutcomeRule } from '../history/outcome-rules.js'
import { OUTCOMES, type Outcome } from '../sale/outcome.js'
import type { Capture } from './capture.js'
import { type Classified, Classifier } from './classify.js'
import { Decisions } from './decisions.js'
import { type Following, MOST_OPEN } from './following.js'
import type { Answer, Reply, Shot, Transport } from './transport.js'

export interface FollowOptions {
  /** Makes the polls, over connections of its own. */
  readonly transport: Transport
  /** Takes the ticket out of the answer that said "queued"; null where polls ask for none. */
  readonly ticketOf: Capture | null
  /** Of the answers; what our own server calls `state` is known beside them. */
  readonly rules: readonly OutcomeRule[]
  readonly nameOf: (userIndex: number) => string
  readonly nowUs: () => number
  readonly intervalMs: number
  /** An attempt is asked about for so long; then it is undecided. */
  readonly timeoutMs: number
  /** Polls under way at once. */
  readonly slots: number
}

/** An attempt that was told "queued", until it is decided. Times in µs on the engine's clock. */
interface Open {
  readonly shot: Shot
  readonly intendedAtUs: number
  readonly untilUs: number
  dueUs: number
}

/** What leaves an attempt open: it is asked about again. */
const OPEN: ReadonlySet<Outcome> = new Set(['queued', 'throttled', 'unknown', 'not_sent'])

const stateRules = (): OutcomeRule[] => [
  parseOutcomeRule('queued=json:$.state=pending'),
  ...OUTCOMES.map((outcome) => parseOutcomeRule(`${outcome}=json:$.state=${outcome}`)),
]

/**
 * Asks after attempts that were told "queued", again and again until an outcome rule reads the answer as a decision or their
 * time is over. What no rule knows decides nothing: 404 may mean "not yet". Polls are no attempts: neither counted nor timed
 * with them.
 */
export class Follower implements Following {
  readonly results = new Decisions()
  readonly #options: FollowOptions
  readonly #classifier: Classifier
  /** In the order of {@link Open.dueUs}, since all wait equally long. */
  #waiting: Open[] = []
  #first = 0
  readonly #free: number[]
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #finished: () => void = () => {}

  constructor(options: FollowOptions) {
    this.#options = options
    this.#classifier = new Classifier([...options.rules, ...stateRules()])
    this.#free = Array.from({ length: options.slots }, (_, slot) => slot)
  }

  open(): Promise<void> {
    return this.#options.transport.open(this.#options.slots)
  }

  /** Follows an attempt that was told "queued"; its answer is read before this returns. */
  follow(planned: Omit<Shot, 'user'>, reply: Reply, intendedAtUs: number): void {
    const { ticketOf, nameOf, nowUs, intervalMs, timeoutMs } = this.#options
    const ticket = ticketOf === null ? '' : reply.kind === 'http' ? ticketOf(reply) : undefined
    this.results.queued++
    if (ticket === undefined || this.#open >= MOST_OPEN) {
      this.results.notFollowed++
      return
    }
    const { userIndex, copy, quantity } = planned
    const shot = { userIndex, copy, quantity, user: nameOf(userIndex), captured: { ticket } }
    const now = nowUs()
    this.#wait({ shot, intendedAtUs, untilUs: now + timeoutMs * 1_000, dueUs: now + intervalMs * 1_000 })
  }

  /** Resolves once nothing is open; what `signal` stops stays undecided. */
  async finish(signal: AbortSignal): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.#finished = resolve
    })
    if (this.#open > 0 && !signal.aborted) {
      signal.addEventListener('abort', this.#finished, { once: true })
      await over
      signal.removeEventListener('abort', this.#finished)
    }
    await this.close()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#options.transport.close()
  }

  get #open(): number {
    return this.#waiting.length - this.#first + this.#options.slots - this.#free.length
  }

  #wait(open: Open): void {
    this.#waiting.push(open)
    this.#pump()
  }

  /** Sends what is due on what is free. */
  #pump(): void {
    if (this.#closed) return
    const now = this.#options.nowUs()
    for (;;) {
      const next = this.#waiting[this.#first]
      if (next === undefined || next.dueUs > now || this.#free.length === 0) break
      this.#first++
      this.#ask(next)
    }
    if (this.#first > 1_024 && this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first)
      this.#first = 0
    }
    const next = this.#waiting[this.#first]
    clearTimeout(this.#timer)
    if (next !== undefined && this.#free.length > 0)
      this.#timer = setTimeout(() => this.#pump(), Math.max(1, (next.dueUs - now) / 1_000))
    if (this.#open === 0) this.#finished()
  }

  #ask(open: Open): void {
    const slot = this.#free.pop() as number
    this.results.polls++
    this.#options.transport.send(slot, open.shot, (answer) => {
      if (!this.#closed) this.#hear(open, answer)
      this.#free.push(slot)
      this.#pump()
    })
  }

  #hear(open: Open, answer: Answer | Error): void {
    const { nowUs, intervalMs } = this.#options
    const told = answer instanceof Error ? null : decisionIn(this.#classifier.classify(answer.reply))
    if (told !== null) {
      const { userIndex, copy } = open.shot
      this.results.add({ userIndex, copy, outcome: told, decidedAtUs: (answer as Answer).doneAtUs }, open.intendedAtUs)
      return
    }
    const dueUs = nowUs() + intervalMs * 1_000
    if (dueUs < open.untilUs) this.#waiting.push({ ...open, dueUs })
  }
}

/** The decision in a poll's answer; null where it holds none. A status alone is none. */
const decisionIn = ({ outcome, rule }: Classified): Decision['outcome'] | null =>
  rule === null || rule.startsWith('status ') || OPEN.has(outcome) ? null : outcome
