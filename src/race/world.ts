import { say } from '../language/say.js'
import type { Pending, Step } from './events.js'

/** One that takes steps: a buyer's purchase, or the environment. */
export interface Actor {
  readonly name: string
  /** Buyers of one class are alike but for their names, so swapping two changes nothing; null is like nobody. */
  readonly alike: string | null
  /** What tells it from its like once it is written: its name, its lock token. */
  readonly marks: readonly string[]
}

/**
 * What is explored: actors whose steps wait until they are chosen. `E` is how an execution ended. The same explorers
 * drive strategies in this process and, later, foreign servers.
 */
export interface World<E> {
  readonly actors: readonly Actor[]
  /**
   * Begins a new execution and leads it along known steps; resolves with the steps that may come next. Rejects with
   * {@link Deviation} where the actors do not do what they did before.
   */
  start(known: readonly Step[]): Promise<readonly Pending[]>
  /** Lets an actor take its step; resolves once every actor is ready for its next one, or through. */
  step(actor: number): Promise<{ readonly step: Step; readonly pending: readonly Pending[] }>
  /** How the execution ended: nobody is ready any more. */
  finish(): Promise<E>
  /** Leaves nothing behind. */
  close(): Promise<void>
}

/** The same steps led elsewhere: something decides that the explorer does not see. */
export class Deviation extends Error {
  readonly position: number

  constructor(position: number, message: string) {
    super(say`step ${position + 1}: ${message}`)
    this.name = 'Deviation'
    this.position = position
  }
}

/** Why what races cannot be explored, or not any further: no fault of its purchase logic that anybody has shown. */
export class Obstacle extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Obstacle'
  }
}
