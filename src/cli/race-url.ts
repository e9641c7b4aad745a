import { EXIT, SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { Ending } from '../race/judge.js'
import type { RacePlan, RaceResult } from '../race/race.js'
import { Deviation, Obstacle, type World } from '../race/world.js'
import type { SaleControl } from '../race/worlds/http/course.js'
import type { HttpShop } from '../race/worlds/http/lane.js'
import type { Shops } from '../race/worlds/http/shops.js'
import { stockKeys } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import { shellWord } from '../sale/shell-word.js'
import type { Threshold } from '../sale/threshold.js'
import type { SaleFile } from '../sale-file/load.js'
import type { CommandResult, Context } from './context.js'
import { figuresOfRace } from './figures.js'
import { keepRace } from './keep-for-reports.js'
import { thousands } from './numbers.js'
import { progressOn } from './progress.js'
import { type RaceUrlFlags, raceOptions } from './race-flags.js'
import { guestList } from './race-guests.js'
import {
  deploymentOf,
  describeShops,
  requireOneRedis,
  type Start,
  startShops,
  toldBy,
  withoutStart,
} from './race-shops.js'
import { runReset } from './reset-command.js'
import { describedSale, wholeSale } from './sale.js'
import { withOwnRedis } from './session.js'
import { targetOf } from './target.js'
import { exitCodeWith, judgeAll, printThresholds, thresholdsOf } from './thresholds.js'
import { writeSvg } from './write-svg.js'

/** Between one command of a purchase and its next, or its answer. */
const SETTLE_MS = 5_000

const COPIES = 'a copy of the shop for each purchase'
const ONE = 'one process of the shop for all purchases (locks inside it count; other copies are not explored)'

/** Explores a foreign shop: copies of it, one for each buyer, each behind a proxy to one Redis. */
export const raceUrl = async (
  context: Context,
  url: string | undefined,
  flags: RaceUrlFlags,
  file: SaleFile | null,
): Promise<CommandResult> => {
  const thresholds = thresholdsOf(context, flags, file, ['race'])
  const deployment = deploymentOf(url, flags, file)
  const { address, single } = deployment
  const [{ asksForQuantity }, { racePlanOf }] = await Promise.all([
    import('../load/request.js'),
    import('../race/worlds/strategy.js'),
  ])
  // Checked once, as if the port were known.
  const { ways, open } = await guestList(file)
  const fields = ways.stages.purchase
  const target = await targetOf(context, address.replaceAll('{port}', '1'), withoutStart(flags), file, fields)
  const limit = asksForQuantity(target.spec) ? Number.POSITIVE_INFINITY : 1
  if (flags.crash)
    throw usageError(say`--crash is for strategies: processes of yours are not killed here`, say`leave it out`)
  await requireOneRedis(context)
  // On one process what is ready depends on what others do: the reductions of dpor are not sound there.
  const search = single && flags.explorer === undefined ? { ...flags, explorer: 'exhaustive' as const } : flags
  const plan = racePlanOf(raceOptions(context, 'url', search), limit)
  if (context.options.dryRun) {
    context.print(describeShops(deployment, plan, (copies) => say`would start ${copies}`))
    return { json: { url: address, settings: plan.settings.length, dryRun: true }, exitCode: EXIT.ok }
  }
  return withOwnRedis(context, async (client) => {
    const { initial, ...described } = describedSale(context, flags, file)
    const sale: Sale = { ...wholeSale({ ...described, initial: initial ?? 1 }), uuid: null, ttlSeconds: null }
    const guests = await open(client.redis)
    const start = { context, client, plan, deployment, flags, file, sale, ways, guests }
    const shops = await startShops(start)
    try {
      return await raceShops({ ...start, shops, thresholds })
    } finally {
      await shops.stop()
      await guests.leave()
    }
  })
}

interface Race extends Start {
  readonly shops: Shops
  readonly thresholds: readonly Threshold[]
}

const raceShops = async (it: Race): Promise<CommandResult> => {
  const { context, client, shops, sale, deployment, flags, file, guests } = it
  const [{ displayUrl }, { HttpWorld }, { SingleWorld }, { controlOf }, { explore }] = await Promise.all([
    import('../load/request.js'),
    import('../race/worlds/http/world.js'),
    import('../race/worlds/http/single.js'),
    import('../race/worlds/http/control.js'),
    import('../race/race.js'),
  ])
  const { exitCodeOfRace, raceJson, renderRace } = await import('./render-race.js')
  const alone = context.options.redis === undefined || context.options.redis === 'private'
  const reset = file?.sale?.reset?.command
  const control = controlOf({
    ...{ redis: client.redis, sale, alone, guests },
    ...(reset !== undefined && { resetElsewhere: () => runReset(context, reset) }),
  })
  const progress = await progressOn(context)
  try {
    const { windowMs, plan } = await tryOne(it, control)
    const openWorld = (setting: RacePlan['settings'][number]) => {
      const units = Math.max(sale.perUser.units, ...setting.buyers.map(({ quantity }) => quantity))
      const ofSetting = { ...sale, initial: setting.stock, perUser: { ...sale.perUser, units } }
      return new (deployment.single ? SingleWorld : HttpWorld)({
        ...{ shops: shops.shops, setting, settleMs: SETTLE_MS, windowMs },
        control: { ...control, sale: ofSetting },
      })
    }
    await twice(openWorld(plan.settings[0] as RacePlan['settings'][number]))
    const result: RaceResult = await explore(openWorld, plan, {
      now: () => performance.now(),
      signal: context.interrupted,
      onProgress: (schedules) => progress.show(() => say`${thousands(schedules)} executions`),
    })
    progress.clear()
    const shown = { ...result, verdict: foreignVerdict(result) }
    const again = (flags: string) => againWith(context.io.argv, flags)
    const subject = { name: displayUrl(deployment.address), again, deployment: deployment.single ? ONE : COPIES }
    context.print(await renderRace(context, plan, shown, subject))
    const thresholds = judgeAll(it.thresholds, figuresOfRace(shown))
    await printThresholds(context, thresholds)
    await writeSvg(context, flags.svg, result.counterexamples[0])
    const json = { url: subject.name, ...raceJson(plan, shown, subject), thresholds }
    await keepRace(context, json)
    return { json, exitCode: exitCodeWith(exitCodeOfRace(shown), thresholds) }
  } catch (error) {
    if (!(error instanceof Obstacle || error instanceof Deviation)) throw error
    const why = error instanceof Deviation ? say`the shop did not do the same twice: ${error.message}` : error.message
    throw new SeckillError('not_explorable', why, say`see docs/race.md: what a shop must be like`)
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
    throw new Obstacle(say`the same steps of one purchase ended in two ways: the shop decides by something else, too`)
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

/** One purchase alone, which shows whether the shop can be explored, and how; and by which plan. */
const tryOne = async ({ context, plan, shops, sale, deployment }: Race, control: SaleControl) => {
  const { calibrate, ignoresQuantity, obstacleIn } = await import('../race/worlds/http/calibrate.js')
  const { cutDown } = await import('../race/setting.js')
  const [shop] = shops.shops as [HttpShop]
  const calibration = await control.unseen(async () => {
    // Connections, scripts and caches are there after a purchase that nobody holds.
    await control.reset(2 * shops.shops.length)
    await Promise.all(shops.shops.map((each) => each.buy(control.newUser(), 1)))
    await control.reset(2)
    return calibrate(shop, { user: control.newUser(), quantity: 1, settleMs: SETTLE_MS })
  })
  for (const { gate } of shops.shops) gate.letPass(calibration.background)
  const obstacle = obstacleIn(calibration, stockKeys(sale.places.stock), toldBy(deployment))
  if (obstacle !== null) throw new Obstacle(obstacle)
  context.note(say`one purchase alone: ${calibration.commands.join(' · ')}`)
  const { background, blocking, unseen } = calibration
  for (const command of new Set(background)) context.note(say`in the background, never held: ${command}`)
  for (const name of blocking) context.note(say`${name} waits for what others do, and is never held`)
  for (const why of unseen) context.note(say`a connection goes on unseen: ${why}`)
  if (calibration.parallel)
    context.warn(say`the shop sends commands at the same time: they are taken in the order in which they come`)
  if (calibration.late)
    context.warn(
      say`the shop sends commands after its answer: they are explored, and the answer counts as given before them`,
    )
  const asksForMore = plan.settings.some(({ buyers }) => buyers.some(({ quantity }) => quantity > 1))
  const oneEach = asksForMore && (await control.unseen(() => ignoresQuantity(shop, control, { settleMs: SETTLE_MS })))
  if (oneEach)
    context.warn(
      say`a buyer alone asked for 2, and got 1: the shop does not know {{quantity}} by this name, and is explored with quantity 1 only`,
    )
  return {
    plan: oneEach ? { ...plan, settings: cutDown(plan.settings, 1) } : plan,
    windowMs: calibration.parallel || calibration.late ? 20 : 0,
  }
}
