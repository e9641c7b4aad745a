import type { RedisPort } from '../redis/port.js'
import { type Places, stockKeys } from '../sale/layout.js'
import type { Lifetime, ServerFacts, ServerMark } from '../sale/server-facts.js'
import { keyRecords } from './readers/records/keys.js'

type Fields = ReadonlyMap<string, string>

const NONE: Fields = new Map()

/** A section of INFO; empty where nobody may ask. */
const infoOf = async (redis: RedisPort, section: string): Promise<Fields> => {
  const text = await redis.call('INFO', section).catch(() => '')
  const pairs = String(text)
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const)
  return new Map(pairs.filter(([name]) => name !== ''))
}

const numberOf = (fields: Fields, name: string): number | null => {
  const text = fields.get(name)
  return text === undefined ? null : Number(text)
}

const markOf = (server: Fields, stats: Fields): ServerMark | null => {
  const runId = server.get('run_id')
  if (runId === undefined) return null
  const version = versionOf(server)
  return { runId, evictedKeys: numberOf(stats, 'evicted_keys') ?? 0, ...(version === null ? {} : { version }) }
}

/** Valkey tells a Redis version too, for clients that know no other. */
const versionOf = (server: Fields): string | null => {
  const valkey = server.get('valkey_version')
  if (valkey !== undefined) return `Valkey ${valkey}`
  const redis = server.get('redis_version')
  return redis === undefined ? null : `Redis ${redis}`
}

/** The server's mark; null where it does not tell. Two quick commands. */
export const readServerMark = async (redis: RedisPort): Promise<ServerMark | null> =>
  markOf(await infoOf(redis, 'server'), await infoOf(redis, 'stats'))

/** What a server says of itself; a managed one that refuses INFO or CONFIG is no failure. */
export const readServer = async (redis: RedisPort): Promise<ServerFacts> => {
  const sections = ['server', 'stats', 'memory', 'replication', 'persistence'].map((section) => infoOf(redis, section))
  const [server = NONE, stats = NONE, memory = NONE, replication = NONE, persistence = NONE] =
    await Promise.all(sections)
  const save = (await redis.call('CONFIG', 'GET', 'save').catch(() => null)) as [string, string] | null
  const aof = persistence.get('aof_enabled')
  return {
    mark: markOf(server, stats),
    role: replication.get('role') ?? null,
    primaryLink: replication.get('master_link_status') ?? null,
    maxMemory: numberOf(memory, 'maxmemory'),
    evictionPolicy: memory.get('maxmemory_policy') ?? null,
    snapshots: save?.[1] ?? null,
    appendOnly: aof === undefined ? null : aof === '1',
    replicas: replicasOf(replication),
  }
}

const replicasOf = (replication: Fields): ServerFacts['replicas'] => {
  const offset = numberOf(replication, 'master_repl_offset') ?? 0
  return [...replication]
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
