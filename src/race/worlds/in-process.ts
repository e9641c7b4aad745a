import { say } from '../../language/say.js'
import type { RedisClient } from '../../redis/client.js'
import { type AtomicUnit, type Command, command, type Execute } from '../../redis/port.js'
import { traceKeys } from '../../sale/keys.js'
import type { Sale } from '../../sale/sale.js'
import type { Shop, Strategy, StrategyContext } from '../../strategies/strategy.js'
import type { Pending, Step } from '../events.js'
import type { Ending } from '../judge.js'
import type { Setting } from '../setting.js'
import { type Actor, Deviation, type World } from '../world.js'
import { BackOffice } from './back-office.js'
import { actorsOf, anomaliesOf, answersOf } from './buyers.js'
import { contextOf } from './context.js'
import * as effects from './effects.js'
import { deathOf, EXPIRY, type Held, Lane, waits } from './lane.js'
import { Verdicts } from './verdicts.js'
import { type Posted, Session, Wire } from './wire.js'

export interface InProcessOptions {
  readonly client: RedisClient
  readonly strategy: Strategy
  /** Names the keys; they are written, and deleted again. */
  readonly sale: Sale
  readonly setting: Setting
  /** The strategy says "sold out" only where nothing is left. */
  readonly strictSoldOut?: boolean
  /** Whether every key with a lifetime may expire, once, at any moment. */
  readonly expiry?: boolean
  /** Between one step of a purchase and its next; longer is "never settles". Default 1 s. */
  readonly settleMs?: number
  /** Stands between the strategy and the server, for commands that it lacks. */
  readonly adapt?: (execute: Execute) => Execute
}

/**
 * Buyers of a strategy in this process on a real Redis: each is a process of the shop, with its own instance of the
 * strategy and its own connection. A unit leaves for Redis only when it is chosen.
 */
export class InProcessWorld implements World<Ending> {
  readonly actors: readonly Actor[]
  readonly #options: InProcessOptions
  readonly #wire: Wire
  readonly #verdicts: Verdicts
  readonly #office: BackOffice
  /** Every key that was ever written. */
  readonly #written: Set<string>
  #lanes: readonly Lane[] = []
  #shops: readonly Shop[] = []
  #steps: Step[] = []

  constructor(options: InProcessOptions) {
    const { client, sale, setting, strictSoldOut = false, expiry = false, adapt = (execute) => execute } = options
    this.#options = options
    this.#wire = new Wire(client, adapt)
    this.#verdicts = new Verdicts(client, sale, setting, strictSoldOut)
    this.#written = new Set([sale.keys.stock, sale.keys.records, ...traceKeys(sale.keys)])
    const { strategy } = options
    this.#office = new BackOffice({
      ...{ strategy, setting, sale },
      context: (lane, actor) => this.#context(lane, actor),
    })
    const buyers = actorsOf(setting.buyers).map((it, i) => (setting.death?.actor === i ? { ...it, alike: null } : it))
    // The place of the expiry stays its own where there is none, so that a replay names everybody as before.
    const others = [{ name: 'expiry', alike: null, marks: [] }, ...this.#office.actors]
    this.actors = expiry || others.length > 1 ? [...buyers, ...others] : buyers
  }

  async start(known: readonly Step[]): Promise<readonly Pending[]> {
    await this.#abandon()
    await this.#wire.share()
    const { sale, setting } = this.#options
    const seeding = [...effects.seedingOf(sale, setting.stock), ...this.#office.seeding()]
    for (const unit of [command('DEL', ...this.#written), ...seeding]) this.#wire.peek(unit)
    // Without a WATCH it does not matter who sends what is known: all of it leaves at once.
    const watching = known.some(({ event }) => event.kind === 'command' && event.name === 'WATCH')
    const posted = watching ? [] : known.map((step, position) => this.#repeat(step, known.slice(0, position)))
    await this.#open()
    for (const step of known) {
      if (watching) posted.push(await this.#post(step.actor))
      await this.#take(step)
    }
    for (const [position, step] of known.entries()) {
      const reply = await posted[position]?.reply
      if (reply !== undefined && effects.show(reply) !== effects.show(step.reply))
        throw new Deviation(position, say`Redis replied ${effects.show(reply)}, and ${effects.show(step.reply)} before`)
    }
    return this.#pending()
  }

  async step(actor: number): Promise<{ step: Step; pending: readonly Pending[] }> {
    const steps = this.#steps
    const pending = this.#pending().find((it) => it.actor === actor)
    if (pending === undefined) throw new Deviation(steps.length, say`actor ${actor + 1} has nothing to do`)
    const lane = this.#laneOf(actor)
    const held = lane && this.#heldBy(actor)
    const { keys } = this.#options.sale
    const [readStock] = this.#verdicts.glances
    const posted = await this.#post(actor, effects.changes(pending.accesses, keys.stock) ? readStock : null)
    const reply = posted === null ? null : await posted.reply
    const before = steps.length === 0 ? this.#options.setting.stock : (steps.at(-1) as Step).stock
    const stock = posted?.look ? effects.unitsOf(await posted.look) : before
    const accesses = held ? effects.accessesOfHeld(held, reply) : effects.accessesOfExpiry(pending, reply)
    const woken = held && waits(held) ? { wokenBy: effects.wakersOf(steps, actor, held) } : {}
    const idle = pending.event.kind === 'expire' && !reply ? { idle: true as const } : {}
    const answered = lane?.answer !== null
    const decided = lane?.decided.length
    await this.#take({ ...pending, accesses, reply, stock, last: false, ...woken, ...idle })
    const decision = lane?.decided[decided ?? 0]
    const last = lane !== undefined && ((!answered && lane.answer !== null) || decision !== undefined)
    const step = { ...(steps.at(-1) as Step), last, ...(decision && { decided: decision }) }
    steps[steps.length - 1] = step
    return { step, pending: this.#pending() }
  }

  async finish(): Promise<Ending> {
    const glances = this.#verdicts.glances.map((unit) => this.#wire.peek(unit).reply)
    const glance = this.#verdicts.orderless(await Promise.all(glances))
    const answers = answersOf(this.#lanes, this.#steps.length)
    const told = answers.map((answer, buyer) => this.#office.decisionOf(buyer, answer, this.#steps))
    const verdict = await this.#verdicts.of(
      glance,
      told,
      this.#steps.map(({ stock }) => stock),
    )
    const violations = [...anomaliesOf(this.actors, this.#lanes), ...this.#office.anomalies(), ...verdict]
    const outcomes = answers.map(({ outcome }, i) => (this.#lanes[i]?.answer === null ? null : outcome))
    return {
      outcomes,
      violations,
      fingerprint: JSON.stringify([
        outcomes,
        told.map(({ outcome }) => outcome),
        glance,
        violations.map(({ rule }) => rule),
      ]),
    }
  }

  /** Removes what the exploration wrote. */
  async close(): Promise<void> {
    await this.#abandon()
    await this.#wire.peek(command('DEL', ...this.#written)).reply
    this.#wire.close()
  }

  async #abandon(): Promise<void> {
    for (const { sessions } of [...this.#lanes, ...this.#office.lanes])
      for (const session of sessions) await this.#wire.abandon(session)
    await Promise.all(this.#shops.map((shop) => shop.close()))
  }

  /** Buyers at their doors: each holds its first step. */
  async #open(): Promise<void> {
    const { strategy, setting, settleMs = 1_000 } = this.#options
    this.#steps = []
    this.#lanes = setting.buyers.map(() => new Lane())
    this.#shops = await Promise.all(this.#lanes.map((lane, buyer) => strategy.open(this.#context(lane, buyer))))
    for (const [buyer, shop] of this.#shops.entries()) this.#lanes[buyer]?.run(shop.buy(this.#office.wish(buyer)))
    this.#office.open()
    for (const lane of [...this.#lanes, ...this.#office.lanes]) await lane.quiet(settleMs)
  }

  #context(lane: Lane, actor: number): StrategyContext {
    const { sale, strategy } = this.#options
    return contextOf(lane, { sale, actor, ...(strategy.backOffice && { queue: this.#office.queueFor(lane) }) })
  }

  /** Sends a known step again; null where there is nothing to send. */
  #repeat({ event }: Step, before: readonly Step[]): Posted | null {
    const unit = effects.unitOf(event, before)
    return unit && this.#wire.peek(unit)
  }

  /** Sends what an actor holds; null where there is nothing to send. */
  async #post(actor: number, look: Command | null = null) {
    const lane = this.#laneOf(actor)
    const { event, session } = lane === undefined ? EXPIRY : this.#heldBy(actor)
    const unit = effects.unitOf(event, this.#steps)
    return unit === null ? null : this.#wire.post(session ?? new Session(), unit, look)
  }

  #heldBy(actor: number): Held {
    const lane = this.#laneOf(actor)
    const held = lane?.next
    if (held !== undefined) return this.#dies(actor, held) ? deathOf(this.#office.leaves(actor)) : held
    throw new Deviation(this.#steps.length, say`${this.actors[actor]?.name} has nothing to do, and had before`)
  }

  /** Takes a step whose reply is known, and waits until its actor is quiet again. */
  async #take(step: Step): Promise<void> {
    const lane = this.#laneOf(step.actor)
    const position = this.#steps.length
    const held = lane && this.#heldBy(step.actor)
    this.#steps.push(step)
    for (const key of effects.writtenKeys(step.accesses)) this.#written.add(key)
    if (lane === undefined || held === undefined) return
    if (!effects.sameEvent(held.event, step.event)) {
      const words = say`${effects.show(held.event)}, and ${effects.show(step.event)} before`
      throw new Deviation(position, say`${this.actors[step.actor]?.name} sends ${words}`)
    }
    if (step.event.kind === 'die') return this.#bury(step.actor, lane, position)
    const answered = lane.answer !== null
    if (held.session !== null) held.session.note(held.event as AtomicUnit)
    lane.feed(step.reply, step.accesses, position)
    await lane.quiet(this.#options.settleMs ?? 1_000)
    if (!answered && lane.answer !== null) lane.to = position
  }

  /** Whether this process dies in place of the step that it holds; one that waits for work has nothing to lose. */
  #dies(actor: number, { gate }: Held): boolean {
    const { death } = this.#options.setting
    if (death?.actor !== actor || gate !== null) return false
    return this.#steps.filter((step) => step.actor === actor).length === death.after
  }

  async #bury(actor: number, lane: Lane, position: number): Promise<void> {
    lane.die()
    lane.to = position
    if (actor > this.#lanes.length) await this.#office.restart(actor).quiet(this.#options.settleMs ?? 1_000)
  }

  /** Buyers come first, then the expiry, which has no lane, then the back office. */
  #laneOf(actor: number): Lane | undefined {
    const { length } = this.#lanes
    return actor < length ? this.#lanes[actor] : this.#office.lanes[actor - length - 1]
  }

  #pending(): Pending[] {
    const pending = this.actors.flatMap((_, actor): Pending[] => {
      const lane = this.#laneOf(actor)
      if (lane?.next === undefined) return []
      const held = this.#heldBy(actor)
      if (waits(held) && effects.wakersOf(this.#steps, actor, held).length === 0) return []
      return [
        {
          actor,
          event: held.event,
          accesses: effects.accessesOfHeld(held),
          first: actor < this.#lanes.length && lane.from === null,
        },
      ]
    })
    const environment = this.#lanes.length
    const mayExpire = (this.#options.expiry ?? false) && !this.#steps.some(({ actor }) => actor === environment)
    return mayExpire ? [...pending, effects.expiryAfter(this.#steps, environment)] : pending
  }
}
