import { inspect } from 'node:util'
import { say } from '../../../language/say.js'
import type { Passage } from '../../../redis/proxy-connection.js'
import type { Pending, Step } from '../../events.js'
import type { Ending } from '../../judge.js'
import { type Actor, Deviation, type World } from '../../world.js'
import { actorsOf } from '../buyers.js'
import { Course } from './course.js'
import { SharedLane } from './shared-lane.js'
import { answeredUnasked, gaveUp, isTrouble, released, spoiltBy } from './spoiled.js'
import type { HttpWorldOptions } from './world.js'

/**
 * A purchase that neither sends nor answers for so long, while another is under way, waits for that one inside the shop: long
 * enough for a shop that a busy machine keeps waiting. Once it was so, the same moment of other orders needs less.
 */
const BLOCKED_MS = 500
const BLOCKED_AGAIN_MS = 100
/** What it waited for happened: how long it may take to go on. */
const WAKES_MS = 30

/**
 * Buyers of one running shop. Whose turn it is decides whose command comes: everybody else is held, or waits inside the shop.
 * When a request is sent is a step too, and a command is ready only at the head of its connection: what one connection
 * carries stays in the order in which the shop sent it.
 */
export class SingleWorld implements World<Ending> {
  readonly actors: readonly Actor[]
  readonly #options: HttpWorldOptions
  #lanes: readonly SharedLane[] = []
  #turn: SharedLane | null = null
  /** Moments at which a purchase was seen to wait inside the shop: whose, and what each had been told. */
  readonly #blockedAt = new Set<string>()
  #course: Course

  constructor(options: HttpWorldOptions) {
    this.#options = options
    this.actors = actorsOf(options.setting.buyers)
    this.#course = this.#newCourse()
  }

  async start(known: readonly Step[]): Promise<readonly Pending[]> {
    const { shops, setting, control } = this.#options
    await this.close()
    await control.reset(setting.stock)
    this.#course = this.#newCourse()
    const [shop] = shops as [HttpWorldOptions['shops'][number]]
    const { names } = this.#course
    this.#lanes = setting.buyers.map(({ user, quantity }) => new SharedLane(shop, names.real(user), quantity))
    shop.gate.onArrival = (passage) => this.#arrive(passage)
    shop.gate.onChange = () => this.#notify()
    shop.gate.shut()
    for (const [position, before] of known.entries()) {
      const { step } = await this.step(before.actor)
      this.#course.compare(position, step, before)
    }
    return this.#pending()
  }

  async step(actor: number): Promise<{ step: Step; pending: readonly Pending[] }> {
    const course = this.#course
    const position = course.steps.length
    const lane = this.#lanes[actor] as SharedLane
    const answered = new Set(this.#lanes.filter(({ answer }) => answer !== null))
    this.#turn = lane
    const alone = !this.#lanes.some(({ isStarted }) => isStarted)
    const step = lane.isStarted ? await this.#letGo(lane, actor) : this.#request(lane, actor)
    await this.#settle(lane, actor)
    if (alone && lane.answer !== null && lane.sent.length === 0 && !lane.answer.lost)
      throw answeredUnasked(course.nameOf(actor), lane.answer)
    for (const other of this.#lanes) {
      const spoilt = await spoiltBy(other, this.#options.settleMs)
      if (spoilt !== null) throw spoilt
      if (other.answer === null || answered.has(other)) continue
      if (other !== lane && other.next !== undefined && isTrouble(other.answer)) throw gaveUp(other.answer, other.next)
      other.to = position
    }
    const taken = { ...step, last: lane.to === position }
    course.steps.push(taken)
    return { step: taken, pending: await this.#pending() }
  }

  finish(): Promise<Ending> {
    return this.#course.ending(this.#lanes)
  }

  async close(): Promise<void> {
    for (const { gate } of this.#options.shops) gate.open()
    await Promise.all(this.#lanes.map((lane) => lane.answered))
    this.#lanes = []
  }

  #newCourse(): Course {
    const { control, setting } = this.#options
    return new Course(control, setting, this.actors)
  }

  #request(lane: SharedLane, actor: number): Step {
    lane.from = this.#course.steps.length
    lane.send()
    return { ...requestOf(actor), reply: null, stock: this.#course.stock, last: false }
  }

  async #letGo(lane: SharedLane, actor: number): Promise<Step> {
    const held = lane.next
    const position = this.#course.steps.length
    if (held === undefined) throw new Deviation(position, say`${this.#course.nameOf(actor)} has nothing to do`)
    lane.sent.splice(lane.sent.indexOf(held.passage), 1)
    const value = await released(held, lane.shop)
    return this.#course.stepOf(actor, held.passage, value, false)
  }

  /** Waits until who moved has sent something or is answered, and until who may have waited for that has gone on. */
  async #settle(lane: SharedLane, actor: number): Promise<void> {
    const { settleMs, windowMs } = this.#options
    const others = this.#lanes.filter((other) => other !== lane && other.isUnderWay)
    if (others.length === 0) return lane.quiet(settleMs, windowMs)
    const moment = this.#momentOf(actor)
    await lane.quiet(this.#blockedAt.has(moment) ? BLOCKED_AGAIN_MS : BLOCKED_MS, windowMs)
    if (lane.isUnderWay && lane.sent.length === 0) this.#blockedAt.add(moment)
    const blocked = others.filter(({ sent }) => sent.length === 0)
    if (blocked.length === 0) return
    await Promise.race(blocked.map((other) => other.quiet(WAKES_MS, windowMs)))
    // What came while the turn was still its own, and is not: the answer was on its way.
    if (lane.answer !== null) for (const passage of lane.sent.splice(0)) this.#blockedOne(passage)?.sent.push(passage)
  }

  /** Whether a purchase has to wait may hang on all that Redis told those who came before. */
  #momentOf(actor: number): string {
    const { steps } = this.#course
    const told = this.actors.map((_, each) => steps.filter((step) => step.actor === each).map(({ reply }) => reply))
    return inspect([actor, told], { depth: null, maxArrayLength: null })
  }

  /** A command is of the user it names, of who has the turn, or of who waited inside the shop the longest. */
  #arrive(passage: Passage): void {
    const turn = this.#turn
    const named = this.#lanes.filter((lane) => lane.isUnderWay && lane.isNamedIn(passage))
    const owner = named.length === 1 ? named[0] : turn?.answer === null ? turn : this.#blockedOne(passage)
    ;(owner ?? turn)?.sent.push(passage)
    this.#notify()
  }

  #blockedOne(passage: Passage): SharedLane | null {
    const blocked = this.#lanes.filter(({ isUnderWay, sent }) => isUnderWay && sent.length === 0)
    return blocked.find((lane) => lane.isNamedIn(passage)) ?? blocked[0] ?? this.#turn
  }

  #notify(): void {
    for (const lane of this.#lanes) lane.quieten()
  }

  async #pending(): Promise<Pending[]> {
    const ready = this.#ready()
    if (ready.length > 0 || !this.#lanes.some(({ isUnderWay }) => isUnderWay)) return ready
    // Everybody waits inside the shop.
    await Promise.race(
      this.#lanes.filter(({ isUnderWay }) => isUnderWay).map((lane) => lane.quiet(this.#options.settleMs, 0)),
    )
    return this.#ready()
  }

  #ready(): Pending[] {
    return this.#lanes.flatMap((lane, actor) => {
      if (!lane.isStarted) return [requestOf(actor)]
      const held = lane.next
      return held === undefined ? [] : [this.#course.pending(actor, held.passage, false)]
    })
  }
}

const requestOf = (actor: number): Pending => ({ actor, event: { kind: 'request' }, accesses: [], first: true })
