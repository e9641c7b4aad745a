import type { RedisPort } from '../redis/port.js'
import type { SaleKeys } from '../sale/keys.js'
import { folder, type Places } from '../sale/layout.js'
import type { OrderBook, SoldOrders } from '../sale/order-book.js'
import { hashRecords } from './readers/records/hash.js'
import { readRecords } from './readers/records/index.js'
import { wrongTypeAt } from './readers/wrong-type.js'

/** The queue of our own strategies beside a sale. */
export interface OwnQueuePlace {
  readonly keys: SaleKeys
  /** Whether a strategy, by the name of its jobs, takes units at the door. */
  reserves(strategy: string): boolean
}

/**
 * Reads claims and finished jobs of a sale's own queue, page by page; null where there are none. Commands that only read, none
 * of which takes Redis long. Not a point in time: for a queue that is idle.
 */
export const readOrderBook = async (
  redis: RedisPort,
  { keys, reserves }: OwnQueuePlace,
  places: Pick<Places, 'fold'>,
): Promise<OrderBook | null> => {
  const [completed, failed] = [`${keys.jobs}:completed`, `${keys.jobs}:failed`]
  if (Number(await redis.call('EXISTS', keys.claims, completed, failed)) === 0) return null
  const problem =
    (await wrongTypeAt(redis, keys.claims, 'hash')) ??
    (await wrongTypeAt(redis, completed, 'zset')) ??
    (await wrongTypeAt(redis, failed, 'zset'))
  const book = new Pages(await redis.hget(keys.meta, 'uuid'), folder(places.fold), reserves)
  if (problem !== null) return book.close(problem, null)
  const place = { type: 'hash', key: keys.claims, user: null, quantity: 'value' } as const
  const reserved = await readRecords(redis, hashRecords, place, places)
  for await (const jobs of finishedJobs(redis, keys.jobs, completed)) for (const job of jobs) book.completed(job)
  for await (const jobs of finishedJobs(redis, keys.jobs, failed)) for (const job of jobs) book.failed(job)
  return book.close(null, reserved)
}

/** A job as it stands. */
interface Job {
  readonly id: string
  readonly strategy: string | null
  readonly data: string | null
  readonly returned: string | null
}

const PAGE = 500

/** The next page is asked for once this one was taken in: what was read of a job is let go of. */
async function* finishedJobs(redis: RedisPort, jobs: string, set: string): AsyncGenerator<Job[]> {
  for (let start = 0; ; start += PAGE) {
    const ids = (await redis.call('ZRANGE', set, start, start + PAGE - 1)) as string[]
    if (ids.length === 0) return
    const fields = ids.map((id) => redis.call('HMGET', `${jobs}:${id}`, 'name', 'data', 'returnvalue'))
    const replies = (await Promise.all(fields)) as (readonly (string | null)[])[]
    yield replies.map(([strategy = null, data = null, returned = null], i) => ({
      ...{ id: ids[i] as string, strategy, data, returned },
    }))
  }
}

const MAX_UNREADABLE = 20

/** Gathers what jobs say. */
class Pages {
  readonly #seeding: string | null
  readonly #fold: (name: string) => string
  readonly #reserves: (strategy: string) => boolean
  readonly #sold = new Map<string, { readonly users: string[]; readonly quantities: number[] }>()
  readonly #givenUp: (string | null)[] = []
  readonly #unreadable: string[] = []
  #counts = { refused: 0, ofOtherSeedings: 0, unreadableCount: 0 }

  constructor(seeding: string | null, fold: (name: string) => string, reserves: (strategy: string) => boolean) {
    this.#seeding = seeding
    this.#fold = fold
    this.#reserves = reserves
  }

  completed({ id, strategy, data, returned }: Job): void {
    const order = orderIn(data)
    if (this.#isForeign(order)) return
    if (returned !== '"sold"') this.#counts.refused++
    else if (order === null || strategy === null) this.#cannotRead(id)
    else {
      const { users, quantities } = this.#sold.get(strategy) ?? { users: [], quantities: [] }
      if (users.push(this.#fold(order.user)) === 1) this.#sold.set(strategy, { users, quantities })
      quantities.push(order.quantity)
    }
  }

  failed({ data }: Job): void {
    const order = orderIn(data)
    if (!this.#isForeign(order)) this.#givenUp.push(order === null ? null : this.#fold(order.user))
  }

  close(problem: string | null, reserved: OrderBook['reserved']): OrderBook {
    const sold = [...this.#sold].map(
      ([strategy, { users, quantities }]): SoldOrders => ({
        ...{ strategy, reserves: this.#reserves(strategy), users, quantities },
      }),
    )
    return { problem, reserved, sold, givenUp: this.#givenUp, unreadable: this.#unreadable, ...this.#counts }
  }

  /** Where nobody knows the seeding of now, or a job names none, it is taken for one of this. */
  #isForeign(order: OrderIn | null): boolean {
    const foreign = this.#seeding !== null && order?.seeding !== undefined && order.seeding !== this.#seeding
    if (foreign) this.#counts.ofOtherSeedings++
    return foreign
  }

  #cannotRead(id: string): void {
    if (++this.#counts.unreadableCount <= MAX_UNREADABLE) this.#unreadable.push(id)
  }
}

interface OrderIn {
  readonly user: string
  readonly quantity: number
  readonly seeding?: string
}

const orderIn = (data: string | null): OrderIn | null => {
  try {
    const order = JSON.parse(data ?? '') as Partial<OrderIn> | null
    if (typeof order?.user !== 'string' || !Number.isInteger(order.quantity)) return null
    // Half a surrogate pair survives in JSON, and nowhere else in Redis.
    return { ...(order as OrderIn), user: order.user.toWellFormed() }
  } catch {
    return null
  }
}
