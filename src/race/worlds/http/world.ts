import type { AtomicUnit, RedisFailure, RedisPort, Reply } from '../../../redis/port.js'
import type { FinalState } from '../../../sale/final-state.js'
import type { Sale } from '../../../sale/sale.js'
import type { Pending, Step } from '../../events.js'
import { accessesOf } from '../../independence.js'
import { judge, type Told, type Violation } from '../../judge.js'
import type { Setting } from '../../setting.js'
import { Deviation, type Process, type World } from '../../world.js'
import type { Ending } from '../in-process.js'
import { HttpLane, type HttpShop } from './lane.js'
import { type Rename, replyOf, unitOf } from './units.js'

export interface HttpWorldOptions {
  /** A running copy of the shop for each buyer. */
  readonly shops: readonly HttpShop[]
  readonly sale: Sale
  readonly setting: Setting
  /** Straight to Redis, past the gates. */
  readonly redis: RedisPort
  /** Puts the sale back to its start; the second argument names what the shop wrote before. */
  readonly reset: (written: ReadonlySet<string>) => Promise<void>
  readonly readStock: () => Promise<number | null>
  readonly readState: () => Promise<FinalState>
  /** A user name that was never used before. */
  readonly newUser: () => string
  /** Between one step of a purchase and its next; longer is "stalled". */
  readonly settleMs: number
  /** How long to wait for what a shop sends at the same time; 0 where it sends one command after the other. */
  readonly windowMs: number
}

/**
 * Buyers of a foreign shop, each at a running copy of its own, on one Redis: every command waits at the copy's gate until it
 * is chosen. Users have new names in each execution; in what is told they are called as the setting calls them.
 */
export class HttpWorld implements World<Ending> {
  readonly processes: readonly Process[]
  readonly #options: HttpWorldOptions
  readonly #written = new Set<string>()
  #lanes: readonly HttpLane[] = []
  #steps: Step[] = []
  #rename: Rename = (text) => text
  #names = new Map<string, string>()
  #watched: string[][] = []

  constructor(options: HttpWorldOptions) {
    this.#options = options
    const { buyers } = options.setting
    this.processes = buyers.map(({ user, quantity }, buyer) => {
      const twins = buyers.flatMap((other, i) => (other.user === user ? [i] : []))
      const alone = twins.length === 1
      return {
        name: alone ? user : `${user} (${twins.indexOf(buyer) + 1})`,
        alike: `${quantity} ${alone ? '' : user}`,
        marks: alone ? [user] : [],
      }
    })
  }

  async start(known: readonly Step[]): Promise<readonly Pending[]> {
    const { shops, setting, reset, settleMs, windowMs, newUser } = this.#options
    await this.close()
    await reset(this.#written)
    const users = new Map([...new Set(setting.buyers.map(({ user }) => user))].map((user) => [user, newUser()]))
    this.#names = new Map([...users].map(([user, name]) => [name, user]))
    this.#rename = (text) => {
      let renamed = text
      for (const [name, user] of this.#names) renamed = renamed.replaceAll(name, user)
      return renamed
    }
    this.#steps = []
    this.#watched = setting.buyers.map(() => [])
    for (const { gate } of shops) gate.shut()
    this.#lanes = setting.buyers.map(
      ({ user, quantity }, i) => new HttpLane(shops[i] as HttpShop, users.get(user) as string, quantity),
    )
    await Promise.all(this.#lanes.map((lane) => lane.quiet(settleMs, windowMs)))
    for (const [position, { process, event, reply }] of known.entries()) {
      const { step } = await this.step(process)
      if (shapeOf(step.event) !== shapeOf(event))
        throw new Deviation(
          position,
          `${this.#nameOf(process)} sends ${shapeOf(step.event)}, and ${shapeOf(event)} before`,
        )
      if (show(step.reply) !== show(reply))
        throw new Deviation(position, `Redis replied ${show(step.reply)}, and ${show(reply)} before`)
    }
    return this.#pending()
  }

  async step(process: number): Promise<{ step: Step; pending: readonly Pending[] }> {
    const { settleMs, windowMs, readStock, sale } = this.#options
    const position = this.#steps.length
    const lane = this.#lanes[process] as HttpLane
    const held = lane.next
    if (held === undefined) throw new Deviation(position, `${this.#nameOf(process)} has nothing to do`)
    const unit = unitOf(held.passage, this.#rename)
    const first = lane.from === null
    const reply = replyOf(await held.release(), this.#rename)
    lane.from ??= position
    const accesses = accessesOf(unit, this.#watched[process], reply)
    this.#noteWatch(process, unit)
    for (const { key, mode } of accesses) if (mode !== 'r' && key !== '*') this.#written.add(this.#realKey(key))
    const changed = accesses.some(({ key, mode }) => mode !== 'r' && (key === '*' || key === sale.keys.stock))
    const stock = changed ? await readStock() : (this.#steps.at(-1)?.stock ?? this.#options.setting.stock)
    const answered = lane.answer !== null
    await lane.quiet(settleMs, windowMs)
    this.#refuseIfSpoiled(lane)
    const last = !answered && lane.answer !== null
    if (last) lane.to = position
    const step: Step = { process, event: unit, accesses, first, reply, stock, last }
    this.#steps.push(step)
    return { step, pending: this.#pending() }
  }

  async finish(): Promise<Ending> {
    const { sale, setting } = this.#options
    const state = this.#renamed(await this.#options.readState())
    const told = this.#lanes.map(
      ({ answer, from, to }): Told => ({
        outcome: answer?.outcome ?? 'unknown',
        from: from ?? 0,
        to: to ?? this.#steps.length,
      }),
    )
    const stocks = [setting.stock, ...this.#steps.map((step) => step.stock)]
    const violations = [...this.#stalls(), ...judge({ sale, setting, told, state, stocks })]
    const outcomes = this.#lanes.map(({ answer }) => answer?.outcome ?? null)
    const records = state.records.map(({ users, quantities }) =>
      users.map((user, i) => `${user} ${quantities[i]}`).sort(),
    )
    const rules = violations.map(({ rule }) => rule)
    return {
      outcomes,
      violations,
      fingerprint: `${outcomes.join()} ${show([state.remaining, records])} ${rules.join()}`,
    }
  }

  /** Lets go whatever is still under way; the shops stay. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.finish()))
    this.#lanes = []
  }

  #pending(): Pending[] {
    return this.#lanes.flatMap((lane, process): Pending[] => {
      const held = lane.next
      if (held === undefined) return []
      const event = unitOf(held.passage, this.#rename)
      return [{ process, event, accesses: accessesOf(event, this.#watched[process]), first: lane.from === null }]
    })
  }

  #noteWatch(process: number, unit: AtomicUnit): void {
    if (unit.kind === 'transaction') this.#watched[process] = []
    else if (unit.kind === 'command' && unit.name === 'WATCH') this.#watched[process]?.push(...unit.args.map(String))
  }

  #refuseIfSpoiled({ shop }: HttpLane): void {
    const { perturbed } = shop.gate
    const ended = shop.ended()
    if (ended !== null) throw new Deviation(this.#steps.length, `the shop ended: ${ended}`)
    if (perturbed !== null) throw new Deviation(this.#steps.length, perturbed)
  }

  #stalls(): Violation[] {
    const names = this.#lanes.flatMap(({ answer }, i) => (answer === null ? [this.#nameOf(i)] : []))
    if (names.length === 0) return []
    return [
      {
        rule: 'never-settles',
        message: `the purchase of ${names.join(', ')} neither got an answer nor sent a command`,
        hint: 'a lock that its holder never released, or a wait for something outside Redis',
      },
    ]
  }

  #nameOf(process: number): string {
    return this.processes[process]?.name ?? ''
  }

  /** A key as it is called in this execution. */
  #realKey(key: string): string {
    for (const [name, user] of this.#names) if (key.includes(user)) return key.replaceAll(user, name)
    return key
  }

  #renamed(state: FinalState): FinalState {
    return { ...state, records: state.records.map((source) => ({ ...source, users: source.users.map(this.#rename) })) }
  }
}

const show = (value: Reply | RedisFailure): string => (value instanceof Error ? value.message : JSON.stringify(value))

/** Names, keys and number of arguments must agree; other arguments may hold times and random ids. */
const shapeOf = (event: Step['event']): string => {
  if (event.kind === 'sleep' || event.kind === 'expire') return event.kind
  if (event.kind === 'script') return `${event.script.name} ${event.keys.join(' ')}`
  const commands = event.kind === 'command' ? [event] : event.commands
  return commands.map(({ name, args: [key = '', ...more] }) => `${name} ${key} and ${more.length} more`).join('; ')
}
