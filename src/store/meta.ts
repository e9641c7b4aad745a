import { randomUUID } from 'node:crypto'
import { SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import type { RedisPort } from '../redis/port.js'
import { keysOf, metaKey } from '../sale/keys.js'
import { LAYOUT_NAMES, type LayoutName, type Places, presetPlaces, type SaleLayout } from '../sale/layout.js'
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
  ...['orders', String(sale.perUser.orders)],
  ...['ttl', sale.ttlSeconds === null ? '' : String(sale.ttlSeconds)],
  ...['stockKey', sale.keys.stock],
  ...['recordsKey', sale.keys.records],
  ...(sale.layout === 'custom' ? ['places', JSON.stringify(sale.places)] : []),
  ...(sale.window ? ['start', String(sale.window.startMs ?? ''), 'end', String(sale.window.endMs ?? '')] : []),
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
    const hint = say`upgrade seckill, or start over: seckill init --sale ${id} --stock 50 --force`
    throw new SeckillError(
      'meta_newer',
      say`sale ${id} was written by a newer seckill (meta version ${field('version')})`,
      hint,
    )
  }
  const places = placesOf(field)
  const readable =
    field('version') === String(META_VERSION) &&
    places !== null &&
    [field('stock'), field('limit'), field('orders') || '1', field('ttl') || '0'].every((number) =>
      /^\d{1,15}$/.test(number),
    ) &&
    [field('uuid'), field('stockKey'), field('recordsKey')].every((text) => text !== '') &&
    !Number.isNaN(Date.parse(field('createdAt')))
  if (!readable) {
    const hint = say`look: redis-cli HGETALL '${metaKey(id)}'; start over: seckill init --sale ${id} --stock 50 --force`
    throw new SeckillError('wrong_type', say`${metaKey(id)} does not hold what init writes`, hint)
  }
  return {
    id,
    uuid: field('uuid'),
    layout: field('layout') as SaleLayout,
    places,
    keys: keysOf(id, places),
    initial: Number(field('stock')),
    perUser: { orders: Number(field('orders') || '1'), units: Number(field('limit')) },
    ttlSeconds: field('ttl') === '' ? null : Number(field('ttl')),
    seededAt: field('createdAt'),
    ...(fields.has('start') ? { window: { startMs: instant(field('start')), endMs: instant(field('end')) } } : {}),
  }
}

const instant = (text: string): number | null => (text === '' ? null : Number(text))

/** A preset's places follow from its keys; others were written down whole. Null where neither can be read. */
const placesOf = (field: (name: string) => string): Places | null => {
  const layout = field('layout')
  const keys = { stock: field('stockKey'), records: field('recordsKey') }
  if (LAYOUT_NAMES.includes(layout as LayoutName)) return presetPlaces(layout as LayoutName, keys)
  try {
    const places = JSON.parse(field('places')) as Places
    const whole = layout === 'custom' && typeof places.stock.type === 'string' && places.records.length > 0
    return whole ? places : null
  } catch {
    return null
  }
}
