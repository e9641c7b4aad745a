import pLimit from 'p-limit'
import { SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import { type Command, command, type RedisPort } from '../redis/port.js'
import { seedingKey, traceKeys } from '../sale/keys.js'
import { type Places, stockKeys } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import { metaFields, newSaleUuid } from './meta.js'
import { clearPlaces } from './places.js'
import { queueKeys, unlinkAll } from './queue-keys.js'
import { stockReader } from './readers/stock/index.js'

/** Units per command: some 70 kB on the wire, well under a millisecond of Redis' time. */
const CHUNK = 10_000
const IN_FLIGHT = 4

export interface SeedOptions {
  /** Called with the units written so far. */
  readonly onProgress?: (done: number) => void
  readonly signal?: AbortSignal
  /** An earlier seeding, which goes away with it. */
  readonly obsolete?: Places | undefined
  readonly now: Date
}

/** Should this process die, what it left under way goes by itself. */
const ABANDONED_AFTER_S = 3_600

/**
 * Writes a sale: stock, empty records, meta. A collection of units grows under a name of its own and takes its place, with
 * all the rest, in one transaction: whoever looks sees the old sale or the new one. Interrupted, it leaves the old one.
 */
export const seedSale = async (redis: RedisPort, sale: Sale, options: SeedOptions): Promise<void> => {
  const { keys, ttlSeconds } = sale
  const { stock } = sale.places
  const { fill, write } = stockReader(stock)
  const seeding = seedingKey(keys.stock, sale.uuid ?? newSaleUuid())
  try {
    if (fill) await pushUnits(redis, (from, count) => fill(seeding, from, count), sale.initial, options)
    const jobs = await queueKeys(redis, keys.jobs)
    await redis.transaction(
      ...(options.obsolete ? clearPlaces(options.obsolete) : []),
      ...clearPlaces(sale.places),
      ...unlinkAll([keys.meta, ...traceKeys(keys), ...jobs]),
      ...(fill ? [command('RENAME', seeding, keys.stock), command('PERSIST', keys.stock)] : []),
      ...(write?.(stock, sale.initial) ?? []),
      ...(ttlSeconds === null ? [] : stockKeys(stock).map((key) => command('EXPIRE', key, ttlSeconds))),
      command('HSET', keys.meta, ...metaFields(sale, options.now.toISOString())),
    )
  } catch (error) {
    await redis.call('UNLINK', seeding).catch(() => {})
    throw error
  }
}

const pushUnits = async (
  redis: RedisPort,
  fill: (from: number, count: number) => Command,
  units: number,
  options: SeedOptions,
): Promise<void> => {
  const limit = pLimit(IN_FLIGHT)
  const stop = new AbortController()
  const stopped = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])])
  let done = 0
  const push = async (from: number, count: number): Promise<void> => {
    stopped.throwIfAborted()
    const add = fill(from, count)
    await redis.execute(add)
    if (done === 0) await redis.call('EXPIRE', add.args[0] as string, ABANDONED_AFTER_S)
    done += count
    options.onProgress?.(done)
  }
  const starts = Array.from({ length: Math.ceil(units / CHUNK) }, (_, i) => i * CHUNK)
  const pushes = starts.map((from) => limit(push, from, Math.min(CHUNK, units - from)))
  try {
    await Promise.all(pushes)
  } catch (error) {
    // No piece may arrive after the clean-up.
    stop.abort()
    await Promise.allSettled(pushes)
    if (options.signal?.aborted) throw new SeckillError('interrupted', say`interrupted: the sale is as it was before`)
    throw error
  }
}
