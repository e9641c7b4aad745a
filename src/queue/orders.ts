import type { Queue } from 'bullmq'
import { say } from '../language/say.js'
import { type Connection, openConnection } from '../redis/connection.js'
import { failureOf, troubleOf } from '../redis/failure.js'
import { RedisFailure } from '../redis/port.js'
import { describeRedis, type RedisTarget } from '../redis/target.js'
import type { SaleKeys } from '../sale/keys.js'
import { jobIdOf } from '../sale/order-job.js'
import type { Order, OrderQueue } from '../strategies/strategy.js'
import { type Bullmq, JOB_OPTIONS, loadBullmq, type OrderData, placeOf } from './bullmq.js'

/** BullMQ adds a job by a script: one that fails may have written. */
const ADD = { kind: 'script', script: { name: 'BullMQ', keys: [], lua: '' }, keys: [], args: [] } as const

/** The queues of sales on one Redis, as those who hand orders over see them, on a connection of their own. */
export class OrderQueues {
  readonly #target: RedisTarget
  readonly #queues = new Map<string, Queue<OrderData>>()
  #opened: Promise<{ readonly bullmq: Bullmq; readonly connection: Connection }> | undefined

  constructor(target: RedisTarget) {
    this.#target = target
  }

  /** Where a strategy's orders of a sale go. Opened once; errors: unsupported (no BullMQ), as those of connecting. */
  async open(strategy: string, { jobs }: Pick<SaleKeys, 'jobs'>): Promise<OrderQueue> {
    this.#opened ??= this.#open()
    const { bullmq, connection } = await this.#opened
    const queue = this.#queues.get(jobs) ?? this.#queueIn(bullmq, connection, jobs)
    return { add: (...orders) => addTo(queue, connection, strategy, orders) }
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined)
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()))
    opened?.connection.disconnect()
  }

  async #open() {
    try {
      const bullmq = await loadBullmq()
      const connection = await openConnection(this.#target, { reconnect: true })
      return { bullmq, connection }
    } catch (error) {
      this.#opened = undefined
      throw error instanceof RedisFailure ? troubleOf(error, describeRedis(this.#target)) : error
    }
  }

  #queueIn({ Queue }: Bullmq, connection: Connection, jobs: string): Queue<OrderData> {
    const { name, options } = placeOf(jobs)
    const queue = new Queue<OrderData>(name, { ...options, connection, skipMetasUpdate: true })
    // Whoever adds an order learns it from that.
    queue.on('error', () => {})
    this.#queues.set(jobs, queue)
    return queue
  }
}

const jobOf = (name: string, { ticket, user, quantity, seeding }: Order) => ({
  name,
  data: { user, quantity, ...(seeding === undefined ? {} : { seeding }) },
  opts: { ...JOB_OPTIONS, jobId: jobIdOf(ticket, seeding) },
})

/** Sent once, as purchases are: whether an order that got no answer is there, nobody knows. */
const addTo = async (
  queue: Queue<OrderData>,
  connection: Connection,
  strategy: string,
  orders: readonly Order[],
): Promise<void> => {
  if (connection.status !== 'ready') throw new RedisFailure('not_sent', say`the connection of the queue is closed`)
  try {
    await queue.addBulk(orders.map((order) => jobOf(strategy, order)))
  } catch (error) {
    throw failureOf(ADD, error as Error)
  }
}
