import { randomUUID } from 'node:crypto'
import { SeckillError } from '../errors.js'
import type { RedisPort } from '../redis/port.js'
import { metaKey, saleKeys } from '../sale/keys.js'
import { LAYOUT_NAMES, type LayoutName } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'

const META_VERSION = 1

/** A fresh identity for a seeding of a sale. */
export const newSaleUuid = (): string => randomUUID()

/** The fields of the meta hash, flat, as HSET takes them. */
export const metaFields = (sale: Sale, createdAt: string): string[] => [
  ...['version', String(META_VERSION)],
  ...['uuid', sale.uuid ?? ''],
  ...['layout', sale.layout],
  ...['stock', String(sale.initial)],
  ...['limit', String(sale.perUser.units)],
  ...['ttl', sale.ttlSeconds === null ? '' : String(sale.ttlSeconds)],
  ...['stockKey', sale.keys.stock],
  ...['recordsKey', sale.keys.records],
  ...['createdAt', createdAt],
]

/** Reads the sale that `init` wrote for sale `id`; null where there is nothing. Errors: meta_newer, wrong_type. */
export const readMeta = async (redis: RedisPort, id: string): Promise<Sale | null> => {
  const flat = (await redis.call('HGETALL', metaKey(id))) as string[]
  if (flat.length === 0) return null
  const fields = new Map<string, string>()
  for (let i = 0; i < flat.length; i += 2) fields.set(flat[i] as string, flat[i + 1] as string)
  const field = (name: string): string => fields.get(name) ?? ''
  if (Number(field('version')) > META_VERSION) {
    const hint = `upgrade seckill, or start over: seckill init --sale ${id} --force`
    throw new SeckillError(
      'meta_newer',
      `sale ${id} was written by a newer seckill (meta version ${field('version')})`,
      hint,
    )
  }
  const layout = field('layout') as LayoutName
  const readable =
    field('version') === String(META_VERSION) &&
    LAYOUT_NAMES.includes(layout) &&
    [field('stock'), field('limit'), field('ttl') || '0'].every((number) => /^\d{1,15}$/.test(number)) &&
    [field('uuid'), field('stockKey'), field('recordsKey')].every((text) => text !== '') &&
    !Number.isNaN(Date.parse(field('createdAt')))
  if (!readable) {
    const hint = `look: redis-cli HGETALL '${metaKey(id)}'; start over: seckill init --sale ${id} --force`
    throw new SeckillError('wrong_type', `${metaKey(id)} does not hold what init writes`, hint)
  }
  return {
    id,
    uuid: field('uuid'),
    layout,
    keys: saleKeys(id, { stockKey: field('stockKey'), recordsKey: field('recordsKey') }),
    initial: Number(field('stock')),
    perUser: { orders: 1, units: Number(field('limit')) },
    ttlSeconds: field('ttl') === '' ? null : Number(field('ttl')),
    seededAt: field('createdAt'),
  }
}
