import type { Decision } from '../history/attempt.js'
import type { OutcomeRule } from '../history/outcome-rules.js'
import type { Outcome } from '../sale/outcome.js'
import { backOffMs } from './back-off.js'
import type { Capture } from './capture.js'
import { type Classified, Classifier } from './classify.js'
import type { Decisions } from './decisions.js'
import { DueQueue } from './due-queue.js'
import type { Following } from './following.js'
import type { Answer, Reply, Shot, Transport } from './transport.js'

export interface FollowOptions {
  /** Makes the polls, over connections of its own. */
  readonly transport: Transport
  /** Takes the ticket out of the answer that said "queued"; null where polls ask for none. */
  readonly ticketOf: Capture | null
  /** Of the answers. */
  readonly rules: readonly OutcomeRule[]
  readonly nameOf: (userIndex: number) => string
  readonly nowUs: () => number
  readonly intervalMs: number
  /** An attempt is asked about for so long; then it is undecided. */
  readonly timeoutMs: number
  /** Polls under way at once. */
  readonly slots: number
  /** Attempts that are open at once; further ones are not followed, so that memory stays bounded. */
  readonly mostOpen: number
  /** Where it is counted. */
  readonly results: Decisions
}

/** An attempt that was told "queued", until it is decided. Times in µs on the engine's clock. */
interface Open {
  readonly shot: Shot
  readonly intendedAtUs: number
  readonly sentAtUs: number
  readonly untilUs: number
  /** Polls in a row that were told to come later. */
  readonly refusals: number
}

/** Once no attempt is asked about any more, answers under way are awaited for so long. */
const LAST_ANSWERS_MS = 1_000
const SAMPLE_CHARS = 120

/** What leaves an attempt open: it is asked about again. */
const OPEN: ReadonlySet<Outcome> = new Set(['queued', 'throttled', 'unknown', 'not_sent'])

/**
 * Asks after attempts that were told "queued", again and again until an outcome rule reads the answer as a decision or their
 * time is over. What no rule knows decides nothing: 404 may mean "not yet". Polls are no attempts: neither counted nor timed
 * with them.
 */
export class Follower implements Following {
  readonly #options: FollowOptions
  readonly #classifier: Classifier
  readonly #waiting = new DueQueue<Open>()
  /** By group of answers. */
  readonly #samples: string[] = []
  readonly #free: number[]
  #lastUntilUs = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #finished: () => void = () => {}

  constructor(options: FollowOptions) {
    this.#options = options
    this.#classifier = new Classifier(options.rules)
    this.#free = Array.from({ length: options.slots }, (_, slot) => slot)
  }

  open(): Promise<void> {
    return this.#options.transport.open(this.#options.slots)
  }

  /** Follows an attempt that was told "queued"; its answer is read before this returns. */
  follow(planned: Omit<Shot, 'user'>, { reply, sentAtUs }: Answer, intendedAtUs: number): void {
    const { ticketOf, nameOf, nowUs, intervalMs, timeoutMs, mostOpen, results } = this.#options
    const ticket = ticketOf === null ? '' : reply.kind === 'http' ? ticketOf(reply) : undefined
    results.count('queued')
    if (ticket === undefined || this.#open >= mostOpen) {
      results.count('notFollowed')
      return
    }
    const { userIndex, copy, quantity } = planned
    const shot = { userIndex, copy, quantity, user: nameOf(userIndex), captured: { ticket } }
    const now = nowUs()
    this.#lastUntilUs = now + timeoutMs * 1_000
    const open = { shot, intendedAtUs, sentAtUs, untilUs: this.#lastUntilUs, refusals: 0 }
    this.#wait(open, now + backOffMs(reply, 0, intervalMs, Date.now()) * 1_000)
    this.#pump()
  }

  /** Resolves once nothing is open; what `signal` stops stays undecided. */
  async finish(signal: AbortSignal): Promise<void> {
    if (this.#open > 0 && !signal.aborted) {
      const leftMs = (this.#lastUntilUs - this.#options.nowUs()) / 1_000 + LAST_ANSWERS_MS
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.#finished = resolve
        timer = setTimeout(resolve, timerMs(leftMs))
        signal.addEventListener('abort', this.#finished, { once: true })
      })
      clearTimeout(timer)
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
    return this.#waiting.length + this.#options.slots - this.#free.length
  }

  /** Sends what is due on what is free. */
  #pump(): void {
    if (this.#closed) return
    const now = this.#options.nowUs()
    const waiting = this.#waiting
    while (this.#free.length > 0 && waiting.length > 0 && (waiting.nextDueUs as number) <= now)
      this.#ask(waiting.shift() as Open)
    clearTimeout(this.#timer)
    if (waiting.length > 0 && this.#free.length > 0)
      this.#timer = setTimeout(() => this.#pump(), timerMs(((waiting.nextDueUs as number) - now) / 1_000))
    if (this.#open === 0) this.#finished()
  }

  #ask(open: Open): void {
    const { transport, results } = this.#options
    const slot = this.#free.pop() as number
    results.count('polls')
    transport.send(slot, open.shot, (answer) => {
      if (!this.#closed) this.#hear(open, answer)
      this.#free.push(slot)
      this.#pump()
    })
  }

  #hear(open: Open, answer: Answer | Error): void {
    const { results, nowUs, intervalMs } = this.#options
    const reply: Reply =
      answer instanceof Error ? { kind: 'failed', outcome: 'unknown', note: answer.message } : answer.reply
    if (reply.kind === 'failed') results.failed(reply.note)
    const classified = this.#classifier.classify(reply)
    const outcome = decisionIn(classified)
    if (outcome !== null) {
      const { userIndex, copy, quantity } = open.shot
      const decidedAtUs = answer instanceof Error ? nowUs() : answer.doneAtUs
      const { intendedAtUs, sentAtUs } = open
      results.add({ userIndex, copy, quantity, outcome, intendedAtUs, sentAtUs, decidedAtUs })
      return
    }
    if (isUnmatched(reply, classified)) results.unmatched(this.#sampleOf(classified))
    const refusals = classified.outcome === 'throttled' ? open.refusals + 1 : 0
    if (refusals > 0) results.count('throttled')
    const dueUs = nowUs() + backOffMs(reply, refusals, intervalMs, Date.now()) * 1_000
    this.#wait({ ...open, refusals }, dueUs)
  }

  /** What is due when its time is over stays undecided, from now on. */
  #wait(open: Open, dueUs: number): void {
    if (dueUs < open.untilUs) this.#waiting.push(open, dueUs)
  }

  #sampleOf({ group }: Classified): string {
    const known = this.#samples[group]
    if (known !== undefined) return known
    const { status, sample } = this.#classifier.groups()[group]!
    const text = `${status === 0 ? '' : `${status} `}${sample.slice(0, SAMPLE_CHARS)}`
    this.#samples[group] = text
    return text
  }
}

/** As a timer takes it: a longer one would ring at once. */
const timerMs = (ms: number): number => Math.min(2 ** 31 - 1, Math.max(1, ms))

/** Somebody answered, and nothing says what it means; "too many requests" needs no rule. */
const isUnmatched = ({ kind }: Reply, { rule, outcome }: Classified): boolean =>
  (kind === 'http' || kind === 'text') && outcome !== 'throttled' && (rule === null || rule.startsWith('status '))

/** The decision in a poll's answer; null where it holds none. A status alone is none. */
const decisionIn = ({ outcome, rule }: Classified): Decision['outcome'] | null =>
  rule === null || rule.startsWith('status ') || OPEN.has(outcome) ? null : outcome
