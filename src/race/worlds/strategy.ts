import { randomBytes } from 'node:crypto'
import { SeckillError, usageError } from '../../errors.js'
import { say } from '../../language/say.js'
import { connectRedis, type RedisClient } from '../../redis/client.js'
import type { Execute } from '../../redis/port.js'
import { startPrivateRedis } from '../../redis/private-server.js'
import { type Env, parseRedisUrl } from '../../redis/url.js'
import { saleKeys } from '../../sale/keys.js'
import { LAYOUTS, presetPlaces } from '../../sale/layout.js'
import { DEFAULT_UNIT_LIMIT, type Sale } from '../../sale/sale.js'
import { STRATEGIES, strategyNamed } from '../../strategies/index.js'
import type { BackOffice, Strategy } from '../../strategies/strategy.js'
import { neverSoldText, spinsText } from '../bounds.js'
import { explore, type RaceControl, type RacePlan, type RaceResult } from '../race.js'
import { type Death, MAX_BUYERS, MAX_WORKERS, parseReplay, portfolioFor, type Setting, settingOf } from '../setting.js'
import { replayFlags, timelineText } from '../timeline.js'
import { InProcessWorld } from './in-process.js'

/** Who races for what; whatever is left out, the portfolio decides. */
export interface SettingWish {
  /** How many buyers, or who is who: `aab` is two purchases of one person and one of another. */
  readonly users?: number | string
  readonly stock?: number
  /** Units that each asks for, in turn. Default 1. */
  readonly quantities?: readonly number[]
  /** All purchases are made by one person. */
  readonly sameUser?: boolean
  /** Workers that decide orders, for a strategy with a back office. Default 1. */
  readonly workers?: number
}

export interface RaceOptions extends SettingWish, Partial<Omit<RacePlan, 'settings' | 'replay'>> {
  readonly strategy: Strategy | string
  /** Whether every key with a lifetime may expire, once, at any moment. */
  readonly lockExpiry?: boolean
  /** One order instead of a search, as a report gave it. */
  readonly replay?: string
  /** URL of a Redis, or a client; by default a private server for the length of the call. */
  readonly redis?: string | RedisClient
  /** Where the private server is looked for: `PATH`. Default: the usual places. */
  readonly env?: Env
  /** Longest time between two steps of a purchase; default 1 s. */
  readonly settleMs?: number
  readonly signal?: AbortSignal
}

/** What {@link race} found. */
export interface StrategyRace extends RaceResult {
  readonly strategy: string
  /** Every counterexample as a timeline, for people; empty without one. */
  readonly timelines: string
}

const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin:/usr/local/sbin:/usr/sbin'

export const DEFAULTS = {
  explorer: 'dpor',
  reduction: 'field',
  symmetry: true,
  realTime: true,
  maxPreemptions: null,
  seed: 1,
  keepGoing: false,
  crash: false,
  budgetMs: 60_000,
} as const satisfies Partial<RacePlan>

/**
 * Explores the orders in which the commands of concurrent purchases can reach Redis. Without users, stock and quantities
 * it goes through a portfolio of settings. Rejects with a SeckillError (usage, Redis out of reach), never because of what
 * it found: see {@link assertNoRace}.
 */
export const race = async (options: RaceOptions): Promise<StrategyRace> => {
  const { redis, env = { PATH: USUAL_PATH } } = options
  if (redis !== undefined && typeof redis !== 'string') return raceOn(redis, options)
  const server = redis === undefined ? await startPrivateRedis({ env }) : null
  try {
    const client = await connectRedis(parseRedisUrl(server?.url ?? (redis as string)))
    try {
      return await raceOn(client, options)
    } finally {
      await client.close()
    }
  } finally {
    await server?.stop()
  }
}

/** Throws an error with the timelines unless every order was explored, something was sold, and no order broke a rule. */
export const assertNoRace = (result: StrategyRace): void => {
  const { verdict, strategy, timelines } = result
  if (verdict === 'fail') throw new Error(`${say`${strategy} has a race`}\n${timelines}`)
  if (verdict === 'inconclusive') throw new Error(`${strategy}: ${openIn(result)}`)
}

const openIn = ({ stopped, neverSold, schedules }: StrategyRace): string => {
  if (stopped === 'steps') return say`${spinsText()}; what it waits for must go through ctx.clock.sleep`
  if (stopped === null && neverSold) return neverSoldText()
  return say`not every order was explored (${schedules} were); raise budgetMs, or set maxPreemptions`
}

/** Explores on an open connection, under keys of its own. */
export const raceOn = async (
  client: RedisClient,
  options: RaceOptions & { readonly adapt?: (execute: Execute) => Execute; readonly sale?: string },
  control: RaceControl = { now: () => performance.now() },
): Promise<StrategyRace> => {
  const { lockExpiry = false, settleMs, adapt, sale: id = `race-${randomBytes(4).toString('hex')}` } = options
  const strategy = typeof options.strategy === 'string' ? strategyNamed(options.strategy) : options.strategy
  const plan = planOf(strategy, options)
  const keys = saleKeys(id)
  const { layout } = strategy
  // Our own strategies are held to it; what others mean by "sold out" is not known.
  const strictSoldOut = STRATEGIES.includes(strategy)
  const openWorld = (setting: Setting) => {
    const units = Math.max(DEFAULT_UNIT_LIMIT, ...setting.buyers.map(({ quantity }) => quantity))
    const perUser = { orders: 1, units }
    const sale: Sale = {
      ...{ id, uuid: null, layout, places: presetPlaces(layout, keys), keys },
      ...{ initial: setting.stock, perUser, ttlSeconds: null },
    }
    return new InProcessWorld({
      ...{ client, strategy, sale, setting, strictSoldOut, expiry: lockExpiry },
      ...(settleMs === undefined ? {} : { settleMs }),
      ...(adapt === undefined ? {} : { adapt }),
    })
  }
  const result = await explore(openWorld, plan, { ...control, ...(options.signal && { signal: options.signal }) })
  const again = (flags: string) => `seckill race --strategy ${strategy.name} ${flags}`
  const timelines = result.counterexamples.map((example) => timelineText(example, again(replayFlags(example))))
  return { ...result, strategy: strategy.name, timelines: timelines.join('\n\n') }
}

/** What is to be done, checked. Errors: usage. */
export const planOf = (strategy: Strategy, options: RaceOptions): RacePlan =>
  racePlanOf(options, LAYOUTS[strategy.layout].records === 'list' ? 1 : Number.POSITIVE_INFINITY, strategy.backOffice)

/** The same for a shop that sells up to `limit` units to a user, and may have a back office. */
export const racePlanOf = (
  options: Omit<RaceOptions, 'strategy'>,
  limit: number,
  backOffice?: BackOffice,
): RacePlan => {
  const office = officeOf(options, backOffice)
  const settings = settingsOf(options, limit).map((setting) => ({ ...setting, ...(office && { office }) }))
  const { maxPreemptions = DEFAULTS.maxPreemptions, replay } = options
  if (maxPreemptions !== null && options.explorer !== undefined && options.explorer !== 'exhaustive')
    throw usageError(
      say`a bound on preemptions needs full search, not ${options.explorer}`,
      say`leave the explorer out`,
    )
  if (replay !== undefined && settings.length > 1)
    throw usageError(
      say`an order can be replayed in one setting only`,
      say`name users, stock and quantities as race printed them`,
    )
  const again = replay === undefined ? null : parseReplay(replay, settings[0] as Setting)
  if (again?.death && !options.crash) throw usageError(say`somebody dies in the order to replay`, say`add --crash`)
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<RacePlan>
  return {
    ...DEFAULTS,
    ...given,
    ...(maxPreemptions === null ? {} : { explorer: 'exhaustive' as const }),
    settings: again?.death ? settings.map((setting) => ({ ...setting, death: again.death as Death })) : settings,
    replay: again?.order ?? null,
  }
}

/** The processes behind the queue. */
const officeOf = ({ workers }: SettingWish, backOffice: BackOffice | undefined): Setting['office'] => {
  if (backOffice === undefined) {
    if (workers === undefined) return undefined
    throw usageError(say`there are no workers here: purchases are decided at once`, say`leave --workers out`)
  }
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= MAX_WORKERS))
    throw usageError(say`${workers} workers cannot race`, say`1 to ${MAX_WORKERS} of them`)
  return { workers: workers ?? 1, relay: backOffice.relay !== undefined }
}

/** Buyers in the portfolio where processes die: each place of a death is a search of its own. */
const MOST_DYING = 2

/** The one setting that was wished for, or the portfolio. */
const settingsOf = (
  { users, stock, quantities, sameUser, crash }: SettingWish & { readonly crash?: boolean },
  limit: number,
): readonly Setting[] => {
  if (users === undefined && stock === undefined && quantities === undefined && !sameUser)
    return portfolioFor(Math.min(limit, DEFAULT_UNIT_LIMIT)).filter(
      ({ buyers }) => !crash || buyers.length <= MOST_DYING,
    )
  const count = typeof users === 'string' ? users.length : (users ?? Math.max(quantities?.length ?? 1, 2))
  const names = typeof users === 'string' ? users : sameUser ? 'a'.repeat(count) : 'abcde'
  if (count < 1 || count > MAX_BUYERS || !/^[a-e]+$/.test(names))
    throw usageError(
      say`users ${JSON.stringify(users ?? count)} cannot race`,
      say`1 to ${MAX_BUYERS} of them, or letters such as aab`,
    )
  const asked = Array.from({ length: count }, (_, i) => quantities?.[i % quantities.length] ?? 1)
  if (asked.some((quantity) => quantity > limit))
    throw new SeckillError('usage', say`this layout sells ${limit} unit to a user`, say`leave the quantities out`)
  return [settingOf(asked, stock ?? 1, names)]
}
