import type { Attempt } from '../history/attempt.js'
import { monotonicUs } from '../sale/clock.js'
import { type UserNaming, userNamer } from '../sale/usernames.js'
import { Books } from './books.js'
import type { Classifier } from './classify.js'
import type { Decisions } from './decisions.js'
import type { Following } from './following.js'
import { type LoopFacts, LoopMonitor } from './health.js'
import type { LoadPlan } from './plan.js'
import { rehearse } from './rehearsal.js'
import { settleHeap } from './settle-heap.js'
import type { LoadShape } from './shape.js'
import type { Transport } from './transport.js'
import { untilUs } from './until.js'
import { Volley, type VolleyOptions } from './volley.js'

/** Those who fire: this thread, or several. */
export interface Crew {
  /** Gets connections ready; sends nothing. Errors: target_unreachable and what a transport rejects with. */
  open(): Promise<void>
  /** Fires all that is planned; times are µs on the clock that all threads share. */
  fire(startUs: number): Promise<CrewTrace>
  /** Once all has been fired: resolves when nothing that was told "queued" is open any more, or the run is stopped. */
  follow(): Promise<void>
  close(): Promise<void>
}

export interface CrewTrace {
  readonly starved: boolean
  /** Of each thread that sends. */
  readonly loops: readonly LoopFacts[]
}

/** What a crew is told by the run. */
export interface Duties {
  readonly plan: LoadPlan
  readonly shape: LoadShape
  readonly users: UserNaming
  readonly signal: AbortSignal
  /** Takes down every attempt; what it throws ends the run. */
  readonly take: (attempt: Attempt) => void
  /** The moment from which all times are counted that are taken down; known once {@link Crew.fire} is called. */
  readonly originUs: () => number
  /** What following queued attempts comes to; absent or null where nobody does. */
  readonly followed?: Decisions | null
}

export interface LocalCrewOptions extends Duties {
  readonly transport: Transport
  readonly classifier: Classifier
  /** Follows what is told "queued". */
  readonly follower?: Following | null
}

/** The whole run on this thread. */
export class LocalCrew implements Crew {
  readonly #transport: Transport
  readonly #books: Books
  readonly #originUs: () => number
  readonly #orders: VolleyOptions
  readonly #volley: Volley
  readonly #follower: Following | null
  readonly #signal: AbortSignal
  #startUs = 0

  constructor(options: LocalCrewOptions) {
    const { plan, shape, users, signal, transport, classifier, follower = null, take, originUs } = options
    this.#transport = transport
    this.#follower = follower
    this.#signal = signal
    this.#books = new Books(classifier, take, follower)
    this.#originUs = originUs
    this.#orders = {
      ...{ plan, shape, signal, transport, index: 0, of: 1 },
      nameOf: userNamer(users),
      nowUs: monotonicUs,
      gate: () => untilUs(this.#startUs, monotonicUs, signal),
      books: this.#books,
    }
    this.#volley = new Volley(this.#orders)
  }

  async open(): Promise<void> {
    await rehearse(this.#orders)
    await this.#volley.open()
    if (this.#orders.shape.model.kind === 'open') settleHeap()
    await this.#follower?.open()
  }

  async fire(startUs: number): Promise<CrewTrace> {
    this.#startUs = startUs
    this.#books.originUs = this.#originUs()
    const monitor = new LoopMonitor()
    const { starved, waitedUs } = await this.#volley.fire(startUs)
    return { starved, loops: [monitor.stop(waitedUs)] }
  }

  async follow(): Promise<void> {
    if (this.#follower === null) return
    // The connections of the purchases are in nobody's way meanwhile.
    await this.#transport.close()
    await this.#follower.finish(this.#signal)
  }

  async close(): Promise<void> {
    await this.#transport.close()
    await this.#follower?.close()
  }
}
