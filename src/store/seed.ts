import pLimit from 'p-limit'
import { SeckillError } from '../errors.js'
import { command, type RedisPort } from '../redis/port.js'
import { LAYOUTS } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import { metaFields } from './meta.js'

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

/**
 * Writes a sale: stock, empty records, meta. The stock grows under a name of its own and takes its place, with all the rest,
 * in one transaction: whoever looks sees the old sale or the new one. Interrupted, it leaves the old one.
 */
export const seedSale = async (redis: RedisPort, sale: Sale, options: SeedOptions): Promise<void> => {
  const { keys } = sale
  try {
    await redis.call('UNLINK', keys.seeding)
    if (LAYOUTS[sale.layout].stock === 'list') await pushUnits(redis, keys.seeding, sale.initial, options)
    else await redis.call('SET', keys.seeding, sale.initial)
    if (sale.ttlSeconds !== null) await redis.call('EXPIRE', keys.seeding, sale.ttlSeconds)
    await redis.transaction(
      command('UNLINK', keys.stock, keys.records, keys.meta, keys.lock, ...(options.obsolete ?? [])),
      command('RENAME', keys.seeding, keys.stock),
      command('HSET', keys.meta, ...metaFields(sale, options.now.toISOString())),
    )
  } catch (error) {
    await redis.call('UNLINK', keys.seeding).catch(() => {})
    throw error
  }
}

const pushUnits = async (redis: RedisPort, key: string, units: number, options: SeedOptions): Promise<void> => {
  const limit = pLimit(IN_FLIGHT)
  const full = new Array<number>(CHUNK).fill(1)
  let done = 0
  const push = async (count: number): Promise<void> => {
    options.signal?.throwIfAborted()
    await redis.call('RPUSH', key, ...(count === CHUNK ? full : full.slice(0, count)))
    done += count
    options.onProgress?.(done)
  }
  const chunks = Array.from({ length: Math.ceil(units / CHUNK) }, (_, i) => Math.min(CHUNK, units - i * CHUNK))
  await Promise.all(chunks.map((count) => limit(push, count))).catch((error) => {
    if (options.signal?.aborted) throw new SeckillError('interrupted', 'interrupted: the sale is as it was before')
    throw error
  })
}
