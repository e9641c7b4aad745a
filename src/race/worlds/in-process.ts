import type { RedisClient } from '../../redis/client.js'
import {
  type AtomicUnit,
  type Command,
  command,
  type Execute,
  RedisFailure,
  RedisPort,
  type Reply,
} from '../../redis/port.js'
import { LAYOUTS } from '../../sale/layout.js'
import type { Sale } from '../../sale/sale.js'
import { readFinalState } from '../../store/snapshot.js'
import type { Shop, Strategy } from '../../strategies/strategy.js'
import type { Pending, Step } from '../events.js'
import { type Access, accessesOf, LIFETIMES, mortalKey } from '../independence.js'
import { judge, type Told, type Violation } from '../judge.js'
import type { Setting } from '../setting.js'
import { Deviation, type Process, type World } from '../world.js'
import { type Held, Lane } from './lane.js'
import { type Posted, Session, Wire } from './wire.js'

/** How an execution ended. */
export interface Ending {
  /** What each buyer was told; null where there was no answer. */
  readonly outcomes: readonly (string | null)[]
  readonly violations: readonly Violation[]
  /** Answers and final state, to compare executions by. */
  readonly fingerprint: string
}

export interface InProcessOptions {
  readonly client: RedisClient
  readonly strategy: Strategy
  /** Names the keys; they are written, and deleted again. */
  readonly sale: Sale
  readonly setting: Setting
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
  readonly processes: readonly Process[]
  readonly #options: InProcessOptions
  readonly #wire: Wire
  readonly #verdicts = new Map<string, readonly Violation[]>()
  /** Every key that was ever written. */
  readonly #written: Set<string>
  #lanes: readonly Lane[] = []
  #shops: readonly Shop[] = []
  #steps: Step[] = []
  #expired = false

  constructor(options: InProcessOptions) {
    const { client, sale, setting, expiry = false, adapt = (execute) => execute } = options
    this.#options = options
    this.#wire = new Wire(client, adapt)
    this.#written = new Set([sale.keys.stock, sale.keys.records, sale.keys.lock])
    this.processes = [
      ...setting.buyers.map((_, buyer) => processOf(setting, buyer)),
      ...(expiry ? [{ name: 'expiry', alike: null, marks: [] }] : []),
    ]
  }

  async start(known: readonly Step[]): Promise<readonly Pending[]> {
    await this.#reset()
    const posted: (Posted | null)[] = []
    for (const [position, step] of known.entries()) {
      posted.push(await this.#post(step.process, position))
      await this.#take(step, position)
    }
    for (const [position, step] of known.entries()) {
      const reply = await posted[position]?.reply
      if (reply !== undefined && !sameReply(reply, step.reply))
        throw new Deviation(position, `Redis replied ${show(reply)}, and ${show(step.reply)} before`)
    }
    return this.#pending()
  }

  async step(process: number): Promise<{ step: Step; pending: readonly Pending[] }> {
    const { stock: key } = this.#options.sale.keys
    const position = this.#steps.length
    const pending = this.#pending().find((it) => it.process === process)
    if (pending === undefined) throw new Deviation(position, `process ${process + 1} has nothing to do`)
    const lane = this.#lanes[process]
    const held = lane?.next
    const posted = await this.#post(process, position)
    const peeked = posted && changes(pending.accesses, key) ? this.#wire.peek(this.#readStock()) : null
    const reply = posted === null ? null : await posted.reply
    const stock = peeked === null ? this.#stockBefore() : unitsOf(await peeked.reply)
    const accesses = held ? accessesOfHeld(held, reply) : accessesOfExpiry(pending, reply)
    const answered = lane?.answer !== null
    const wokenBy = held?.awaits ? this.#wakers(process, held) : undefined
    const step = { ...pending, accesses, reply, stock, last: false, ...(wokenBy && { wokenBy }) }
    await this.#take(step, position)
    const taken = { ...step, last: lane !== undefined && !answered && lane.answer !== null }
    this.#steps[position] = taken
    return { step: taken, pending: this.#pending() }
  }

  async finish(): Promise<Ending> {
    const { sale, setting, client } = this.#options
    const layout = LAYOUTS[sale.layout]
    const stock = this.#wire.peek(this.#readStock())
    const records = this.#wire.peek(
      layout.records === 'hash' ? command('HGETALL', sale.keys.records) : command('LRANGE', sale.keys.records, 0, -1),
    )
    const raw = [await stock.reply, await records.reply].map(show).join()
    const told = this.#lanes.map((lane): Told => {
      const { answer, from, to } = lane
      const outcome = answer !== null && typeof answer === 'object' && 'outcome' in answer ? answer.outcome : 'unknown'
      return { outcome, from: from ?? 0, to: to ?? this.#steps.length }
    })
    const outcomes = told.map(({ outcome }, i) => (this.#lanes[i]?.answer === null ? null : outcome))
    const stocks = [setting.stock, ...this.#steps.map((step) => step.stock)]
    const fingerprint = `${outcomes.join()} ${raw}`
    const key = `${fingerprint} ${Math.min(...stocks.map((units) => units ?? 0))} ${told.map(({ from, to }) => `${from}-${to}`).join()}`
    let verdict = this.#verdicts.get(key)
    if (verdict === undefined) {
      const state = await readFinalState(client.redis, sale.keys, layout)
      verdict = judge({ sale, setting, told, state, stocks })
      this.#verdicts.set(key, verdict)
    }
    const violations = [...this.#anomalies(), ...verdict]
    return { outcomes, violations, fingerprint: `${fingerprint} ${violations.map(({ rule }) => rule).join()}` }
  }

  /** Removes what the exploration wrote. */
  async close(): Promise<void> {
    await Promise.all(this.#shops.map((shop) => shop.close()))
    for (const session of this.#lanes.flatMap(({ sessions }) => sessions)) await this.#wire.abandon(session)
    await this.#wire.peek(command('DEL', ...this.#written)).reply
    this.#wire.close()
  }

  async #reset(): Promise<void> {
    const { strategy, sale, setting, settleMs = 1_000 } = this.#options
    const { stock } = sale.keys
    for (const session of this.#lanes.flatMap(({ sessions }) => sessions)) await this.#wire.abandon(session)
    await this.#wire.post(new Session(), command('DEL', ...this.#written))
    const list = LAYOUTS[sale.layout].stock === 'list'
    const units = new Array<number>(setting.stock).fill(1)
    if (!list || units.length > 0)
      this.#wire.peek(list ? command('RPUSH', stock, ...units) : command('SET', stock, setting.stock))
    this.#steps = []
    this.#expired = false
    this.#lanes = setting.buyers.map(() => new Lane())
    this.#shops = await Promise.all(this.#lanes.map((lane, buyer) => strategy.open(this.#context(lane, buyer))))
    for (const [buyer, purchase] of setting.buyers.entries()) this.#lanes[buyer]?.run(this.#shops[buyer]!.buy(purchase))
    for (const lane of this.#lanes) await lane.quiet(settleMs)
  }

  #context(lane: Lane, buyer: number) {
    const { sale } = this.#options
    const port = (): RedisPort => {
      const session = new Session()
      lane.sessions.push(session)
      return new RedisPort((unit) => lane.hold(unit, session))
    }
    let tokens = 0
    return {
      redis: port(),
      dedicated: async () => ({ redis: port(), usable: true, close: () => {} }),
      keys: sale.keys,
      limit: sale.perUser.units,
      clock: { now: () => lane.nowMs, sleep: (ms: number) => lane.sleep(ms) },
      newToken: () => `${tokenMark(buyer)}${tokens++}`,
    }
  }

  /** Sends the step that a process holds; null where there is nothing to send. */
  async #post(process: number, position: number): Promise<Posted | null> {
    const lane = this.#lanes[process]
    if (lane === undefined) {
      const keys = this.#mortals()
      return keys.length === 0 ? null : this.#wire.post(new Session(), command('DEL', ...keys))
    }
    const held = lane.next
    if (held === undefined) throw new Deviation(position, `${this.processes[process]?.name} has nothing to do`)
    return held.session === null ? null : this.#wire.post(held.session, held.event as AtomicUnit)
  }

  /** Takes a step whose reply is known, and waits until its process is quiet again. */
  async #take(step: Step, position: number): Promise<void> {
    const { settleMs = 1_000 } = this.#options
    this.#steps[position] = step
    for (const { key, mode } of step.accesses)
      if (mode !== 'r' && key !== LIFETIMES && key !== '*') this.#written.add(key)
    const lane = this.#lanes[step.process]
    if (lane === undefined) {
      this.#expired = true
      return
    }
    const held = lane.next as Held
    if (!sameStep(held.event, step.event))
      throw new Deviation(
        position,
        `${this.processes[step.process]?.name} sends ${show(held.event)}, and ${show(step.event)} before`,
      )
    const answered = lane.answer !== null
    if (held.session !== null) held.session.note(held.event as AtomicUnit)
    lane.feed(step.reply, step.accesses, position)
    await lane.quiet(settleMs)
    if (!answered && lane.answer !== null) lane.to = position
  }

  #pending(): Pending[] {
    const pending = this.#lanes.flatMap((lane, process): Pending[] => {
      const held = lane.next
      if (held === undefined || (held.awaits !== null && this.#wakers(process, held).length === 0)) return []
      return [{ process, event: held.event, accesses: accessesOfHeld(held), first: lane.from === null }]
    })
    const busy = this.#lanes.some(({ next }) => next !== undefined)
    if (this.processes.length === this.#lanes.length || this.#expired || !busy) return pending
    const keys = this.#mortals().map((key): Access => ({ key, part: '*', mode: 'w' }))
    const accesses: Access[] = [...keys, { key: LIFETIMES, part: '*', mode: 'r' }]
    return [...pending, { process: this.#lanes.length, event: { kind: 'expire' }, accesses, first: false }]
  }

  /** Keys that were given a lifetime. */
  #mortals(): string[] {
    const keys = this.#steps.flatMap(({ event, accesses }) => {
      if (event.kind === 'sleep' || event.kind === 'expire' || !accesses.some(({ key }) => key === LIFETIMES)) return []
      return mortalKey(event) ?? []
    })
    return [...new Set(keys)]
  }

  /** Positions of the steps of others that changed what a pause waits for. */
  #wakers(process: number, { awaits }: Held): number[] {
    return this.#steps.flatMap((step, i) => {
      const changed = (awaits ?? []).some(({ access, position }) => i > position && changes(step.accesses, access.key))
      return step.process !== process && changed ? [i] : []
    })
  }

  #anomalies(): Violation[] {
    const named = this.#lanes.map((lane, i) => ({ lane, name: this.processes[i]?.name ?? '' }))
    const waiting = named.filter(({ lane }) => lane.answer === null).map(({ name }) => name)
    const mute = named.filter(({ lane }) => lane.answer === 'never-settles').map(({ name }) => name)
    const threw = named.flatMap(({ lane, name }): Violation[] => {
      const { answer } = lane
      if (answer === null || typeof answer === 'string' || !('threw' in answer)) return []
      return [
        { rule: 'threw', message: `the purchase of ${name} threw: ${answer.threw.split('\n')[0]}`, hint: answer.threw },
      ]
    })
    return [
      ...(waiting.length === 0
        ? []
        : [
            {
              rule: 'deadlock' as const,
              message: `${waiting.join(', ')} wait for a change that nobody is left to make`,
              hint: 'a lock that its holder never released, or a retry that only time ends',
            },
          ]),
      ...(mute.length === 0
        ? []
        : [
            {
              rule: 'never-settles' as const,
              message: `the purchase of ${mute.join(', ')} neither answered nor sent a command`,
              hint: 'a promise that nobody resolves, or a wait that goes around ctx.clock',
            },
          ]),
      ...threw,
    ]
  }

  #stockBefore(): number | null {
    return this.#steps.length === 0 ? this.#options.setting.stock : (this.#steps.at(-1) as Step).stock
  }

  #readStock(): Command {
    const { keys, layout } = this.#options.sale
    return command(LAYOUTS[layout].stock === 'list' ? 'LLEN' : 'GET', keys.stock)
  }
}

const tokenMark = (buyer: number): string => `token-of-${buyer + 1}-`

const processOf = ({ buyers }: Setting, buyer: number): Process => {
  const { user, quantity } = buyers[buyer] as Setting['buyers'][number]
  const twins = buyers.map((_, i) => i).filter((i) => buyers[i]?.user === user)
  const alone = twins.length === 1
  return {
    name: alone ? user : `${user} (${twins.indexOf(buyer) + 1})`,
    alike: `${quantity} ${alone ? '' : user}`,
    marks: alone ? [user, tokenMark(buyer)] : [tokenMark(buyer)],
  }
}

const accessesOfHeld = ({ event, session, awaits }: Held, reply?: Reply | RedisFailure): readonly Access[] =>
  event.kind === 'sleep'
    ? (awaits ?? []).map(({ access }) => ({ ...access, mode: 'r' }))
    : accessesOf(event, session?.watched, reply)

const accessesOfExpiry = ({ accesses }: Pending, reply: Reply | RedisFailure): readonly Access[] =>
  reply === null || reply === 0 ? accesses.map((access) => ({ ...access, mode: 'r' })) : accesses

const changes = (accesses: readonly Access[], changed: string): boolean =>
  accesses.some(({ key, mode }) => mode !== 'r' && (key === changed || key === '*'))

const unitsOf = (reply: Reply | RedisFailure): number | null =>
  reply === null || reply instanceof RedisFailure || Number.isNaN(Number(reply)) ? null : Number(reply)

const show = (value: unknown): string => (value instanceof Error ? value.message : JSON.stringify(value))

const sameReply = (a: Reply | RedisFailure, b: Reply | RedisFailure): boolean => show(a) === show(b)

/** Names and keys must agree; other arguments may hold times and random ids. */
const sameStep = (a: Step['event'], b: Step['event']): boolean => a === b || shapeOf(a) === shapeOf(b)

const shapeOf = (event: Step['event']): string => {
  if (event.kind === 'sleep' || event.kind === 'expire') return event.kind
  const keys = accessesOf(event).map(({ key }) => key)
  if (event.kind === 'script') return `${event.script.name} ${keys}`
  const commands = event.kind === 'command' ? [event] : event.commands
  return `${commands.map(({ name, args }) => `${name} ${args.length}`)} ${keys}`
}
