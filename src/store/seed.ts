import pLimit from 'p-limit'
import { SeckillError } from '../errors.js'
import { command, type RedisPort } from '../redis/port.js'
import { seedingKey } from '../sale/keys.js'
import { LAYOUTS } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import { metaFields, newSaleUuid } from './meta.js'

/** Units per RPUSH: some 70 kB on the wire, well under a millisecond of Redis' time. */
const CHUNK = 10_000
const IN_FLIGHT = 4

export interface SeedOptions {
  /** Called with the units written so far. */
  readonly onProgress?: (done: number) => void
  readonly signal?: AbortSignal
  /** Keys of an earlier seeding that go away with it. */
  readonly obsolete?: readonly string[]
  readonly now: Date
}

/** Should this process die, what it left under way goes by itself. */
const ABANDONED_AFTER_S = 3_600

/**
 * Writes a sale: stock, empty records, meta. The stock grows under a name of its own and takes its place, with all the rest,
 * in one transaction: whoever looks sees the old sale or the new one. Interrupted, it leaves the old one.
 */
export const seedSale = async (redis: RedisPort, sale: Sale, options: SeedOptions): Promise<void> => {
  const { keys, ttlSeconds } = sale
  const seeding = seedingKey(keys.stock, sale.uuid ?? newSaleUuid())
  try {
    if (LAYOUTS[sale.layout].stock === 'list') await pushUnits(redis, seeding, sale.initial, options)
    else await redis.call('SET', seeding, sale.initial)
    await redis.transaction(
      command('UNLINK', keys.stock, keys.records, keys.meta, keys.lock, ...(options.obsolete ?? [])),
      command('RENAME', seeding, keys.stock),
      ttlSeconds === null ? command('PERSIST', keys.stock) : command('EXPIRE', keys.stock, ttlSeconds),
      command('HSET', keys.meta, ...metaFields(sale, options.now.toISOString())),
    )
  } catch (error) {
    await redis.call('UNLINK', seeding).catch(() => {})
    throw error
  }
}

const pushUnits = async (redis: RedisPort, key: string, units: number, options: SeedOptions): Promise<void> => {
  const limit = pLimit(IN_FLIGHT)
  const full = new Array<number>(CHUNK).fill(1)
  const stop = new AbortController()
  const stopped = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])])
  let done = 0
  const push = async (count: number): Promise<void> => {
    stopped.throwIfAborted()
    await redis.call('RPUSH', key, ...(count === CHUNK ? full : full.slice(0, count)))
    if (done === 0) await redis.call('EXPIRE', key, ABANDONED_AFTER_S)
    done += count
    options.onProgress?.(done)
  }
  const chunks = Array.from({ length: Math.ceil(units / CHUNK) }, (_, i) => Math.min(CHUNK, units - i * CHUNK))
  const pushes = chunks.map((count) => limit(push, count))
  try {
    await Promise.all(pushes)
  } catch (error) {
    // No piece may arrive after the clean-up.
    stop.abort()
    await Promise.allSettled(pushes)
    if (options.signal?.aborted) throw new SeckillError('interrupted', 'interrupted: the sale is as it was before')
    throw error
  }
}
