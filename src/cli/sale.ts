import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import { SeckillError, usageError } from '../errors.js'
import { listed } from '../language/lists.js'
import { say } from '../language/say.js'
import type { RedisClient } from '../redis/client.js'
import type { RedisPort } from '../redis/port.js'
import { keysOf, parseSaleId, saleKeys } from '../sale/keys.js'
import { LAYOUT_NAMES, type LayoutName, layoutOf, type Places, presetPlaces } from '../sale/layout.js'
import { LIMITS } from '../sale/limits.js'
import { didYouMean } from '../sale/nearest.js'
import { DEFAULT_SALE_ID, DEFAULT_UNIT_LIMIT, ofSale, type Sale } from '../sale/sale.js'
import type { SaleFile } from '../sale-file/load.js'
import { saleFileName } from '../sale-file/name.js'
import type { Context } from './context.js'
import { whole } from './options.js'
import { openRedis } from './session.js'

/** Flags that describe a sale; what is missing comes from the sale file, then from what init wrote. */
export interface SaleOptions {
  readonly stock?: number
  readonly layout?: string
  readonly limit?: number
  readonly stockKey?: string
  readonly recordsKey?: string
  readonly hashTag?: boolean
}

export const stockUnits = whole(...LIMITS.stock)

export const addSaleOptions = (command: Command, layoutDefault: string): Command =>
  command
    .option('--layout <name>', `${LAYOUT_NAMES.join(', ')} (default: ${layoutDefault})`)
    .option('--stock-key <key>', 'key of the stock (default: goods_<sale>)')
    .option('--records-key <key>', 'key of the records (default: <sale>_users)')
    .option('--limit <n>', 'units that one user may buy', whole(...LIMITS.unitsPerUser))

/** The sale file that the flags name, or that lies here. zod and yaml load only where there is one. */
export const openSaleFile = async (context: Context): Promise<SaleFile | null> => {
  const { io, options } = context
  if (saleFileName(io.cwd, options.file) === null) return null
  const { loadSaleFile } = await import('../sale-file/load.js')
  return loadSaleFile({ cwd: io.cwd, path: options.file, env: io.env })
}

export const saleId = (context: Context, file: SaleFile | null): string =>
  parseSaleId(context.options.sale ?? file?.sale?.id ?? context.io.env.SECKILL_SALE ?? DEFAULT_SALE_ID)

export const parseLayout = (name: string): LayoutName => {
  if (LAYOUT_NAMES.includes(name as LayoutName)) return name as LayoutName
  throw usageError(
    say`no layout ${JSON.stringify(name)}${didYouMean(name, LAYOUT_NAMES)}`,
    say`one of: ${listed(LAYOUT_NAMES)}`,
  )
}

/** The sale as flags and file describe it; `places` and `initial` are null where neither says. */
export const describedSale = (context: Context, options: SaleOptions, file: SaleFile | null) => {
  const id = saleId(context, file)
  const { sale } = file ?? {}
  const named = options.hashTag ? undefined : sale
  const keys = saleKeys(id, {
    hashTag: options.hashTag,
    stockKey: options.stockKey ?? named?.stock?.key,
    recordsKey: options.recordsKey ?? named?.records?.[0]?.key,
  })
  const initial = options.stock ?? sale?.stock?.initial ?? sale?.stock?.capacity ?? null
  const window = sale?.window
  const around = { fold: sale?.fold ?? [], queues: sale?.queues ?? [] }
  const preset = options.layout === undefined ? null : presetPlaces(parseLayout(options.layout), keys)
  return {
    id,
    keys,
    around,
    window,
    /** With so many units at the start; null where flags and file name no types. */
    placesWith: (units: number): Places | null => {
      const places = preset ?? sale?.placesFor({ ...keys, initial: units }) ?? null
      return places && { ...withKeys(places, options), ...around }
    },
    initial,
    perUser: { orders: sale?.perUser?.orders ?? 1, units: options.limit ?? sale?.perUser?.units ?? DEFAULT_UNIT_LIMIT },
    limitAssumed: (options.limit ?? sale?.perUser?.units) === undefined,
  }
}

/** The flags name other keys than the file. */
const withKeys = (places: Places, { stockKey, recordsKey }: SaleOptions): Places => ({
  ...places,
  stock: stockKey !== undefined && 'key' in places.stock ? { ...places.stock, key: stockKey } : places.stock,
  records: places.records.map((place, i) =>
    i === 0 && recordsKey !== undefined ? { ...place, key: recordsKey } : place,
  ),
})

type Described = ReturnType<typeof describedSale>

/** A described sale with nothing left open: the document's layout where none is named. Errors: usage, without a stock. */
export const wholeSale = ({ id, keys, around, placesWith, initial, perUser, window }: Described) => {
  if (initial === null) throw usageError(say`nothing says how many units are for sale`, '--stock 50')
  const places = placesWith(initial) ?? { ...presetPlaces('list', keys), ...around }
  return { id, layout: layoutOf(places), places, keys: keysOf(id, places), initial, perUser, window }
}

/** A sale that seckill did not seed, or whose seeding is all that is known of it, as described. */
export const asDescribed = (described: Described, uuid: string | null): Sale => ({
  ...wholeSale(described),
  ...(described.limitAssumed ? { limitAssumed: true } : {}),
  ...{ uuid, ttlSeconds: null },
})

const describes = (options: SaleOptions): boolean =>
  [options.layout, options.stockKey, options.recordsKey, options.hashTag, options.limit].some(
    (value) => value !== undefined,
  )

const metaHint = (command: string, how: string, id: string, layout: LayoutName): string => {
  const init = `seckill init ${layout === 'list' ? '' : `--layout ${layout} `}--stock 50${ofSale({ id })}`
  return TAKES_DESCRIPTION.has(command)
    ? say`describe it: \`${how}\`, or seed it: ${init}`
    : say`seed it: ${init}; or describe it in seckill.yaml`
}

/** Commands with flags that describe a sale. */
const TAKES_DESCRIPTION = new Set(['audit', 'reset', 'status'])

/** Whether two descriptions read the same keys in the same way. */
const samePlaces = (a: Places, b: Places): boolean => isDeepStrictEqual([a.stock, a.records], [b.stock, b.records])

/** An existing sale: as flags describe it, else as init wrote it, else as the sale file does. Errors: meta_missing, with how to seed one of `layout`. */
export const findSale = async (
  context: Context,
  redis: RedisPort,
  options: SaleOptions,
  file: SaleFile | null,
  layout: LayoutName = 'list',
): Promise<Sale> => {
  const described = describedSale(context, options, file)
  const { id, keys, around, placesWith, initial, window } = described
  const { readMeta } = await import('../store/meta.js')
  const meta = await readMeta(redis, id)
  const fits = (sale: Sale): boolean =>
    samePlaces(sale.places, placesWith(sale.initial) ?? sale.places) &&
    (options.stockKey === undefined && file?.sale?.stock?.key === undefined ? true : sale.keys.stock === keys.stock) &&
    (options.recordsKey === undefined && file?.sale?.records === undefined ? true : sale.keys.records === keys.records)
  if (meta && fits(meta)) {
    const { orders = meta.perUser.orders, units = meta.perUser.units } = file?.sale?.perUser ?? {}
    return {
      ...meta,
      places: { ...meta.places, ...(file?.sale ? around : {}) },
      initial: options.stock ?? meta.initial,
      perUser: { orders, units: options.limit ?? units },
      window: window ?? meta.window,
    }
  }
  if (initial !== null && placesWith(initial) !== null) return asDescribed(described, null)
  const how = `seckill ${TAKES_DESCRIPTION.has(context.command) ? context.command : 'audit'} --layout counter --stock-key K --records-key K --stock 50${ofSale({ id })}`
  if (meta && describes(options))
    throw usageError(say`sale ${id} was seeded otherwise than described`, say`describe it whole: ${how}`)
  throw new SeckillError('meta_missing', say`no meta for sale ${id}`, metaHint(context.command, how, id, layout))
}

/**
 * Redis and the sale, as far as they are there: purchases over HTTP go on without them, with a warning, unless Redis is `needed` for
 * something else. Close the client. Errors: redis_unreachable, where it is needed.
 */
export const openWhatIsThere = async (
  context: Context,
  file: SaleFile | null,
  needed = false,
): Promise<{ client: RedisClient | null; sale: Sale | null }> => {
  const client = await openRedis(context, { writes: false }).catch((error: unknown) => {
    if (needed || !(error instanceof SeckillError && error.code === 'redis_unreachable')) throw error
    context.warn(
      say`${error.message}; going on without it: without Redis the audit judges only what buyers were told (--layout L --stock N)`,
    )
    return null
  })
  if (client === null) return { client, sale: null }
  const sale = await findSale(context, client.redis, {}, file).catch(async (error: unknown) => {
    if (!(error instanceof SeckillError && error.code === 'meta_missing')) {
      await client.close()
      throw error
    }
    context.warn(say`${error.message}: the stock is not watched; ${error.hint}`)
    return null
  })
  return { client, sale }
}
