import { say } from '../../language/say.js'
import type { ServerVitals } from '../../sale/server-vitals.js'
import { type Check, fail, ok, redisCheck, unknown, warn } from '../check.js'

const MEGABYTE = 1024 * 1024
/** Nine tenths of the memory that may be used. */
const NEARLY_FULL = 0.9

/** Whether the stock may be evicted, or writes be refused, for want of memory. */
export const eviction: Check = redisCheck('eviction', ({ facts: { maxMemory, evictionPolicy }, usedMemory }) => {
  if (evictionPolicy === null || maxMemory === null)
    return unknown(
      say`the server does not tell its memory limit (INFO memory)`,
      say`see to it that maxmemory-policy is noeviction`,
    )
  const evicts = evictionPolicy !== 'noeviction'
  const nearly = maxMemory > 0 && (usedMemory ?? 0) >= maxMemory * NEARLY_FULL
  const noEviction = say`set maxmemory-policy noeviction`
  if (maxMemory === 0)
    return evicts
      ? warn(say`policy ${evictionPolicy} evicts the stock as soon as maxmemory is set`, noEviction)
      : ok(say`noeviction, no limit of memory`)
  const limit = say`${megabytes(usedMemory)} of ${megabytes(maxMemory)} MB in use, policy ${evictionPolicy}`
  if (!evicts)
    return nearly ? fail(say`${limit}: writes will be refused`, say`raise maxmemory, or free some`) : ok(limit)
  const risk = evictionPolicy.startsWith('volatile-')
    ? say`${limit}: keys that expire may be evicted, the stock too if it has a lifetime`
    : say`${limit}: the stock and the records may be evicted`
  return nearly ? fail(risk, noEviction) : warn(risk, noEviction)
})

const megabytes = (bytes: number | null): string =>
  bytes === null ? '?' : (bytes / MEGABYTE).toFixed(bytes < MEGABYTE ? 1 : 0)

/** What a crash or a restart leaves of a sale. */
export const persistence: Check = redisCheck('persistence', (vitals, { loopback }) => {
  const { facts, lastSave, lastAppend, fsync } = vitals
  if (lastSave === 'err' || lastAppend === 'err') return cannotWrite(lastSave === 'err')
  if (facts.appendOnly === null && facts.snapshots === null)
    return unknown(say`the server does not tell what it keeps on disk (INFO persistence, CONFIG GET save)`)
  const { message, safe } = keptBy(facts, fsync)
  if (safe) return ok(message)
  // On a machine of one's own that is what one wants of a test.
  return loopback
    ? ok(message)
    : warn(message, say`for sales that count: appendonly yes, appendfsync everysec or always`)
})

const cannotWrite = (snapshot: boolean) =>
  fail(
    snapshot
      ? say`the last snapshot failed: Redis may refuse every write (MISCONF)`
      : say`the last write to the append-only file failed`,
    say`see its log, the space on its disk, and its rights in its folder`,
  )

const keptBy = (
  { appendOnly, snapshots }: ServerVitals['facts'],
  fsync: string | null,
): { readonly message: string; readonly safe: boolean } => {
  if (appendOnly) {
    const when = fsync ?? '?'
    return fsync === 'no'
      ? { message: say`append-only file, fsync no: a crash of the machine loses many seconds of sales`, safe: false }
      : { message: say`append-only file, fsync ${when}`, safe: true }
  }
  if (snapshots === '') return { message: say`keeps nothing on disk: a restart loses the sale`, safe: false }
  if (snapshots === null)
    return { message: say`no append-only file; whether it takes snapshots is not told`, safe: false }
  return { message: say`snapshots only (save ${snapshots}): a crash loses the sales since the last one`, safe: false }
}
