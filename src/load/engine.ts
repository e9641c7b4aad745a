import type { UserNamer } from '../sale/usernames.js'
import type { PlannedAttempt } from './plan.js'
import type { Answer, Done, GatedTransport, Shot, Transport } from './transport.js'

export interface EngineOptions {
  readonly transport: Transport
  readonly attempts: Iterator<PlannedAttempt>
  readonly nameOf: UserNamer
  /** Microseconds on the clock of the transport's answers. */
  readonly nowUs: () => number
  /** When to send, on which slots. */
  readonly model: (flights: Flights) => Model
  /** Nothing is sent from this moment on. */
  readonly untilUs?: number
  /** Called once per attempt, when its answer is there; what it throws stops the run. */
  readonly record: (planned: PlannedAttempt, answer: Answer, intendedAtUs: number) => void
  /** Stops sending; what is under way is awaited for `graceMs`, then given up as `unknown`. */
  readonly signal: AbortSignal
  readonly graceMs: number
}

/** Decides when an attempt leaves; told when a slot is free again. */
export interface Model {
  begin(): void
  freed(slot: number, nowUs: number, reachedServer: boolean): void
  /** Nothing more is to be sent: gives up its timers. */
  stop(): void
}

/** What a model sends with. */
export interface Flights {
  readonly nowUs: () => number
  /** Sends the next attempt of the plan; false where none is left, or the run is over. */
  launch(slot: number, intendedAtUs: number): boolean
  /** Prepares the next attempt for {@link release}, see GatedTransport; null where none is left. */
  arm(slot: number): Promise<boolean> | null
  /** Lets go what is armed; it was meant to leave now. */
  release(): void
  /** Nothing more will be sent. */
  end(): void
  /** Ends the run with an error, and what is under way with it. */
  abandon(error: unknown): void
  /** For timers: what `action` throws ends the run. */
  tryTo(action: () => void): void
}

/** Makes the planned attempts as a model asks, and resolves when the last answer is there. Rejects with the first failure. */
export const runEngine = (options: EngineOptions): Promise<void> => new Engine(options).run()

/** Keeps the books of what is under way. Per attempt it makes nothing anew but the shot. */
class Engine implements Flights {
  readonly nowUs: () => number
  readonly #options: EngineOptions
  readonly #model: Model
  readonly #slots: Flight[] = []
  #underWay = 0
  #over = false
  #failed = false
  #failure: unknown
  #finish: () => void = () => {}

  constructor(options: EngineOptions) {
    this.#options = options
    this.nowUs = options.nowUs
    this.#model = options.model(this)
  }

  async run(): Promise<void> {
    const { signal } = this.#options
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve
    })
    const grace = this.#watchForStop()
    if (signal.aborted) this.end()
    else this.tryTo(() => this.#model.begin())
    await finished
    grace.cancel()
    if (this.#failed) throw this.#failure
  }

  launch(slot: number, intendedAtUs: number): boolean {
    const flight = this.#next(slot)
    if (flight === null) return false
    flight.intendedAtUs = intendedAtUs
    try {
      this.#options.transport.send(slot, flight.shot!, flight.done)
    } catch (error) {
      this.#takeBack(flight)
      throw error
    }
    return true
  }

  arm(slot: number): Promise<boolean> | null {
    const flight = this.#next(slot)
    if (flight === null) return null
    flight.intendedAtUs = this.nowUs()
    const { transport } = this.#options
    return (transport as GatedTransport).arm(slot, flight.shot!, flight.done).catch((error: unknown) => {
      this.#takeBack(flight)
      throw error
    })
  }

  release(): void {
    const intendedAtUs = this.nowUs()
    for (const flight of this.#slots) flight.intendedAtUs = intendedAtUs
    const { transport } = this.#options
    ;(transport as GatedTransport).release()
  }

  end(): void {
    this.#over = true
    this.#model.stop()
    if (this.#underWay === 0) this.#finish()
  }

  abandon(error: unknown): void {
    this.#fail(error)
    void this.#options.transport.close()
  }

  tryTo(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (!this.#failed) this.#failure = error
    this.#failed = true
    this.end()
  }

  /** The next attempt of the plan, put on a slot. */
  #next(slot: number): Flight | null {
    if (this.#over) return null
    const { untilUs = Number.POSITIVE_INFINITY, attempts } = this.#options
    // The clock has its price: nobody looks at it for an end that never comes.
    const next = untilUs < Number.POSITIVE_INFINITY && this.nowUs() >= untilUs ? null : attempts.next()
    if (next === null || next.done) {
      this.end()
      return null
    }
    const { value } = next
    const user = this.#options.nameOf(value.userIndex)
    const flight = this.#slots[slot] ?? this.#newFlight(slot)
    if (flight.shot !== null) throw new Error(`slot ${slot} has two attempts at once`)
    flight.shot = { userIndex: value.userIndex, copy: value.copy, quantity: value.quantity, user }
    this.#underWay++
    return flight
  }

  /** What could not even be begun is not under way: no answer will come to it. */
  #takeBack(flight: Flight): void {
    flight.shot = null
    this.#underWay--
  }

  #newFlight(slot: number): Flight {
    const flight: Flight = { shot: null, intendedAtUs: 0, done: (answer) => this.#land(slot, flight, answer) }
    this.#slots[slot] = flight
    return flight
  }

  #land(slot: number, flight: Flight, answer: Answer | Error): void {
    const shot = flight.shot!
    flight.shot = null
    this.#underWay--
    if (answer instanceof Error) this.#fail(answer)
    else {
      try {
        this.#options.record(shot, answer, flight.intendedAtUs)
        if (!this.#over) this.#model.freed(slot, answer.doneAtUs, reached(answer))
      } catch (error) {
        this.#fail(error)
      }
    }
    if (this.#over && this.#underWay === 0) this.#finish()
  }

  #watchForStop(): { cancel(): void } {
    const { signal, transport, graceMs } = this.#options
    let timer: NodeJS.Timeout | undefined
    const onAbort = () => {
      timer = setTimeout(() => void transport.close(), graceMs)
      this.end()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return {
      cancel: () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      },
    }
  }
}

/** A slot's attempt, while there is one. */
interface Flight {
  shot: Shot | null
  intendedAtUs: number
  readonly done: Done
}

/** It was answered, or may have been dealt with. */
const reached = ({ reply }: Answer): boolean => reply.kind !== 'failed' || reply.outcome === 'unknown'
