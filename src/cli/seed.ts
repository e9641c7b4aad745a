import { EXIT, SeckillError, usageError } from '../errors.js'
import { clauses, listed } from '../language/lists.js'
import { say, word } from '../language/say.js'
import type { RedisClient } from '../redis/client.js'
import { keysShareSlot } from '../sale/keys.js'
import { recordsKeys, stockKeys } from '../sale/layout.js'
import { type Sale, unitLimit } from '../sale/sale.js'
import type { Existing } from '../store/existing.js'
import type { CommandResult, Context } from './context.js'
import { thousands } from './numbers.js'
import { progressOn } from './progress.js'
import { removeOwnUserKeys, warnOfUserKeys } from './user-keys.js'

/** Seeds a sale after looking at what its keys hold: replaces an earlier sale of ours, refuses anything else without `--force`. */
export const seed = async (context: Context, client: RedisClient, sale: Sale): Promise<CommandResult> => {
  const keys = [...stockKeys(sale.places.stock), ...recordsKeys(sale.places.records), sale.keys.meta]
  if (client.target.kind === 'cluster' && !keysShareSlot(keys)) {
    const all = say`${listed(keys.slice(0, -1))} and ${sale.keys.meta}`
    throw usageError(say`on a cluster ${all} lie in different slots`, say`use --hash-tag`)
  }
  const [{ readMeta }, { readExisting }, { seedSale }] = await Promise.all([
    import('../store/meta.js'),
    import('../store/existing.js'),
    import('../store/seed.js'),
  ])
  const old = await readMeta(client.redis, sale.id).catch((error) => {
    if (context.options.force) return null
    throw error
  })
  const existing = await readExisting(client.redis, sale, old)
  refuseForeign(context, client, existing)
  if (context.options.dryRun) {
    context.print(say`would write ${clauses([describe(sale), ...replacing(existing)])}`)
    return { json: { ...initJson(sale, existing), dryRun: true }, exitCode: EXIT.ok }
  }
  const progress = await progressOn(context)
  const onProgress = (done: number) =>
    progress.show(
      () =>
        say`seeding ${thousands(done)} of ${thousands(sale.initial)} units (${Math.floor((100 * done) / sale.initial)} %)`,
    )
  try {
    await seedSale(client.redis, sale, {
      obsolete: old?.places,
      onProgress,
      signal: context.interrupted,
      now: new Date(),
    })
  } finally {
    progress.clear()
  }
  const userKeys = old ? await removeOwnUserKeys(context, client.redis, old) : 0
  if (userKeys > 0) context.note(say`removed ${thousands(userKeys)} keys of users of earlier runs`)
  await warnOfUserKeys(context, client.redis, sale)
  for (const replaced of replacing(existing)) context.note(say`replaced: ${replaced}`)
  context.print(say`sale ${sale.id}: ${describe(sale)}`)
  return { json: initJson(sale, existing), exitCode: EXIT.ok }
}

const refuseForeign = (context: Context, client: RedisClient, existing: Existing): void => {
  if (existing.foreign === null || context.options.force) return
  throw new SeckillError(
    'refused_overwrite',
    say`redis ${client.label} has ${existing.foreign}`,
    say`nothing was written; --force overwrites it, --sale or --stock-key/--records-key choose other keys`,
  )
}

const describe = (sale: Sale): string => {
  const limit = say`at most ${unitLimit(sale)} a user`
  const { stock, records } = sale.places
  const keys = stockKeys(stock)
  const shown = keys.length > 1 ? `${keys[0]} … ${keys.at(-1)}` : sale.keys.stock
  const where = `${shown} (${sale.layout === 'custom' ? stock.type : sale.layout})`
  const recorded = records.map(({ key }) => key).join(say` and `)
  const lasting = sale.ttlSeconds === null ? [] : [say`for ${sale.ttlSeconds} s`]
  return clauses([say`${thousands(sale.initial)} units in ${where}`, say`records in ${recorded}`, limit, ...lasting])
}

/** What a seeding takes the place of; nothing where there is nothing. */
const replacing = ({ stock, records }: Existing): string[] =>
  stock === null && records === null ? [] : [say`in place of ${stock ?? word('no')} units and ${records ?? 0} records`]

const initJson = (sale: Sale, { stock, records }: Existing) => ({
  sale: sale.id,
  saleUuid: sale.uuid,
  layout: sale.layout,
  stock: sale.initial,
  limit: unitLimit(sale),
  ttlSeconds: sale.ttlSeconds,
  keys: { stock: sale.keys.stock, records: sale.keys.records, meta: sale.keys.meta },
  replaced:
    stock === null && records === null
      ? null
      : { stock: stock !== null && /^-?\d+$/.test(stock) ? Number(stock) : stock, records: records ?? 0 },
})
