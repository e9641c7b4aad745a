import { SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { RedisClient } from '../redis/client.js'
import type { ResolvedRedis } from '../redis/resolve.js'
import { saleFileName } from '../sale-file/name.js'
import type { Context } from './context.js'

export interface SessionOptions {
  /** Whether the command writes to Redis: a remote host then needs `--allow-remote`. */
  readonly writes: boolean
  /** Without the line that names it. */
  readonly silent?: boolean
  /** Whether `--redis private` makes sense: the command seeds what it needs and judges nothing later. */
  readonly mayBePrivate?: boolean
  /** Takes a private server unless `--redis` names one, whatever the environment says. */
  readonly privateByDefault?: boolean
}

/** The Redis that the flags, the environment and this folder name. */
export const resolveTarget = async (context: Context): Promise<ResolvedRedis> => {
  const { io, options } = context
  if (options.redis === 'private') {
    throw usageError(
      say`--redis private ends with the command, so ${context.command} cannot use it`,
      say`start one that stays: seckill redis start`,
    )
  }
  const [{ resolveRedis }, { folderRedisUrl }] = await Promise.all([
    import('../redis/resolve.js'),
    import('../redis/folder-server.js'),
  ])
  return resolveRedis({ flag: options.redis, env: io.env, folderServerUrl: await folderRedisUrl(io.cwd) })
}

/** The first lines on stderr: which Redis, and who named it; which sale file. */
export const announceRedis = (context: Context, redis: string, source: string): void => {
  context.note(say`redis ${redis} (${source})`)
  const file = saleFileName(context.io.cwd, context.options.file)
  if (file !== null) context.note(say`sale file ${file}`)
}

/** Names a Redis, as {@link openRedis} does, where others will open it. */
export const announce = async (context: Context, { target, source }: ResolvedRedis): Promise<void> => {
  const { describeRedis } = await import('../redis/target.js')
  announceRedis(context, describeRedis(target), source)
}

/** Opens that Redis, and says which on stderr. */
export const openRedis = async (context: Context, { writes, silent }: SessionOptions): Promise<RedisClient> => {
  const resolved = await resolveTarget(context)
  const { target } = resolved
  const { isLoopbackHost, hostsOf } = await import('../redis/target.js')
  if (writes)
    requireAllowed(
      context,
      hostsOf(target).filter((host) => !isLoopbackHost(host)),
      'write',
    )
  if (!silent) await announce(context, resolved)
  const { connectRedis } = await import('../redis/client.js')
  return connectRedis(target)
}

type Doing = keyof typeof REFUSALS

/** What seckill does to no other machine unasked. */
const REFUSALS = {
  write: (host: string) => say`${host} is not this machine: seckill will not write to it unasked`,
  fire: (host: string) => say`${host} is not this machine: seckill will not fire at it unasked`,
  pass: (host: string) => say`${host} is not this machine: seckill will not pass commands to it unasked`,
}

/** Throws unless every host is named by `--allow-remote` or SECKILL_ALLOW_REMOTE. */
export const requireAllowed = (context: Context, hosts: readonly string[], doing: Doing): void => {
  const allowed = (context.options.allowRemote ?? context.io.env.SECKILL_ALLOW_REMOTE ?? '')
    .split(',')
    .map((host) => host.trim())
  const denied = hosts.find((host) => !allowed.includes(host))
  if (denied === undefined) return
  throw new SeckillError('remote_refused', REFUSALS[doing](denied), say`if you mean it: --allow-remote ${denied}`)
}

/** Runs `work` with an open Redis and closes it, whatever happens. */
export const withRedis = async <T>(
  context: Context,
  options: SessionOptions,
  work: (client: RedisClient) => Promise<T>,
): Promise<T> => {
  const { redis } = context.options
  if (redis === undefined && options.privateByDefault) return withPrivateRedis(context, work, 'default')
  if (redis === 'private' && options.mayBePrivate) return withPrivateRedis(context, work, '--redis')
  const client = await openRedis(context, options)
  return closing(client, () => work(client))
}

/** Runs `work` and closes the client, if there is one. Failures of Redis in between are told as such. */
export const closing = async <T>(client: RedisClient | null, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const { RedisFailure } = await import('../redis/port.js')
    if (!(error instanceof RedisFailure)) throw error
    const { troubleOf } = await import('../redis/failure.js')
    throw troubleOf(error, client?.label ?? '')
  } finally {
    await client?.close()
  }
}

/** A server for the length of the command, unless `--redis` names one: for commands that seed what they look at. */
export const withOwnRedis = <T>(context: Context, work: (client: RedisClient) => Promise<T>): Promise<T> =>
  withRedis(context, { writes: true, mayBePrivate: true, privateByDefault: true }, work)

/** A server for the length of one command. */
const withPrivateRedis = async <T>(
  context: Context,
  work: (client: RedisClient) => Promise<T>,
  source: string,
): Promise<T> => {
  const [{ startPrivateRedis }, { parseRedisUrl }, { connectRedis }] = await Promise.all([
    import('../redis/private-server.js'),
    import('../redis/url.js'),
    import('../redis/client.js'),
  ])
  const server = await startPrivateRedis({ env: context.io.env })
  try {
    announceRedis(context, 'private', source)
    const client = await connectRedis(parseRedisUrl(server.url))
    return await closing(client, () => work(client))
  } finally {
    await server.stop()
  }
}
