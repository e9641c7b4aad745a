import type { UserNamer } from '../sale/usernames.js'
import type { Books } from './books.js'
import { runEngine } from './engine.js'
import { burstModel } from './models/burst.js'
import { closedModel } from './models/closed.js'
import { type OpenTrace, openModel } from './models/open.js'
import { dueBefore, LATE_US, openSchedule, shareOf } from './pacer.js'
import { attemptsOf, type LoadPlan, type PlannedAttempt, plannedAttempts, rangeOf } from './plan.js'
import { type LoadShape, slotsOf } from './shape.js'
import type { Answer, Transport } from './transport.js'
import { untilUs } from './until.js'

/** What one thread has to fire. */
export interface VolleyOptions {
  readonly plan: LoadPlan
  readonly shape: LoadShape
  /** This thread, from 0, and how many there are. */
  readonly index: number
  readonly of: number
  readonly transport: Transport
  readonly nameOf: UserNamer
  readonly nowUs: () => number
  readonly books: Books
  readonly signal: AbortSignal
  /** Of a burst: resolves when it is time to release what is armed. */
  readonly gate: () => Promise<void>
}

/** What is under way when a run is stopped is awaited for so long. */
const GRACE_MS = 5_000
/** An open load begins with as many connections as come due in this time. */
const READY_S = 0.05
/** A server that takes up one connection at a time would wait for a word on each; none of those is asked for so much. */
const FAST_PER_S = 5_000
const EARLY_US = 1_000_000
/** Connections of those who come early. */
const EARLY_SLOTS = 1_000

/** One thread's share of a run: its users, its connections, its part of the rate. */
export class Volley {
  readonly #options: VolleyOptions
  readonly #attempts: Iterator<PlannedAttempt>
  readonly #slots: number
  readonly #early: number
  /** What only this thread knows. */
  readonly #trace: OpenTrace = { starved: false, waitedUs: 0 }

  constructor(options: VolleyOptions) {
    const { plan, shape, index, of } = options
    const range = rangeOf(plan, index, of)
    const planned = plannedAttempts(plan, range)
    this.#options = options
    this.#attempts = attemptsOf(plan, range)
    this.#early = Math.round(planned * shape.early)
    const slots = slotsOf(shape, plannedAttempts(plan))
    this.#slots = Math.min(planned, Math.floor(slots / of) + (index < slots % of ? 1 : 0))
  }

  /** Gets connections ready; the target is sent nothing. */
  open(): Promise<void> {
    return this.#options.transport.open(this.#slots + Math.min(this.#early, EARLY_SLOTS), this.#connected())
  }

  /** How many to make before the start: an open load that had to connect first would begin late. */
  #connected(): number {
    const { shape, of } = this.#options
    if (shape.model.kind !== 'open') return 0
    const [{ from: perSecond = 0 } = {}] = shape.model.stages
    return perSecond < FAST_PER_S ? 0 : Math.min(this.#slots, Math.ceil((perSecond * READY_S) / of))
  }

  /** Fires; attempts begin at `startUs`, those of the early ones in the second before. */
  async fire(startUs: number): Promise<OpenTrace> {
    const { shape, nowUs, signal } = this.#options
    const early = this.#early > 0 ? this.#fireEarly(startUs - EARLY_US) : Promise.resolve()
    // A burst is made ready before, and waits at the gate.
    if (shape.model.kind !== 'burst') await untilUs(startUs, nowUs, signal)
    await Promise.all([early, this.#run(this.#attempts, this.#model(startUs), startUs)])
    return this.#trace
  }

  #run(attempts: Iterator<PlannedAttempt>, model: ReturnType<typeof closedModel>, startUs: number): Promise<void> {
    const { shape, transport, nameOf, nowUs, books, signal } = this.#options
    // What an open load has due right before the end may still leave, as long as it is not late.
    const slackUs = shape.model.kind === 'open' ? LATE_US : 0
    const untilUs = shape.durationMs === null ? Number.POSITIVE_INFINITY : startUs + shape.durationMs * 1_000 + slackUs
    const record = (planned: PlannedAttempt, answer: Answer, at: number) => books.record(planned, answer, at)
    return runEngine({ transport, attempts, nameOf, nowUs, model, untilUs, record, signal, graceMs: GRACE_MS })
  }

  #model(startUs: number): ReturnType<typeof closedModel> {
    const { plan, shape, index, of, gate } = this.#options
    const { model, durationMs } = shape
    if (model.kind === 'closed') return closedModel(this.#slots, model.thinkTimeMs)
    if (model.kind === 'burst') return burstModel(this.#slots, gate)
    const schedule = shareOf(openSchedule(model.stages), index, of)
    const left = plannedAttempts(plan, rangeOf(plan, index, of)) - this.#early
    const planned = durationMs === null ? left : dueBefore(schedule, durationMs * 1_000, left)
    return openModel({ schedule, startUs, planned, firstSlot: 0, slots: this.#slots, trace: this.#trace })
  }

  #fireEarly(startUs: number): Promise<void> {
    const planned = this.#early
    const schedule = openSchedule([{ from: planned, to: planned, seconds: 1 }])
    const slots = Math.min(planned, EARLY_SLOTS)
    const trace = { starved: false, waitedUs: 0 }
    const model = openModel({ schedule, startUs, planned, firstSlot: this.#slots, slots, trace })
    return this.#run(this.#attempts, model, startUs)
  }
}
