import { randomBytes } from 'node:crypto'
import { EXIT, usageError } from '../../errors.js'
import { count, say } from '../../language/say.js'
import type { Strategy } from '../../strategies/strategy.js'
import type { CommandResult, Context } from '../context.js'
import { figuresOfRace } from '../figures.js'
import { keepRace } from '../keep-for-reports.js'
import { thousands } from '../numbers.js'
import { progressOn } from '../progress.js'
import { addRaceOptions, type RaceFlags, type RaceUrlFlags, raceOptions } from '../race-flags.js'
import { raceUrl } from '../race-url.js'
import type { RaceRow } from '../render-races.js'
import { openSaleFile } from '../sale.js'
import { withOwnRedis } from '../session.js'
import { requireCommands, supports } from '../shop.js'
import { defineCommand } from '../spec.js'
import { exitCodeWith, judgeAll, printThresholds, thresholdsOf } from '../thresholds.js'
import { writeSvg } from '../write-svg.js'

export const race = defineCommand<RaceUrlFlags>({
  examples: [
    'seckill race --strategy list-naive',
    'seckill race --strategy counter-undo --users 3 --stock 3 --quantity 2,2,1',
    'seckill race --strategy counter-lock --lock-expiry --max-preemptions 1 --users 2 --stock 1',
    'seckill race --strategy queue-gap --crash',
    'seckill race --all-strategies',
    "seckill race 'http://127.0.0.1:{port}/seckill' --start 'gunicorn -b 127.0.0.1:{port} app:app' --layout counter",
  ],
  configure: addRaceOptions,
  run: async (context, flags, [url]) => {
    if (flags.proveIndependence) return prove(context)
    const { STRATEGIES, strategyNamed } = await import('../../strategies/index.js')
    if (flags.allStrategies) return raceAll(context, STRATEGIES, flags)
    if (flags.strategy === undefined) return raceUrl(context, url, flags, await openSaleFile(context))
    if (url !== undefined) throw usageError(say`a URL and --strategy exclude each other`, say`drop one of them`)
    if (flags.attach || flags.deployment !== undefined)
      throw usageError(say`--deployment and --attach are for a server of yours`, say`name its URL, or leave them out`)
    return raceOne(context, strategyNamed(flags.strategy), flags)
  },
})

const foretell = (context: Context, strategy: string, settings: number): CommandResult => {
  const where = context.options.redis === undefined ? say`a Redis of its own` : say`the Redis that --redis names`
  context.print(say`would explore ${strategy} in ${count(settings, 'setting')}, on ${where}`)
  return { json: { strategy, settings, dryRun: true }, exitCode: EXIT.ok }
}

const raceOne = async (context: Context, strategy: Strategy, flags: RaceFlags): Promise<CommandResult> => {
  const { planOf, raceOn } = await import('../../race/worlds/strategy.js')
  const { exitCodeOfRace, raceJson, renderRace, strategySubject } = await import('../render-race.js')
  const subject = strategySubject(strategy.name)
  const options = raceOptions(context, strategy.name, flags)
  const thresholds = thresholdsOf(context, flags, await openSaleFile(context), ['race'])
  const plan = planOf(strategy, options)
  if (context.options.dryRun) return foretell(context, strategy.name, plan.settings.length)
  return withOwnRedis(context, async (client) => {
    await requireCommands(client, strategy)
    const progress = await progressOn(context)
    const onProgress = (schedules: number) => progress.show(() => say`${thousands(schedules)} executions`)
    const result = await raceOn(client, options, { now: () => performance.now(), onProgress })
    progress.clear()
    context.print(await renderRace(context, plan, result, subject))
    const judged = judgeAll(thresholds, figuresOfRace(result))
    await printThresholds(context, judged)
    await writeSvg(context, flags.svg, result.counterexamples[0])
    const json = { strategy: strategy.name, ...raceJson(plan, result, subject), thresholds: judged }
    await keepRace(context, json)
    return { json, exitCode: exitCodeWith(exitCodeOfRace(result), judged) }
  })
}

/** The table is made over the portfolio: a single setting would pass some of them falsely. */
const refuseSettings = ({ users, stock, quantity, sameUser, workers, crash, ...flags }: RaceFlags): void => {
  const { replay, strategy, threshold } = flags
  const given = Object.entries({
    ...{ users, stock, quantity, 'same-user': sameUser, workers, crash, replay, strategy, threshold },
  })
  const named = given.find(([, value]) => value !== undefined)
  if (named)
    throw usageError(say`--all-strategies goes over the portfolio, without --${named[0]}`, say`leave one of them out`)
}

const raceAll = async (context: Context, strategies: readonly Strategy[], flags: RaceFlags): Promise<CommandResult> => {
  refuseSettings(flags)
  const { raceOn } = await import('../../race/worlds/strategy.js')
  const { exitCodeOfRaces, racesJson, renderRaces } = await import('../render-races.js')
  const { conditionsOf } = await import('../../strategies/breaks.js')
  const cases = strategies.flatMap((strategy) => conditionsOf(strategy).map((under) => ({ strategy, under })))
  if (context.options.dryRun) return foretell(context, say`every strategy`, cases.length)
  return withOwnRedis(context, async (client) => {
    const rows: RaceRow[] = []
    const progress = await progressOn(context)
    for (const { strategy, under } of cases) {
      if (context.interrupted.aborted) break
      progress.show(() => [strategy.name, ...Object.keys(under)].join(', '))
      const { requires } = strategy
      const known = requires === undefined || (await supports(client.redis, requires.command))
      const options = { ...raceOptions(context, strategy.name, flags), keepGoing: true, ...under }
      rows.push({ strategy, under, result: known ? await raceOn(client, options) : null })
    }
    progress.clear()
    context.print(await renderRaces(rows))
    return { json: racesJson(rows), exitCode: exitCodeOfRaces(rows) }
  })
}

const prove = async (context: Context): Promise<CommandResult> => {
  if (context.options.dryRun) return foretell(context, say`pairs of commands`, 1)
  const { proveIndependence } = await import('../../race/prove.js')
  return withOwnRedis(context, async ({ redis }) => {
    const { seed = 1 } = context.options
    const prefix = `seckill:proof:${randomBytes(4).toString('hex')}:`
    const proof = await proveIndependence(redis, { seed, prefix, signal: context.interrupted })
    const { pairs, trials, independent, counterexamples } = proof
    const made = say`${thousands(pairs)} pairs of commands in both orders, ${thousands(trials)} trials`
    context.print(
      counterexamples.length === 0
        ? say`pass  ${made}: of ${thousands(independent)} that the table takes for independent none differed`
        : `${say`FAIL  ${made}: the order of these shows`}\n  ${counterexamples.join('\n  ')}`,
    )
    return { json: { independence: proof }, exitCode: counterexamples.length === 0 ? EXIT.ok : EXIT.violated }
  })
}
