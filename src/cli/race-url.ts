import { EXIT, SeckillError, usageError } from '../errors.js'
import type { Ending } from '../race/judge.js'
import type { RacePlan, RaceResult } from '../race/race.js'
import { Deviation, type World } from '../race/world.js'
import type { SaleControl } from '../race/worlds/http/course.js'
import { Obstacle } from '../race/worlds/http/obstacle.js'
import type { Shops } from '../race/worlds/http/shops.js'
import type { RedisClient } from '../redis/client.js'
import type { Sale } from '../sale/sale.js'
import { shellWord } from '../sale/shell-word.js'
import type { SaleFile } from '../sale-file/load.js'
import type { CommandResult, Context } from './context.js'
import { thousands } from './numbers.js'
import { progressOn } from './progress.js'
import { type RaceFlags, raceOptions } from './race-flags.js'
import { describedSale, openSaleFile, type SaleOptions, wholeSale } from './sale.js'
import { withOwnRedis } from './session.js'
import { childEnv, type Target, type TargetOptions, targetOf } from './target.js'

export interface RaceUrlFlags extends RaceFlags, TargetOptions, SaleOptions {
  readonly env?: string[]
  readonly startTimeout?: number
}

/** Between one command of a purchase and its next, or its answer. */
const SETTLE_MS = 5_000

/** Explores a foreign shop: copies of it, one for each buyer, each behind a proxy to one Redis. */
export const raceUrl = async (
  context: Context,
  url: string | undefined,
  flags: RaceUrlFlags,
): Promise<CommandResult> => {
  const file = await openSaleFile(context)
  const { command, address } = copiesOf(url, flags, file)
  const env = Object.fromEntries((flags.env ?? []).map(variable))
  const [{ asksForQuantity }, { racePlanOf }] = await Promise.all([
    import('../load/request.js'),
    import('../race/worlds/strategy.js'),
  ])
  // Checked once, as if the port were known.
  const target = await targetOf(context, address.replaceAll('{port}', '1'), withoutStart(flags), file, {})
  const limit = asksForQuantity(target.spec) ? Number.POSITIVE_INFINITY : 1
  await requireOneRedis(context)
  const options = raceOptions(context, 'url', flags)
  const plan = racePlanOf(options, limit)
  if (context.options.dryRun) {
    context.print(`would start ${copies(plan)} copies of: ${command}`)
    return { json: { url: address, settings: plan.settings.length, dryRun: true }, exitCode: EXIT.ok }
  }
  return withOwnRedis(context, async (client) => {
    const { initial, ...described } = describedSale(context, flags, file)
    const sale: Sale = { ...wholeSale({ ...described, initial: initial ?? 1 }), uuid: null, ttlSeconds: null }
    const ready = flags.ready ?? file?.target?.ready
    const shops = await startShops({ context, client, plan, command, address, flags, file, env, sale, ready })
    try {
      return await raceShops({ context, client, plan, target, shops, sale, command, address, flags })
    } finally {
      await shops.stop()
    }
  })
}

/** Before anything is opened. Errors: usage. */
const requireOneRedis = async ({ options: { redis } }: Context): Promise<void> => {
  if (redis === undefined || redis === 'private') return
  const [{ parseRedisUrl }, { requireOneServer }] = await Promise.all([
    import('../redis/url.js'),
    import('../redis/proxy.js'),
  ])
  requireOneServer(parseRedisUrl(redis))
}

/** The copies are started here, each by itself. */
const withoutStart = ({ start: _, ...flags }: RaceUrlFlags): TargetOptions => flags

const copies = ({ settings }: RacePlan): number => Math.max(...settings.map(({ buyers }) => buyers.length))

/** Where the copies answer and how they are started. Errors: usage. */
const copiesOf = (url: string | undefined, flags: RaceUrlFlags, file: SaleFile | null) => {
  const address = url ?? file?.target?.url
  const command = flags.start ?? file?.target?.start
  if (!address) throw usageError('nothing to race', 'name a strategy or a URL')
  if (command === undefined)
    throw usageError('race starts the shop itself, a copy for each buyer', 'add --start "COMMAND {port}"')
  if (!address.includes('{port}'))
    throw usageError(
      'every copy of the shop needs a port of its own, and this URL names one',
      `write ${address.replace(/^(https?:\/\/[^/:]+)(:\d+)?/, '$1:{port}')}`,
    )
  return { address, command }
}

const variable = (text: string): [string, string] => {
  const at = text.indexOf('=')
  if (at < 1) throw usageError(`--env ${JSON.stringify(text)} is no variable`, 'write --env NAME=value')
  return [text.slice(0, at), text.slice(at + 1)]
}

interface Start {
  readonly context: Context
  readonly client: RedisClient
  readonly plan: RacePlan
  readonly command: string
  readonly address: string
  readonly flags: RaceUrlFlags
  readonly file: SaleFile | null
  readonly env: Readonly<Record<string, string>>
  readonly sale: Sale
  readonly ready: string | undefined
}

const startShops = async ({ context, client, plan, sale, env, ready, ...it }: Start): Promise<Shops> => {
  const [{ openShops }, { buyerAt }] = await Promise.all([
    import('../race/worlds/http/shops.js'),
    import('./buyer-at.js'),
  ])
  const { command, address, flags, file } = it
  const count = copies(plan)
  context.note(`starting ${count} ${count === 1 ? 'copy' : 'copies'}: ${command}`)
  return openShops({
    ...{ count, command, redis: client.target, seckill: context.io.self, signal: context.interrupted },
    ...(flags.startTimeout !== undefined && { timeoutMs: flags.startTimeout }),
    ...(ready !== undefined && { ready: (port: number) => ready.replaceAll('{port}', String(port)) }),
    env: async (redis, port) => ({ ...context.io.env, ...(await childEnv(redis, sale.id, String(port))), ...env }),
    buyer: async (port) => {
      const url = address.replaceAll('{port}', String(port))
      return buyerAt(await targetOf(context, url, withoutStart(flags), file, {}), flags)
    },
  })
}

interface Race extends Omit<Start, 'file' | 'env' | 'ready'> {
  readonly target: Target
  readonly shops: Shops
}

const raceShops = async (it: Race): Promise<CommandResult> => {
  const { context, client, plan, shops, sale } = it
  const [{ displayUrl }, { HttpWorld }, { controlOf }, { explore }] = await Promise.all([
    import('../load/request.js'),
    import('../race/worlds/http/world.js'),
    import('../race/worlds/http/control.js'),
    import('../race/race.js'),
  ])
  const { exitCodeOfRace, raceJson, renderRace } = await import('./render-race.js')
  const alone = context.options.redis === undefined || context.options.redis === 'private'
  const control = controlOf({ redis: client.redis, sale, alone, seed: plan.seed })
  const progress = await progressOn(context)
  try {
    const { windowMs } = await tryOne(it, control)
    const openWorld = (setting: RacePlan['settings'][number]) => {
      const units = Math.max(sale.perUser.units, ...setting.buyers.map(({ quantity }) => quantity))
      const ofSetting = { ...sale, initial: setting.stock, perUser: { ...sale.perUser, units } }
      return new HttpWorld({
        ...{ shops: shops.shops, setting, settleMs: SETTLE_MS, windowMs },
        control: { ...control, sale: ofSetting },
      })
    }
    await twice(openWorld(plan.settings[0] as RacePlan['settings'][number]))
    const result: RaceResult = await explore(openWorld, plan, {
      now: () => performance.now(),
      signal: context.interrupted,
      onProgress: (schedules) => progress.show(() => `${thousands(schedules)} executions`),
    })
    progress.clear()
    const shown = { ...result, verdict: foreignVerdict(result) }
    const again = (flags: string) => againWith(context.io.argv, flags)
    const subject = { name: displayUrl(it.address), again, deployment: 'a copy of the shop for each purchase' }
    context.print(await renderRace(context, plan, shown, subject))
    return { json: { url: subject.name, ...raceJson(plan, shown, subject) }, exitCode: exitCodeOfRace(shown) }
  } catch (error) {
    if (!(error instanceof Obstacle || error instanceof Deviation)) throw error
    const odd = error instanceof Deviation ? 'the shop did not do the same twice: ' : ''
    throw new SeckillError('not_explorable', odd + error.message, 'see docs/race.md: what a shop must be like')
  } finally {
    progress.clear()
  }
}

/** The first schedule, made again: what differs then is not decided by the order of commands. */
const twice = async (world: World<Ending>): Promise<void> => {
  const { walk } = await import('../race/explorers/walks.js')
  const { goOn, currentOf } = await import('../race/events.js')
  const once = await walk(world, (pending, steps) => goOn(pending, currentOf(steps)).actor)
  await world.start(once.steps)
  const again = await world.finish()
  await world.close()
  if (again.fingerprint !== once.ending?.fingerprint)
    throw new Obstacle('the same steps of one purchase ended in two ways: the shop decides by something else, too')
}

/** What another order of the same steps shows is a race of the shop; that its steps differ is only odd. */
const foreignVerdict = ({ verdict, counterexamples }: RaceResult): RaceResult['verdict'] =>
  verdict === 'fail' &&
  counterexamples.every(({ violations }) => violations.every(({ rule }) => rule === 'nondeterminism'))
    ? 'inconclusive'
    : verdict

/** Flags that a replay says anew or can do without, and whether a value follows. */
const REPLACED: Readonly<Record<string, boolean>> = {
  ...{ '--users': true, '--stock': true, '--quantity': true, '--replay': true, '--budget': true, '--svg': true },
  ...{ '--same-user': false, '--json': false, '--quiet': false, '--keep-going': false },
}

/** The words of this call with the flags that make one order of it again. */
export const againWith = (argv: readonly string[], flags: string): string => {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string
    const [name = ''] = word.split('=')
    if (!(name in REPLACED)) words.push(shellWord(word))
    else if (REPLACED[name] && name === word) i++
  }
  return `seckill ${words.join(' ')} ${flags}`
}

/** One purchase alone, which shows whether the shop can be explored, and how. */
const tryOne = async ({ context, shops, sale }: Race, control: SaleControl) => {
  const { calibrate, obstacleIn } = await import('../race/worlds/http/calibrate.js')
  const [shop] = shops.shops
  await control.reset(2, new Set())
  const calibration = await calibrate(shop as NonNullable<typeof shop>, {
    user: control.newUser(),
    quantity: 1,
    settleMs: SETTLE_MS,
  })
  for (const { gate } of shops.shops) gate.letPass(calibration.background)
  const obstacle = obstacleIn(calibration, sale.keys.stock, 'REDIS_URL, REDIS_HOST and REDIS_PORT')
  if (obstacle !== null) throw new Obstacle(obstacle)
  context.note(`one purchase alone: ${calibration.commands.join(' · ')}`)
  for (const command of new Set(calibration.background)) context.note(`in the background, never held: ${command}`)
  if (calibration.parallel)
    context.warn('the shop sends commands at the same time: they are taken in the order in which they come')
  if (calibration.late)
    context.warn(
      'the shop sends commands after its answer: they are explored, and the answer counts as given before them',
    )
  return { windowMs: calibration.parallel || calibration.late ? 20 : 0 }
}
