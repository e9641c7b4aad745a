import { say } from '../language/say.js'
/** What tells one life of a Redis server from another: kept in a run's header, compared by the audit. */
export interface ServerMark {
  /** New at every start; another server's after a failover. */
  readonly runId: string
  readonly evictedKeys: number
  /** `Redis 7.0.15`; absent where the server does not tell, and in older logs. */
  readonly version?: string
}

/** A Redis server as far as it says; null: it does not, or nobody may ask. */
export interface ServerFacts {
  readonly mark: ServerMark | null
  readonly role: string | null
  /** Of a replica: whether it hears from its primary. */
  readonly primaryLink: string | null
  /** Bytes; 0 for no limit. */
  readonly maxMemory: number | null
  readonly evictionPolicy: string | null
  /** The `save` setting: empty without snapshots. */
  readonly snapshots: string | null
  readonly appendOnly: boolean | null
  /** Bytes that each replica lacks, and whether it is online. */
  readonly replicas: readonly { readonly name: string; readonly state: string; readonly behindBytes: number }[]
}

/** Seconds until a key goes. */
export interface Lifetime {
  readonly key: string
  readonly seconds: number
}

const MEGABYTE = 1024 * 1024
const MAX_BEHIND_BYTES = MEGABYTE

/**
 * What of the server may have spoilt the sale, or may yet: one sentence each. `start` is the server as the first run found
 * it; `expiring`, whether any key of the sale has a lifetime: a `volatile-` policy evicts no other.
 */
export const serverWarnings = (facts: ServerFacts, start: ServerMark | null, expiring: boolean): string[] => {
  const { mark, maxMemory, evictionPolicy, replicas, role, primaryLink } = facts
  const warnings: string[] = []
  const evicts = evictionPolicy !== 'noeviction' && (expiring || !evictionPolicy?.startsWith('volatile-'))
  if (maxMemory !== null && maxMemory > 0 && evicts) {
    const limit = `${Math.round(maxMemory / MEGABYTE)} MB`
    warnings.push(
      say`Redis may evict keys of the sale: maxmemory ${limit} with policy ${evictionPolicy}; use noeviction`,
    )
  }
  const evicted = mark && start && mark.runId === start.runId ? mark.evictedKeys - start.evictedKeys : 0
  if (evicted > 0)
    warnings.push(say`Redis evicted ${evicted} keys since the run began: what is missing may have been evicted`)
  for (const { name, state, behindBytes } of replicas) {
    if (state !== 'online') warnings.push(say`replica ${name} is ${state}: a failover to it loses purchases`)
    else if (behindBytes > MAX_BEHIND_BYTES)
      warnings.push(
        say`replica ${name} is ${Math.round(behindBytes / MEGABYTE)} MB behind: a failover to it loses purchases`,
      )
  }
  if (role === 'slave') {
    const link = primaryLink === 'up' ? '' : say` and its link to the primary is ${primaryLink ?? 'unknown'}`
    warnings.push(say`this Redis is a replica${link}: what is read here may be older than the sale; audit the primary`)
  }
  return warnings
}

/** What of the server is worth knowing, and common on a machine of one's own. */
export const serverRemarks = ({ mark, maxMemory, snapshots, appendOnly }: ServerFacts): string[] => {
  const remarks =
    snapshots === '' && appendOnly === false
      ? [say`Redis keeps nothing on disk (no save, no appendonly): a restart loses the sale`]
      : []
  const dark = [
    mark === null ? say`its run id (INFO server)` : '',
    maxMemory === null ? say`its memory limit (INFO memory)` : '',
    snapshots === null || appendOnly === null ? say`what it keeps on disk (CONFIG GET save, INFO persistence)` : '',
  ].filter(Boolean)
  return dark.length > 0 ? [...remarks, say`not readable from this Redis: ${dark.join(say`, `)}`] : remarks
}

/** Why the store is no witness any more: another server, or another life of it; null where it is the same. */
export const lostServer = (facts: ServerFacts | null, start: ServerMark | null): string | null => {
  if (!start || !facts?.mark || facts.mark.runId === start.runId) return null
  return say`Redis was restarted or failed over since the run began (its run id changed): writes may be lost`
}

/** Keys that go before the sale is over, or where nothing says when it is. `endMs`: the declared end, since 1970. */
export const lifetimeWarnings = (lifetimes: readonly Lifetime[], endMs: number | null, nowMs: number): string[] => {
  const tooShort = lifetimes.filter(({ seconds }) => endMs === null || nowMs + seconds * 1_000 < endMs)
  const [first] = [...tooShort].sort((a, b) => a.seconds - b.seconds)
  if (first === undefined) return []
  const others = tooShort.length > 1 ? say` (and ${tooShort.length - 1} more)` : ''
  const when = endMs === null ? say`no sale.window.end says that the sale is over by then` : say`before the sale ends`
  return [
    say`${first.key}${others} expires in ${first.seconds} s, ${when}: afterwards its users may buy again, or its units are gone`,
  ]
}
