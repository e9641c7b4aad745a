import { type Command, command } from '../../redis/port.js'
import type { Sale } from '../../sale/sale.js'
import type { Strategy, StrategyContext, Wish } from '../../strategies/strategy.js'
import type { Step } from '../events.js'
import type { Told, Violation } from '../judge.js'
import { officeNames, type Setting } from '../setting.js'
import type { Actor } from '../world.js'
import { anomaliesOf, tokenMark } from './buyers.js'
import { portOn } from './context.js'
import { Lane } from './lane.js'
import { handBack, queueKeys, queueOn, relayOn, takenKey, work } from './office.js'

/** So far ahead that the clock does not decide the ids of orders: they follow each other. */
const LAST_ID = '99999999999999-0'

export interface OfficeOptions {
  readonly strategy: Strategy
  readonly setting: Setting
  readonly sale: Sale
  /** What a process has at hand whose steps go through this lane. */
  readonly context: (lane: Lane, actor: number) => StrategyContext
}

/** The processes behind a queue, as actors: workers, and the relay where the strategy has one. None for other strategies. */
export class BackOffice {
  readonly actors: readonly Actor[]
  lanes: Lane[] = []
  readonly #options: OfficeOptions
  readonly #first: number

  constructor(options: OfficeOptions) {
    const { setting } = options
    this.#options = options
    this.#first = setting.buyers.length + 1
    const workers = setting.office?.workers ?? 0
    this.actors = officeNames(setting).map((name, i) => ({
      name,
      alike: i < workers && setting.death?.actor !== this.#first + i ? 'worker' : null,
      marks: [takenKey(this.#queue, name)],
    }))
  }

  get #queue() {
    return queueKeys(this.#options.sale.keys.orders)
  }

  /** Where an order is put, by a process whose steps go through this lane. */
  queueFor(lane: Lane) {
    return queueOn(portOn(lane), this.#queue)
  }

  open(): void {
    this.lanes = this.actors.map(() => new Lane())
    for (const i of this.lanes.keys()) this.#run(i)
  }

  /** A new process in the place of one that died. */
  restart(actor: number): Lane {
    const i = actor - this.#first
    const lane = new Lane()
    this.lanes[i] = lane
    this.#run(i)
    return lane
  }

  /** What happens at Redis once this actor died. */
  leaves(actor: number) {
    const worker = actor - this.#first
    const isWorker = worker >= 0 && worker < (this.#options.setting.office?.workers ?? 0)
    return isWorker ? handBack(this.#queue, this.actors[worker]?.name ?? '') : null
  }

  /** What a buyer asks for: under a known ticket, where it becomes an order. */
  wish(buyer: number): Wish {
    const { strategy, setting } = this.#options
    const purchase = setting.buyers[buyer] as Setting['buyers'][number]
    if (strategy.backOffice === undefined) return purchase
    return { ...purchase, ticket: strategy.backOffice.ticket(purchase, () => `${tokenMark(buyer)}ticket`) }
  }

  /** What became of a purchase: of one that was queued, the decision that the queue knows. */
  decisionOf(buyer: number, answer: Told, steps: readonly Step[]): Told {
    if (answer.outcome !== 'queued') return answer
    const { ticket } = this.wish(buyer)
    const to = steps.findIndex(({ decided }) => decided?.ticket === ticket)
    const outcome = steps[to]?.decided?.outcome
    return outcome === undefined ? answer : { ...answer, outcome, to }
  }

  anomalies(): Violation[] {
    // One that waits for work has nothing to answer.
    return anomaliesOf(
      this.actors,
      this.lanes.map((lane) => (lane.next?.gate ? { answer: { outcome: 'sold' } } : lane)),
    )
  }

  /** What makes the stream of orders begin at a known place. */
  seeding(): Command[] {
    const { setting, sale } = this.#options
    if (!setting.office?.relay) return []
    const { orders } = sale.keys
    return [command('XADD', orders, LAST_ID, 'order', 'none'), command('XDEL', orders, LAST_ID)]
  }

  #run(i: number): void {
    const { strategy, setting, context } = this.#options
    const { backOffice } = strategy
    const lane = this.lanes[i] as Lane
    const actor = this.#first + i
    if (backOffice === undefined) return
    const own = context(lane, actor)
    const worker = this.actors[i]?.name ?? ''
    if (i < (setting.office?.workers ?? 0))
      lane.run(work({ redis: portOn(lane), context: own, lane }, backOffice, { queue: this.#queue, worker }))
    else if (backOffice.relay !== undefined)
      lane.run(relayOn(own, lane, (given) => backOffice.relay?.(given) ?? Promise.resolve(0), actor))
  }
}
