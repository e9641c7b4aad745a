import type { Attempt } from '../history/attempt.js'
import type { Decided } from './decisions.js'
import { LatencyRecorder } from './latency.js'
import { LATE_US } from './pacer.js'
import { PerSecond } from './per-second.js'
import { SendOrder } from './send-order.js'
import { Tally } from './tally.js'
import { TimeCounts } from './time-counts.js'

/** Everything that is counted and measured of a run while it goes on, in memory that does not grow with the attempts. */
export class Measures {
  readonly tally: Tally
  readonly latency: LatencyRecorder
  /** From the planned to the actual send, connecting apart. */
  readonly lag = new TimeCounts()
  readonly sent = new PerSecond()
  readonly answered = new PerSecond()
  readonly order = new SendOrder()
  /** Attempts planned for the time of warming up: they are counted, for they buy, and not measured. */
  warmingUp = 0
  late = 0
  readonly #hasPlan: boolean
  readonly #warmupUs: number

  /**
   * `hasPlan`: attempts leave at a moment that was planned, rather than when a slot is free. Several runs may be counted and timed
   * into one tally and recorder.
   */
  constructor(
    hasPlan: boolean,
    warmupMs: number,
    { tally, latency }: Partial<Pick<Measures, 'tally' | 'latency'>> = {},
  ) {
    this.tally = tally ?? new Tally()
    this.latency = latency ?? new LatencyRecorder()
    this.#hasPlan = hasPlan
    this.#warmupUs = warmupMs * 1_000
  }

  add({ outcome, quantity, status, intendedAtUs, sentAtUs, doneAtUs, connectUs }: Attempt): void {
    this.tally.add(outcome, quantity, status, doneAtUs)
    if (outcome !== 'not_sent') {
      this.sent.add(sentAtUs)
      this.order.add(sentAtUs, outcome === 'sold')
    }
    this.answered.add(doneAtUs)
    if (intendedAtUs < this.#warmupUs) {
      this.warmingUp++
      return
    }
    this.latency.record(outcome, doneAtUs - intendedAtUs, doneAtUs - sentAtUs, connectUs)
    if (!this.#hasPlan || outcome === 'not_sent') return
    // A connection that was made ahead, for a burst, is no part of the way from plan to send.
    const waitedUs = sentAtUs - intendedAtUs
    const lagUs = waitedUs >= connectUs ? waitedUs - connectUs : waitedUs
    this.lag.record(lagUs)
    if (lagUs > LATE_US) this.late++
  }

  /** What an attempt that was added as `queued` came to. */
  decide({ outcome, quantity, intendedAtUs, sentAtUs, decidedAtUs }: Omit<Decided, 'userIndex' | 'copy'>): void {
    this.tally.decide(outcome, quantity, decidedAtUs)
    if (outcome === 'sold') this.order.win(sentAtUs)
    if (intendedAtUs >= this.#warmupUs) this.latency.recordDecision(outcome, decidedAtUs - intendedAtUs)
  }
}
