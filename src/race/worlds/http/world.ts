import type { AtomicUnit } from '../../../redis/port.js'
import type { FinalState } from '../../../sale/final-state.js'
import type { Sale } from '../../../sale/sale.js'
import type { Pending, Step } from '../../events.js'
import { accessesOf } from '../../independence.js'
import { type Ending, judge, type Told, type Violation } from '../../judge.js'
import type { Setting } from '../../setting.js'
import { eventText } from '../../timeline.js'
import { type Actor, Deviation, type World } from '../../world.js'
import { actorsOf } from '../buyers.js'
import { changes, sameEvent, show, writtenKeys } from '../effects.js'
import { HttpLane, type HttpShop } from './lane.js'
import { Names } from './names.js'
import { Obstacle } from './obstacle.js'
import { gaveUp, isTrouble, released, spoiltBy } from './spoiled.js'
import { replyOf, unitOf } from './units.js'

/** The shop's sale, as the world needs it. */
export interface SaleControl {
  readonly sale: Sale
  /** Puts the sale back to so many units and no records; removes the other keys that the shop wrote, as far as it may. */
  reset(stock: number, written: ReadonlySet<string>): Promise<void>
  readStock(): Promise<number | null>
  readState(): Promise<FinalState>
  /** A user name that was never used before. */
  newUser(): string
}

export interface HttpWorldOptions {
  /** A running copy of the shop for each buyer. */
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
  readonly #written = new Set<string>()
  #lanes: readonly HttpLane[] = []
  #steps: Step[] = []
  #names = new Names([], () => '')
  #watched: string[][] = []

  constructor(options: HttpWorldOptions) {
    this.#options = options
    this.actors = actorsOf(options.setting.buyers)
  }

  async start(known: readonly Step[]): Promise<readonly Pending[]> {
    const { shops, setting, control, settleMs, windowMs } = this.#options
    const { buyers, stock } = setting
    await this.close()
    await control.reset(stock, this.#written)
    this.#names = new Names(
      buyers.map(({ user }) => user),
      () => control.newUser(),
    )
    this.#steps = []
    this.#watched = buyers.map(() => [])
    for (const { gate } of shops) gate.shut()
    this.#lanes = buyers.map(
      ({ user, quantity }, i) => new HttpLane(shops[i] as HttpShop, this.#names.real(user), quantity),
    )
    await Promise.all(this.#lanes.map((lane) => lane.quiet(settleMs, windowMs)))
    await this.#refuseIfSpoiled(null, new Set())
    const silent = this.#lanes.findIndex(({ answer, next }) => answer !== null && next === undefined)
    if (silent >= 0) throw new Obstacle(this.#answeredUnasked(silent))
    for (const [position, { actor, event, reply }] of known.entries()) {
      const { step } = await this.step(actor)
      if (!sameEvent(step.event, event))
        throw new Deviation(
          position,
          `${this.#nameOf(actor)} sends ${eventText(step.event)}, and ${eventText(event)} before`,
        )
      if (show(step.reply) !== show(reply))
        throw new Deviation(position, `Redis replied ${show(step.reply)}, and ${show(reply)} before`)
    }
    return this.#pending()
  }

  async step(actor: number): Promise<{ step: Step; pending: readonly Pending[] }> {
    const { settleMs, windowMs, control, setting } = this.#options
    const position = this.#steps.length
    const lane = this.#lanes[actor] as HttpLane
    const held = lane.next
    if (held === undefined) throw new Deviation(position, `${this.#nameOf(actor)} has nothing to do`)
    const event = unitOf(held.passage, this.#names.shown)
    const first = lane.from === null
    const answered = new Set(this.#lanes.filter(({ answer }) => answer !== null))
    const value = await released(held, lane.shop)
    const reply = replyOf(value, this.#names.shown)
    lane.from ??= position
    const accesses = accessesOf(event, this.#watched[actor], reply)
    this.#noteWatch(actor, event)
    for (const key of writtenKeys(accesses)) this.#written.add(this.#names.realIn(key))
    const stock = changes(accesses, control.sale.keys.stock)
      ? await control.readStock()
      : (this.#steps.at(-1)?.stock ?? setting.stock)
    await lane.quiet(settleMs, windowMs)
    await this.#refuseIfSpoiled(lane, answered)
    const last = !answered.has(lane) && lane.answer !== null
    if (last) lane.to = position
    const step: Step = { actor, event, accesses, first, reply, stock, last }
    this.#steps.push(step)
    return { step, pending: this.#pending() }
  }

  async finish(): Promise<Ending> {
    const { setting, control } = this.#options
    const state = this.#names.shownIn(await control.readState())
    const told = this.#lanes.map(
      ({ answer, from, to }): Told => ({
        outcome: answer?.outcome ?? 'unknown',
        from: from ?? 0,
        to: to ?? this.#steps.length,
      }),
    )
    const stocks = [setting.stock, ...this.#steps.map((step) => step.stock)]
    const judged = judge({ sale: control.sale, setting, strictSoldOut: false, told, state, stocks })
    const violations = [...this.#stalls(), ...judged]
    const outcomes = this.#lanes.map(({ answer }) => answer?.outcome ?? null)
    const records = state.records.map(({ users, quantities }) =>
      users.map((user, i) => `${user} ${quantities[i]}`).sort(),
    )
    const rules = violations.map(({ rule }) => rule)
    return { outcomes, violations, fingerprint: JSON.stringify([outcomes, state.remaining, records, rules]) }
  }

  /** Lets go whatever is still under way; the shops stay. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.finish()))
    this.#lanes = []
  }

  #pending(): Pending[] {
    return this.#lanes.flatMap((lane, actor): Pending[] => {
      const held = lane.next
      if (held === undefined) return []
      const event = unitOf(held.passage, this.#names.shown)
      return [{ actor, event, accesses: accessesOf(event, this.#watched[actor]), first: lane.from === null }]
    })
  }

  #noteWatch(actor: number, unit: AtomicUnit): void {
    if (unit.kind === 'transaction') this.#watched[actor] = []
    else if (unit.kind === 'command' && unit.name === 'WATCH') this.#watched[actor]?.push(...unit.args.map(String))
  }

  /** Refuses to go on where a shop ended, gave up a connection, or answered a buyer other than who `moved` meanwhile. */
  async #refuseIfSpoiled(moved: HttpLane | null, answered: ReadonlySet<HttpLane>): Promise<void> {
    const { settleMs, windowMs } = this.#options
    for (const lane of this.#lanes) {
      const { answer, next } = lane
      const spoilt = await spoiltBy(lane, settleMs)
      if (spoilt !== null) throw spoilt
      // A shop that answers first and works afterwards may take its time to answer.
      const unasked = moved !== null && lane !== moved && answer !== null && !answered.has(lane)
      if (unasked && (windowMs === 0 || isTrouble(answer))) throw gaveUp(answer, next)
    }
  }

  #answeredUnasked(actor: number): string {
    const { answer } = this.#lanes[actor] as HttpLane
    return `the shop answered ${this.#nameOf(actor)} without a command to Redis (${answer?.text}): it remembers something from before`
  }

  #stalls(): Violation[] {
    const names = this.#lanes.flatMap(({ answer }, i) => (answer === null ? [this.#nameOf(i)] : []))
    if (names.length === 0) return []
    return [
      {
        rule: 'never-settles',
        message: `the purchase of ${names.join(', ')} neither got an answer nor sent a command`,
        hint: 'a lock that its holder never gave back, or a wait for something outside Redis',
      },
    ]
  }

  #nameOf(actor: number): string {
    return this.actors[actor]?.name ?? ''
  }
}
