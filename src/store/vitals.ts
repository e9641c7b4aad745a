import { RedisFailure, type RedisPort } from '../redis/port.js'
import type { ClockOffset } from '../sale/clock.js'
import type { ServerVitals } from '../sale/server-vitals.js'
import { serverFactsOf } from './environment.js'
import { flavourOf, type Info, numberIn, readInfo, readSetting } from './info.js'

const PINGS = 20
const CLOCK_LOOKS = 5

/** How a server is, before anything is sold on it. Writes nothing; whatever it refuses to tell is null. */
export const readVitals = async (redis: RedisPort): Promise<ServerVitals> => {
  // Together: on a cluster, the next call may go to another node.
  const info = await readInfo(redis)
  const [save, fsync, maxClients, cluster, scriptsRefused] = await Promise.all([
    readSetting(redis, 'save'),
    readSetting(redis, 'appendfsync'),
    readSetting(redis, 'maxclients'),
    redis.call('CLUSTER', 'INFO').catch(() => null),
    askForScripts(redis),
  ])
  const clusterEnabled = numberIn(info, 'cluster_enabled')
  return {
    facts: serverFactsOf(info, save),
    flavour: flavourOf(info),
    usedMemory: numberIn(info, 'used_memory'),
    lastSave: info.get('rdb_last_bgsave_status') ?? null,
    lastAppend: info.get('aof_last_write_status') ?? null,
    fsync,
    clusterEnabled: clusterEnabled === null ? null : clusterEnabled === 1,
    clusterState: /cluster_state:(\w+)/.exec(String(cluster))?.[1] ?? null,
    clients: clientsOf(info, maxClients),
    scriptsRefused,
    // One after the other, when nothing else is under way.
    roundTripsMs: await pings(redis),
    clock: await readClock(redis),
  }
}

const clientsOf = (info: Info, setting: string | null): ServerVitals['clients'] => {
  const connected = numberIn(info, 'connected_clients')
  const most = numberIn(info, 'maxclients') ?? (setting === null ? null : Number(setting))
  return connected === null || most === null ? null : { connected, most }
}

/** By a script that does nothing. */
const askForScripts = async (redis: RedisPort): Promise<string | null> => {
  try {
    await redis.call('EVAL', 'return 1', 0)
    return ''
  } catch (error) {
    return error instanceof RedisFailure && error.prefix !== '' ? error.message : null
  }
}

const pings = async (redis: RedisPort): Promise<number[]> => {
  const tripsMs: number[] = []
  for (let i = 0; i < PINGS; i++) {
    const startMs = performance.now()
    const answered = await redis.call('PING').catch(() => null)
    if (answered === null) break
    tripsMs.push(performance.now() - startMs)
  }
  return tripsMs.sort((a, b) => a - b)
}

/** From the quickest of a few answers to TIME: what it was on its way is what the offset may be off. */
const readClock = async (redis: RedisPort): Promise<ClockOffset | null> => {
  const looks: ClockOffset[] = []
  for (let i = 0; i < CLOCK_LOOKS; i++) {
    const [askedMs, startMs] = [Date.now(), performance.now()]
    const reply = await redis.call('TIME').catch(() => null)
    if (!Array.isArray(reply)) break
    const withinMs = (performance.now() - startMs) / 2
    const serverMs = Number(reply[0]) * 1_000 + Number(reply[1]) / 1_000
    looks.push({ offsetMs: serverMs - (askedMs + withinMs), withinMs })
  }
  return looks.sort((a, b) => a.withinMs - b.withinMs)[0] ?? null
}
