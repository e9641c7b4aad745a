import { say } from '../../../language/say.js'
import type { Passage } from '../../../redis/proxy-connection.js'
import type { RespValue } from '../../../redis/resp-values.js'
import type { FinalState } from '../../../sale/final-state.js'
import { stockKeys } from '../../../sale/layout.js'
import type { Sale } from '../../../sale/sale.js'
import type { Pending, Step } from '../../events.js'
import { accessesOf } from '../../independence.js'
import { type Ending, judge, type Told, type Violation } from '../../judge.js'
import type { Setting } from '../../setting.js'
import { eventText } from '../../timeline.js'
import { type Actor, Deviation } from '../../world.js'
import { changes, sameEvent, sameReply, show, writtenKeys } from '../effects.js'
import type { Guests } from './guests.js'
import type { ShopAnswer } from './lane.js'
import { Names } from './names.js'
import { replyOf, unitOf } from './units.js'

/** The shop's sale, as a world needs it. */
export interface SaleControl extends Pick<Guests, 'newUser' | 'secretsOf'> {
  readonly sale: Sale
  /** Puts the sale back to so many units and no records; removes the other keys that the shop {@link wrote}, as far as it may. */
  reset(stock: number): Promise<void>
  wrote(key: string): void
  /** Makes purchases of which nobody sees every command; what they leave behind is known to be written. */
  unseen<T>(purchases: () => Promise<T>): Promise<T>
  readStock(): Promise<number | null>
  readState(): Promise<FinalState>
}

/** What a buyer was told, and by which steps: null while it is not. */
export interface Purchase {
  readonly answer: ShopAnswer | null
  readonly from: number | null
  readonly to: number | null
}

/** One execution at a foreign shop as it is written down: users by new names, steps, keys, and how it ended. */
export class Course {
  readonly names: Names
  readonly steps: Step[] = []
  readonly #control: SaleControl
  readonly #setting: Setting
  readonly #actors: readonly Actor[]
  readonly #watched: string[][]

  constructor(control: SaleControl, setting: Setting, actors: readonly Actor[]) {
    this.#control = control
    this.#setting = setting
    this.#actors = actors
    this.#watched = actors.map(() => [])
    this.names = new Names(
      setting.buyers.map(({ user }) => user),
      control,
    )
  }

  pending(actor: number, passage: Passage, first: boolean): Pending {
    const event = unitOf(passage, this.names.shown)
    return { actor, event, accesses: accessesOf(event, this.#watched[actor]), first }
  }

  /** The step that a passage was, with its reply. Reads the stock where it may have changed. */
  async stepOf(actor: number, passage: Passage, value: RespValue, first: boolean): Promise<Step> {
    const event = unitOf(passage, this.names.shown)
    const reply = replyOf(value, this.names.shown)
    const accesses = accessesOf(event, this.#watched[actor], reply)
    if (event.kind === 'transaction') this.#watched[actor] = []
    else if (event.kind === 'command' && event.name === 'WATCH') this.#watched[actor]?.push(...event.args.map(String))
    for (const key of writtenKeys(accesses)) this.#control.wrote(this.names.realIn(key))
    const changed = stockKeys(this.#control.sale.places.stock).some((key) => changes(accesses, key))
    const stock = changed ? await this.#control.readStock() : this.stock
    return { actor, event, accesses, first, reply, stock, last: false }
  }

  /** Units left as last seen. */
  get stock(): number | null {
    return this.steps.length === 0 ? this.#setting.stock : (this.steps.at(-1) as Step).stock
  }

  /** Rejects with a Deviation where a step is not the one that was made before. */
  compare(position: number, step: Step, before: Step): void {
    if (!sameEvent(step.event, before.event))
      throw new Deviation(
        position,
        say`${this.nameOf(step.actor)} sends ${eventText(step.event)}, and ${eventText(before.event)} before`,
      )
    if (!sameReply(step.reply, before.reply))
      throw new Deviation(position, say`Redis replied ${show(step.reply)}, and ${show(before.reply)} before`)
  }

  /** How it ended, judged. */
  async ending(purchases: readonly Purchase[]): Promise<Ending> {
    const [control, setting] = [this.#control, this.#setting]
    const state = this.names.shownIn(await control.readState())
    const told = purchases.map(
      ({ answer, from, to }): Told => ({
        outcome: answer?.outcome ?? 'unknown',
        from: from ?? 0,
        to: to ?? this.steps.length,
      }),
    )
    const stocks = [setting.stock, ...this.steps.map(({ stock }) => stock)]
    const judged = judge({ sale: control.sale, setting, strictSoldOut: false, told, state, stocks })
    const violations = [...this.#stalls(purchases), ...judged]
    const outcomes = purchases.map(({ answer }) => answer?.outcome ?? null)
    const records = state.records.map(({ users, quantities }) =>
      users.map((user, i) => `${user} ${quantities[i]}`).sort(),
    )
    const rules = violations.map(({ rule }) => rule)
    return { outcomes, violations, fingerprint: JSON.stringify([outcomes, state.remaining, records, rules]) }
  }

  nameOf(actor: number): string {
    return this.#actors[actor]?.name ?? ''
  }

  #stalls(purchases: readonly Purchase[]): Violation[] {
    const names = purchases.flatMap(({ answer }, i) => (answer === null ? [this.nameOf(i)] : []))
    if (names.length === 0) return []
    return [
      {
        rule: 'never-settles',
        message: say`the purchase of ${names.join(', ')} neither got an answer nor sent a command`,
        hint: say`a lock that its holder never gave back, or a wait for something outside Redis`,
      },
    ]
  }
}
