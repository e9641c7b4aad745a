import { usageError } from '../errors.js'
import { findRunLogs, runsOfSeeding } from '../history/runs-folder.js'
import { say } from '../language/say.js'
import type { RedisClient } from '../redis/client.js'
import type { RedisPort } from '../redis/port.js'
import type { Sale } from '../sale/sale.js'
import { userNamer } from '../sale/usernames.js'
import type { Context } from './context.js'
import { runsFolder } from './runs.js'

/** Removes the per-user keys of users that the runs of a sale made; those of anybody else stay. The number removed. */
export const removeOwnUserKeys = async (context: Context, redis: RedisPort, sale: Sale): Promise<number> => {
  const patterns = sale.places.records.filter(({ type }) => type === 'keys')
  if (patterns.length === 0) return 0
  const [{ readRunLog }, { removeUserKeys }] = await Promise.all([
    import('../history/run-log-reader.js'),
    import('../store/readers/records/keys.js'),
  ])
  let removed = 0
  for (const { header, attempts } of runsOfSeeding(findRunLogs(runsFolder(context)), sale).map(readRunLog)) {
    const users = [...new Set(attempts.userIndex)].map(userNamer(header.users))
    for (const { key } of patterns) removed += await removeUserKeys(redis, key, users)
  }
  return removed
}

/** Warns of per-user keys that are there before a sale begins: nobody may remove them unasked, and they count as records. */
export const warnOfUserKeys = async (context: Context, redis: RedisPort, { places }: Sale): Promise<void> => {
  const { keyRecords } = await import('../store/readers/records/keys.js')
  for (const place of places.records.filter(({ type }) => type === 'keys')) {
    const found = new Set<string>()
    for await (const { ids = [] } of keyRecords.pages(redis, { ...place, quantity: null })) {
      for (const id of ids) found.add(id)
    }
    if (found.size === 0) continue
    const [first] = found
    context.warn(
      say`${found.size} of ${place.key} are there already, such as ${first}, made by no run of this sale: they stay, and count as records`,
    )
  }
}

/** Throws where keys of single users lie on a cluster: SCAN sees one node of it. Errors: usage. */
export const requireScannable = ({ target }: RedisClient, { places }: Sale): void => {
  const pattern = places.records.find(({ type }) => type === 'keys')
  if (pattern === undefined || target.kind !== 'cluster') return
  throw usageError(
    say`${pattern.key} cannot be found on a cluster: SCAN sees one node of it`,
    say`record buyers in one key as well, or name orders outside Redis: --orders FILE`,
  )
}
