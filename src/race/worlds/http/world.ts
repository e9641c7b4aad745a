import { say } from '../../../language/say.js'
import type { Pending, Step } from '../../events.js'
import type { Ending } from '../../judge.js'
import type { Setting } from '../../setting.js'
import { type Actor, Deviation, type World } from '../../world.js'
import { actorsOf } from '../buyers.js'
import { Course, type SaleControl } from './course.js'
import { HttpLane, type HttpShop } from './lane.js'
import { answeredUnasked, gaveUp, isTrouble, released, spoiltBy } from './spoiled.js'

export interface HttpWorldOptions {
  /** Running copies of the shop: one for each buyer, or one for all of them. */
  readonly shops: readonly HttpShop[]
  readonly control: SaleControl
  readonly setting: Setting
  /** Between one step of a purchase and its next; longer is "never settles". */
  readonly settleMs: number
  /** How long to wait for what a shop sends at the same time; 0 where it sends one command after the other. */
  readonly windowMs: number
}

/**
 * Buyers of a foreign shop, each at a running copy of its own, on one Redis: every command waits at the copy's gate until it
 * is chosen. Users have new names in each execution; in what is told they are called as the setting calls them.
 */
export class HttpWorld implements World<Ending> {
  readonly actors: readonly Actor[]
  readonly #options: HttpWorldOptions
  #lanes: readonly HttpLane[] = []
  /** As of the last step: whoever is answered between steps did not wait for Redis. */
  #answered: ReadonlySet<HttpLane> = new Set()
  #course: Course

  constructor(options: HttpWorldOptions) {
    this.#options = options
    this.actors = actorsOf(options.setting.buyers)
    this.#course = this.#newCourse()
  }

  async start(known: readonly Step[]): Promise<readonly Pending[]> {
    const { shops, setting, control, settleMs, windowMs } = this.#options
    await this.close()
    await control.reset(setting.stock)
    this.#course = this.#newCourse()
    const { names } = this.#course
    for (const { gate } of shops) gate.shut()
    this.#lanes = setting.buyers.map(
      ({ user, quantity }, i) => new HttpLane(shops[i] as HttpShop, names.real(user), quantity),
    )
    await Promise.all(this.#lanes.map((lane) => lane.quiet(settleMs, windowMs)))
    await this.#refuseIfSpoiled(null)
    for (const [i, lane] of this.#lanes.entries()) {
      if (lane.answer === null) continue
      if (lane.next === undefined) throw answeredUnasked(this.#course.nameOf(i), lane.answer)
      lane.to = 0
    }
    for (const [position, before] of known.entries()) {
      const { step } = await this.step(before.actor)
      this.#course.compare(position, step, before)
    }
    return this.#pending()
  }

  async step(actor: number): Promise<{ step: Step; pending: readonly Pending[] }> {
    const { settleMs, windowMs } = this.#options
    const course = this.#course
    const position = course.steps.length
    const lane = this.#lanes[actor] as HttpLane
    const held = lane.next
    if (held === undefined) throw new Deviation(position, say`${course.nameOf(actor)} has nothing to do`)
    const first = lane.from === null
    const value = await released(held, lane.shop)
    lane.from ??= position
    const [step] = await Promise.all([course.stepOf(actor, held.passage, value, first), lane.quiet(settleMs, windowMs)])
    const last = !this.#answered.has(lane) && lane.answer !== null
    if (last) lane.to = position
    await this.#refuseIfSpoiled(lane)
    course.steps.push({ ...step, last })
    return { step: { ...step, last }, pending: this.#pending() }
  }

  finish(): Promise<Ending> {
    return this.#course.ending(this.#lanes)
  }

  /** Lets go whatever is still under way; the shops stay. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.finish()))
    this.#lanes = []
  }

  #newCourse(): Course {
    const { control, setting } = this.#options
    return new Course(control, setting, this.actors)
  }

  #pending(): Pending[] {
    return this.#lanes.flatMap((lane, actor) => {
      const held = lane.next
      return held === undefined ? [] : [this.#course.pending(actor, held.passage, lane.from === null)]
    })
  }

  /** Refuses to go on where a shop ended, gave up a connection, or answered a buyer other than who `moved` meanwhile. */
  async #refuseIfSpoiled(moved: HttpLane | null): Promise<void> {
    const { settleMs, windowMs } = this.#options
    for (const lane of this.#lanes) {
      const { answer, next } = lane
      const spoilt = await spoiltBy(lane, settleMs)
      if (spoilt !== null) throw spoilt
      // A shop that answers first and works afterwards may take its time to answer.
      const unasked = moved !== null && lane !== moved && answer !== null && !this.#answered.has(lane)
      if (unasked && (windowMs === 0 || isTrouble(answer))) throw gaveUp(answer, next)
    }
    this.#answered = new Set(this.#lanes.filter(({ answer }) => answer !== null))
  }
}
