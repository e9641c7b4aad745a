import { usageError } from '../errors.js'
import { count, say } from '../language/say.js'
import type { RacePlan } from '../race/race.js'
import type { Shops } from '../race/worlds/http/shops.js'
import type { RedisClient } from '../redis/client.js'
import type { Sale } from '../sale/sale.js'
import type { SaleFile } from '../sale-file/load.js'
import type { Context } from './context.js'
import type { WaysIn } from './let-in.js'
import type { RaceUrlFlags } from './race-flags.js'
import type { GuestsAtDoor } from './race-guests.js'
import { childEnv, type TargetOptions, targetOf } from './target.js'

/** How a foreign shop runs while it is explored. */
export interface Deployment {
  /** A copy for each buyer, or one process for all of them. */
  readonly single: boolean
  /** With `{port}` where each copy has its own. */
  readonly address: string
  /** Null: it runs already, and finds its Redis at {@link proxyPort}. */
  readonly command: string | null
  /** 0: any. */
  readonly proxyPort: number
  readonly ready: string | undefined
  readonly env: Readonly<Record<string, string>>
}

const DEFAULT_LISTEN = 6_390

/** What flags and sale file say of it. Errors: usage. */
export const deploymentOf = (url: string | undefined, flags: RaceUrlFlags, file: SaleFile | null): Deployment => {
  const { attach = false, deployment = attach ? 'single' : 'scaled', listen } = flags
  const address = url ?? file?.target?.url
  const command = attach ? null : (flags.start ?? file?.target?.start)
  const single = deployment === 'single'
  if (!address) throw usageError(say`nothing to race`, say`name a strategy or a URL`)
  if (flags.lockExpiry) throw usageError(say`--lock-expiry is for strategies`, say`leave it out`)
  if (attach) {
    if (flags.start !== undefined)
      throw usageError(say`--attach is for a server that runs already`, say`leave --start out`)
    if (!single)
      throw usageError(say`--attach is one server, and --deployment scaled are several`, say`leave one of them out`)
    if (address.includes('{port}'))
      throw usageError(say`a server that runs already has a port`, say`write it in the URL`)
  } else if (listen !== undefined) {
    throw usageError(say`--listen is where a server that runs already finds its Redis`, say`add --attach`)
  }
  if (command === undefined)
    throw usageError(say`race starts the shop itself, a copy for each buyer`, say`add --start "COMMAND {port}"`)
  if (!single && !address.includes('{port}'))
    throw usageError(
      say`every copy of the shop needs a port of its own, and this URL names one`,
      say`write ${address.replace(/^(https?:\/\/[^/:]+)(:\d+)?/, '$1:{port}')}, or --deployment single`,
    )
  if (single && flags.explorer === 'dpor')
    throw usageError(
      say`one process cannot be explored by dpor: its connections tie commands together`,
      say`leave it out`,
    )
  const proxyPort = attach ? (listen ?? DEFAULT_LISTEN) : 0
  const env = Object.fromEntries((flags.env ?? []).map(variable))
  return { single, address, command, proxyPort, ready: flags.ready ?? file?.target?.ready, env }
}

const variable = (text: string): [string, string] => {
  const at = text.indexOf('=')
  if (at < 1) throw usageError(say`--env ${JSON.stringify(text)} is no variable`, say`write --env NAME=value`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** Before anything is opened. Errors: usage. */
export const requireOneRedis = async ({ options: { redis } }: Context): Promise<void> => {
  if (redis === undefined || redis === 'private') return
  const [{ parseRedisUrl }, { requireOneServer }] = await Promise.all([
    import('../redis/url.js'),
    import('../redis/proxy.js'),
  ])
  requireOneServer(parseRedisUrl(redis))
}

/** The shop is started here, not by the target. */
export const withoutStart = ({ start: _, ...flags }: RaceUrlFlags): TargetOptions => flags

/** Purchases that are under way at once. */
const purchases = ({ settings }: RacePlan): number => Math.max(...settings.map(({ buyers }) => buyers.length))

/** `would start 3 copies: gunicorn -b 127.0.0.1:{port}`; `start` puts the verb to the copies. */
export const describeShops = (deployment: Deployment, plan: RacePlan, start: (copies: string) => string): string => {
  const { single, command, proxyPort, address } = deployment
  if (command === null) return say`${address} is expected to find its Redis at 127.0.0.1:${proxyPort}`
  return say`${start(count(single ? 1 : purchases(plan), 'copy', 'copies'))}: ${command}`
}

/** What told the shop of its Redis. */
export const toldBy = ({ command, proxyPort }: Deployment): string =>
  command === null ? say`you: it has to point at 127.0.0.1:${proxyPort}` : say`REDIS_URL, REDIS_HOST and REDIS_PORT`

export interface Start {
  readonly context: Context
  readonly client: RedisClient
  readonly plan: RacePlan
  readonly deployment: Deployment
  readonly flags: RaceUrlFlags
  readonly file: SaleFile | null
  readonly sale: Sale
  readonly ways: WaysIn
  readonly guests: GuestsAtDoor
}

/** Starts what is explored, or gets ready for what runs. Errors: those of startTarget, port_in_use, usage. */
export const startShops = async (start: Start): Promise<Shops> => {
  const { context, client, plan, sale, deployment, flags, file, ways, guests } = start
  const [{ openShops }, { buyerAt }, { listenError }] = await Promise.all([
    import('../race/worlds/http/shops.js'),
    import('./buyer-at.js'),
    import('../server/listen-error.js'),
  ])
  const { single, address, command, proxyPort, ready, env } = deployment
  const written = address.includes('{port}')
  context.note(describeShops(deployment, plan, (copies) => say`starting ${copies}`))
  return openShops({
    ...{ count: single ? 1 : purchases(plan), command, proxyPort, redis: client.target },
    ...{ port: written ? null : Number(new URL(address).port || 80) },
    ...{ seckill: context.io.self, signal: context.interrupted },
    ...(flags.startTimeout !== undefined && { timeoutMs: flags.startTimeout }),
    ...(ready !== undefined && { ready: (port: number) => ready.replaceAll('{port}', String(port)) }),
    env: async (redis, port) => ({ ...context.io.env, ...(await childEnv(redis, sale.id, String(port))), ...env }),
    buyer: async (port) => {
      const url = address.replaceAll('{port}', String(port))
      const target = await targetOf(context, url, withoutStart(flags), file, ways.stages.purchase)
      return buyerAt(target, ways, guests, flags, single ? purchases(plan) : 1)
    },
  }).catch((error: unknown) => {
    throw listenError(error, '127.0.0.1', proxyPort, process.platform, '--listen')
  })
}
