import { availableParallelism } from 'node:os'
import type { Facts, MachineFacts, Problem, RedisFacts, TargetFacts } from '../doctor/facts.js'
import { SeckillError } from '../errors.js'
import type { ResolvedRedis } from '../redis/resolve.js'
import type { Context } from './context.js'

/** A server that hangs must not hold up the rest. */
const PATIENCE = { commandTimeoutMs: 3_000, connectTimeoutMs: 3_000 }

export interface Wanted {
  readonly redis: ResolvedRedis
  /** URL of the shop; null to leave it out. */
  readonly url: string | null
  readonly insecure: boolean
  readonly connections: number
}

/** Looks at Redis, shop and machine. Writes nothing anywhere, and what cannot be used is a fact, not an error. */
export const gatherFacts = async (context: Context, { redis, url, insecure, connections }: Wanted): Promise<Facts> => {
  // Not together: what one of them takes would be measured as the latency of another.
  const [redisFacts, machine] = [await redisFactsOf(redis), await machineFactsOf(context, connections)]
  return { redis: redisFacts, target: url === null ? null : await targetFactsOf(url, insecure), machine }
}

const asProblem = (error: unknown): Problem => {
  if (!(error instanceof SeckillError)) throw error
  return { message: error.message, hint: error.hint, exitCode: error.exitCode }
}

const redisFactsOf = async ({ target }: ResolvedRedis): Promise<RedisFacts> => {
  const [{ connectRedis }, { isLoopback }, { readVitals }] = await Promise.all([
    import('../redis/client.js'),
    import('../redis/target.js'),
    import('../store/vitals.js'),
  ])
  const reached = { kind: target.kind, loopback: isLoopback(target) }
  try {
    const client = await connectRedis(target, PATIENCE)
    try {
      return { ...reached, found: await readVitals(client.redis) }
    } finally {
      await client.close()
    }
  } catch (error) {
    return { ...reached, found: asProblem(error) }
  }
}

const targetFactsOf = async (url: string, insecure: boolean): Promise<TargetFacts> => {
  const [{ displayUrl, parseTarget }, { askServer, serverClockOffset }] = await Promise.all([
    import('../load/request.js'),
    import('../load/server-clock.js'),
  ])
  const { origin } = parseTarget(url, undefined)
  const display = displayUrl(origin)
  try {
    const status = await askServer(origin, insecure)
    return { display, found: { status, clock: await serverClockOffset(origin, insecure) } }
  } catch (error) {
    return { display, found: asProblem(error) }
  }
}

const machineFactsOf = async ({ io: { env } }: Context, connections: number): Promise<MachineFacts> => {
  const [{ readLimits }, { requireRedisServer }] = await Promise.all([
    import('../load/preflight.js'),
    import('../redis/find-server.js'),
  ])
  const findServer = (): MachineFacts['redisServer'] => {
    try {
      return requireRedisServer(env)
    } catch (error) {
      return asProblem(error)
    }
  }
  return {
    node: process.versions.node,
    cpus: availableParallelism(),
    limits: await readLimits(),
    connections,
    redisServer: findServer(),
    bullmq: await bullmqVersion(),
  }
}

/** Of the BullMQ that this package would find. */
const bullmqVersion = async (): Promise<string | null> => {
  const [{ createRequire }, { readFile }] = await Promise.all([import('node:module'), import('node:fs/promises')])
  try {
    const path = createRequire(import.meta.url).resolve('bullmq/package.json')
    return (JSON.parse(await readFile(path, 'utf8')) as { version: string }).version
  } catch {
    return null
  }
}
