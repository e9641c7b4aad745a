import type { Pending, Step } from '../../src/race/events.js'
import { accessesOf } from '../../src/race/independence.js'
import type { Actor, World } from '../../src/race/world.js'
import { type Command, command, type Reply } from '../../src/redis/port.js'

/** A purchase as a generator of commands; what it returns is what the buyer is told. */
export type Program = (user: string, quantity: number) => Generator<Command, string, Reply>

/** The document's list purchase (2-2). */
export const listNaive: Program = function* (user, quantity) {
  if ((yield command('HGET', 'users', user)) !== null) return 'already_bought'
  const left = Number(yield command('LLEN', 'goods'))
  if (left < quantity) return 'sold_out'
  if ((yield command('LREM', 'goods', quantity, 1)) === 0) return 'sold_out'
  yield command('HSET', 'users', user, quantity)
  return 'sold'
}

/** Claim, decrement, undo. */
export const counterUndo: Program = function* (user, quantity) {
  if ((yield command('HSETNX', 'users', user, quantity)) === 0) return 'already_bought'
  if (Number(yield command('DECRBY', 'goods', quantity)) >= 0) return 'sold'
  yield command('INCRBY', 'goods', quantity)
  yield command('HDEL', 'users', user)
  return 'sold_out'
}

/** A claim per user and one shared write: dense in races between single fields. */
export const crossed: Program = function* (user, quantity) {
  yield command('HSET', 'users', user, quantity)
  const others = yield command('HLEN', 'users')
  yield command('DECRBY', 'goods', quantity)
  const mine = yield command('HGET', 'users', user)
  return `${others} ${mine}`
}

/** An in-memory Redis of one list or counter `goods` and one hash `users`. */
class Memory {
  goods: number
  readonly users = new Map<string, string>()

  constructor(goods: number) {
    this.goods = goods
  }

  execute({ name, args }: Command): Reply {
    const [, field, value] = args.map(String) as [string, string, string]
    const had = this.users.has(field)
    switch (name) {
      case 'LLEN':
        return this.goods
      case 'LREM': {
        const taken = Math.min(this.goods, Number(field))
        this.goods -= taken
        return taken
      }
      case 'DECRBY':
        this.goods -= Number(field)
        return this.goods
      case 'INCRBY':
        this.goods += Number(field)
        return this.goods
      case 'HGET':
        return this.users.get(field) ?? null
      case 'HLEN':
        return this.users.size
      case 'HSET':
        this.users.set(field, value)
        return had ? 0 : 1
      case 'HSETNX':
        if (!had) this.users.set(field, value)
        return had ? 0 : 1
      case 'HDEL':
        this.users.delete(field)
        return had ? 1 : 0
      default:
        throw new Error(`the toy world has no ${name}`)
    }
  }
}

export interface Buyer {
  readonly user: string
  readonly quantity: number
}

interface Lane {
  readonly program: Generator<Command, string, Reply>
  next: IteratorResult<Command, string>
  begun: boolean
}

/** How an execution ended: answers in the order of the buyers, and what is stored. */
export interface ToyEnding {
  readonly answers: readonly string[]
  readonly goods: number
  readonly users: Readonly<Record<string, string>>
}

/** Buyers of one program on an in-memory Redis. */
export const toyWorld = (program: Program, buyers: readonly Buyer[], stock: number): World<ToyEnding> => {
  let memory = new Memory(stock)
  let lanes: Lane[] = []
  const pending = (): Pending[] =>
    lanes.flatMap(({ next, begun }, actor) =>
      next.done ? [] : [{ actor, event: next.value, accesses: accessesOf(next.value), first: !begun }],
    )
  const step = (actor: number): Step => {
    const lane = lanes[actor] as Lane
    const before = pending().find((it) => it.actor === actor) as Pending
    const event = before.event as Command
    const reply = memory.execute(event)
    lane.next = lane.program.next(reply)
    lane.begun = true
    const accesses = accessesOf(event, [], reply)
    return { ...before, accesses, reply, last: lane.next.done === true, stock: memory.goods }
  }
  return {
    actors: buyers.map(({ user, quantity }): Actor => ({ name: user, alike: String(quantity), marks: [user] })),
    start: async (known) => {
      memory = new Memory(stock)
      lanes = buyers.map(({ user, quantity }) => {
        const running = program(user, quantity)
        return { program: running, next: running.next(), begun: false }
      })
      for (const { actor } of known) step(actor)
      return pending()
    },
    step: async (actor) => ({ step: step(actor), pending: pending() }),
    finish: async () => ({
      answers: lanes.map(({ next }) => String(next.value)),
      goods: memory.goods,
      users: Object.fromEntries([...memory.users].sort()),
    }),
    close: async () => {},
  }
}
