import type { RedisPort } from '../redis/port.js'
import type { Flavour } from '../sale/server-vitals.js'

/** Fields of INFO by name; no two sections share one. */
export type Info = ReadonlyMap<string, string>

/** These sections of INFO, or the usual ones in one answer; empty where nobody may ask. */
export const readInfo = async (redis: RedisPort, ...sections: readonly string[]): Promise<Info> => {
  const asked = sections.length === 0 ? [[]] : sections.map((section) => [section])
  const texts = await Promise.all(asked.map((args) => redis.call('INFO', ...args).catch(() => '')))
  return parseInfo(texts.map(String).join('\r\n'))
}

export const parseInfo = (text: string): Info =>
  new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line.indexOf(':') > 0)
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )

export const numberIn = (info: Info, name: string): number | null => {
  const text = info.get(name)
  return text === undefined || text === '' || Number.isNaN(Number(text)) ? null : Number(text)
}

/** A setting of the server; null where nobody may ask, or it has none of that name. */
export const readSetting = async (redis: RedisPort, name: string): Promise<string | null> => {
  const reply = await redis.call('CONFIG', 'GET', name).catch(() => null)
  return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : null
}

/** Most tell a Redis version too, for clients that know no other: their own counts. */
const VERSIONS: readonly (readonly [field: string, name: string])[] = [
  ['valkey_version', 'Valkey'],
  ['dragonfly_version', 'Dragonfly'],
  ['garnet_version', 'Garnet'],
  ['kvrocks_version', 'Kvrocks'],
  ['redict_version', 'Redict'],
]

/** Which server this is; null where it does not tell. */
export const flavourOf = (info: Info): Flavour | null => {
  const own = VERSIONS.find(([field]) => info.has(field))
  if (own) return { name: own[1], version: info.get(own[0]) as string }
  const version = info.get('redis_version')
  if (version === undefined) return null
  // KeyDB gives its own version as that of Redis; its section, or its program, tells it apart.
  const keydb = info.has('mvcc_depth') || /keydb/i.test(info.get('executable') ?? '')
  return { name: keydb ? 'KeyDB' : 'Redis', version }
}
