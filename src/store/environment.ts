import type { RedisPort } from '../redis/port.js'
import { type Places, stockKeys } from '../sale/layout.js'
import type { Lifetime, ServerFacts, ServerMark } from '../sale/server-facts.js'
import { flavourOf, type Info, numberIn, readInfo, readSetting } from './info.js'
import { keyRecords } from './readers/records/keys.js'

const markOf = (info: Info): ServerMark | null => {
  const runId = info.get('run_id')
  if (runId === undefined) return null
  const flavour = flavourOf(info)
  const version = flavour === null ? {} : { version: `${flavour.name} ${flavour.version}` }
  return { runId, evictedKeys: numberIn(info, 'evicted_keys') ?? 0, ...version }
}

/** The server's mark; null where it does not tell. Two quick commands. */
export const readServerMark = async (redis: RedisPort): Promise<ServerMark | null> =>
  markOf(await readInfo(redis, 'server', 'stats'))

/** What a server says of itself; a managed one that refuses INFO or CONFIG is no failure. */
export const readServer = async (redis: RedisPort): Promise<ServerFacts> => {
  const info = await readInfo(redis, 'server', 'stats', 'memory', 'replication', 'persistence')
  return serverFactsOf(info, await readSetting(redis, 'save'))
}

/** `snapshots`: the `save` setting. */
export const serverFactsOf = (info: Info, snapshots: string | null): ServerFacts => {
  const aof = info.get('aof_enabled')
  return {
    mark: markOf(info),
    role: info.get('role') ?? null,
    primaryLink: info.get('master_link_status') ?? null,
    maxMemory: numberIn(info, 'maxmemory'),
    evictionPolicy: info.get('maxmemory_policy') ?? null,
    snapshots,
    appendOnly: aof === undefined ? null : aof === '1',
    replicas: replicasOf(info),
  }
}

const replicasOf = (info: Info): ServerFacts['replicas'] => {
  const offset = numberIn(info, 'master_repl_offset') ?? 0
  return [...info]
    .filter(([name]) => /^slave\d+$/.test(name))
    .map(([, text]) => {
      const parts = new Map(text.split(',').map((part) => part.split('=') as [string, string]))
      const name = `${parts.get('ip')}:${parts.get('port')}`
      return {
        name,
        state: parts.get('state') ?? 'unknown',
        behindBytes: Math.max(0, offset - Number(parts.get('offset') ?? 0)),
      }
    })
}

const SAMPLED_USERS = 100

/** The keys of a sale that expire; of keys of single users, some. */
export const readLifetimes = async (redis: RedisPort, { stock, records }: Places): Promise<Lifetime[]> => {
  const keys = new Set(stockKeys(stock))
  for (const place of records) {
    if (place.type === 'file' || place.type === 'command') continue
    if (place.type !== 'keys') keys.add(place.key)
    else for (const key of await someUserKeys(redis, place)) keys.add(key)
  }
  const lifetimes = await Promise.all(
    [...keys].map(async (key) => ({ key, seconds: Number(await redis.call('TTL', key)) })),
  )
  return lifetimes.filter(({ seconds }) => seconds >= 0)
}

const someUserKeys = async (redis: RedisPort, place: Places['records'][number]): Promise<readonly string[]> => {
  for await (const { ids } of keyRecords.pages(redis, { ...place, quantity: null })) {
    if (ids && ids.length > 0) return ids.slice(0, SAMPLED_USERS)
  }
  return []
}
