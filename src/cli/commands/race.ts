import type { Command } from 'commander'
import { EXIT, usageError } from '../../errors.js'
import { EXPLORERS, type ExplorerName } from '../../race/explorer.js'
import { REDUCTIONS, type Reduction } from '../../race/independence.js'
import { MAX_BUYERS } from '../../race/setting.js'
import type { RedisClient } from '../../redis/client.js'
import { DEFAULT_SALE_ID } from '../../sale/sale.js'
import type { Strategy } from '../../strategies/strategy.js'
import type { CommandResult, Context } from '../context.js'
import { durationMs, oneOf, whole, wholes } from '../options.js'
import { progressOn } from '../progress.js'
import { exitCodeOfRace, raceJson, renderRace } from '../render-race.js'
import type { RaceRow } from '../render-races.js'
import { withRedis } from '../session.js'
import { requireCommands, supports } from '../shop.js'
import { defineCommand } from '../spec.js'

interface RaceFlags {
  readonly strategy?: string
  readonly allStrategies?: boolean
  readonly users?: string
  readonly stock?: number
  readonly quantity?: readonly number[]
  readonly sameUser?: boolean
  readonly maxPreemptions?: number
  readonly explorer?: ExplorerName
  readonly reduction?: Reduction
  readonly symmetry: boolean
  readonly realTime: boolean
  readonly lockExpiry?: boolean
  readonly budget?: number
  readonly replay?: string
  readonly keepGoing?: boolean
  readonly proveIndependence?: boolean
  readonly svg?: string
}

const MOST_STOCK = 1_000

export const race = defineCommand<RaceFlags>({
  examples: [
    'seckill race --strategy list-naive',
    'seckill race --strategy counter-undo --users 3 --stock 3 --quantity 2,2,1',
    'seckill race --strategy counter-lock --lock-expiry --max-preemptions 2',
    'seckill race --all-strategies',
  ],
  configure: (command) => configure(command),
  run: async (context, flags) => {
    if (flags.proveIndependence) return withOwnRedis(context, (client) => prove(context, client))
    const { STRATEGIES, strategyNamed } = await import('../../strategies/index.js')
    if (flags.allStrategies) return withOwnRedis(context, (client) => raceAll(context, client, STRATEGIES, flags))
    if (flags.strategy === undefined)
      throw usageError('nothing to race', 'name one: --strategy list-naive, or all: --all-strategies')
    const strategy = strategyNamed(flags.strategy)
    const { planOf } = await import('../../race/worlds/strategy.js')
    const { settings } = planOf(strategy, optionsOf(context, strategy, flags))
    if (context.options.dryRun) return foretell(context, strategy, settings.length)
    return withOwnRedis(context, (client) => raceOne(context, client, strategy, flags))
  },
})

const configure = (command: Command): void => {
  command
    .option('--strategy <name>', 'purchase strategy; see: seckill strategies')
    .option('--all-strategies', 'every strategy over the portfolio: the table of what breaks what')
    .option(
      '--users <n>',
      `buyers, 1 to ${MAX_BUYERS}; or who is who: aab is one person twice, and another (default: portfolio)`,
    )
    .option('--stock <n>', 'units for sale (default: portfolio)', whole(0, MOST_STOCK))
    .option(
      '--quantity <list>',
      'units that each buyer asks for, in turn, such as 1,2 (default: portfolio)',
      wholes(1, MOST_STOCK),
    )
    .option('--same-user', 'all purchases are made by one person')
    .option('--max-preemptions <n>', 'only orders that take the turn from a buyer at most n times', whole(0, 100))
    .option('--explorer <name>', `${EXPLORERS.join(', ')} (default: dpor)`, oneOf(EXPLORERS))
    .option(
      '--reduction <level>',
      `what counts as independent: ${REDUCTIONS.join(', ')} (default: field)`,
      oneOf(REDUCTIONS),
    )
    .option('--no-symmetry', 'do not take buyers who differ only by name for one another')
    .option('--no-real-time', 'do not tell orders apart by which answer came before which request')
    .option('--lock-expiry', 'let keys with a lifetime expire at any moment, once')
    .option('--budget <time>', 'stop after this time (default: 60s)', durationMs)
    .option('--replay <order>', 'one order, as a timeline gave it')
    .option('--keep-going', 'find every rule that breaks, not only the first')
    .option('--prove-independence', 'test the table of what is independent against Redis itself')
    .option('--svg <file>', 'write the first timeline as a lane diagram')
}

const withOwnRedis = (context: Context, work: (client: RedisClient) => Promise<CommandResult>) =>
  withRedis(context, { writes: true, mayBePrivate: true, privateByDefault: true }, work)

const optionsOf = (context: Context, strategy: Strategy, flags: RaceFlags) => {
  const { users, stock, quantity, sameUser, symmetry, realTime, explorer, reduction, maxPreemptions } = flags
  const { redis, seed } = context.options
  return {
    ...{ strategy, symmetry, realTime, signal: context.interrupted },
    // Nobody else is on a private server: there the document's key names are free.
    ...(redis === undefined || redis === 'private' ? { sale: DEFAULT_SALE_ID } : {}),
    ...(users !== undefined && { users: /^\d+$/.test(users) ? Number(users) : users }),
    ...(stock !== undefined && { stock }),
    ...(quantity && { quantities: quantity }),
    ...(sameUser && { sameUser }),
    ...(explorer && { explorer }),
    ...(reduction && { reduction }),
    ...(maxPreemptions !== undefined && { maxPreemptions }),
    ...(seed !== undefined && { seed }),
    ...(flags.lockExpiry && { lockExpiry: true }),
    ...(flags.budget !== undefined && { budgetMs: flags.budget }),
    ...(flags.replay !== undefined && { replay: flags.replay }),
    ...(flags.keepGoing && { keepGoing: true }),
  }
}

const foretell = (context: Context, strategy: Strategy, settings: number): CommandResult => {
  context.print(
    `would explore ${strategy.name} in ${settings} ${settings === 1 ? 'setting' : 'settings'}, on a Redis of its own unless --redis names one`,
  )
  return { json: { strategy: strategy.name, settings, dryRun: true }, exitCode: EXIT.ok }
}

const raceOne = async (
  context: Context,
  client: RedisClient,
  strategy: Strategy,
  flags: RaceFlags,
): Promise<CommandResult> => {
  await requireCommands(client, strategy)
  const { planOf, raceOn } = await import('../../race/worlds/strategy.js')
  const options = optionsOf(context, strategy, flags)
  const plan = planOf(strategy, options)
  const progress = await progressOn(context)
  const onProgress = (schedules: number) => progress.show(() => `${schedules} executions`)
  const result = await raceOn(client, options, { now: () => performance.now(), onProgress })
  progress.clear()
  context.print(await renderRace(context, plan, result))
  const [first] = result.counterexamples
  if (flags.svg !== undefined && first) await writeSvg(flags.svg, first)
  return { json: raceJson(plan, result), exitCode: exitCodeOfRace(result) }
}

const writeSvg = async (path: string, example: Parameters<typeof import('../../race/svg.js').timelineSvg>[0]) => {
  const [{ writeFile }, { timelineSvg }] = await Promise.all([import('node:fs/promises'), import('../../race/svg.js')])
  await writeFile(path, timelineSvg(example))
}

const raceAll = async (
  context: Context,
  client: RedisClient,
  strategies: readonly Strategy[],
  flags: RaceFlags,
): Promise<CommandResult> => {
  const { raceOn } = await import('../../race/worlds/strategy.js')
  const { racesJson, renderRaces, exitCodeOfRaces } = await import('../render-races.js')
  const cases = strategies.flatMap((strategy) =>
    strategy.breaks.ifLockExpires
      ? [
          { strategy, lockExpiry: false },
          { strategy, lockExpiry: true },
        ]
      : [{ strategy, lockExpiry: false }],
  )
  if (context.options.dryRun)
    return foretell(context, { ...(strategies[0] as Strategy), name: 'every strategy' }, cases.length)
  const rows: RaceRow[] = []
  const progress = await progressOn(context)
  for (const { strategy, lockExpiry } of cases) {
    if (context.interrupted.aborted) break
    progress.show(() => `${strategy.name}${lockExpiry ? ', its lock may expire' : ''}`)
    const { requires } = strategy
    const known = requires === undefined || (await supports(client.redis, requires.command))
    const options = { ...optionsOf(context, strategy, flags), keepGoing: true, ...(lockExpiry && { lockExpiry }) }
    rows.push({ strategy, lockExpiry, result: known ? await raceOn(client, options) : null })
  }
  progress.clear()
  context.print(await renderRaces(rows))
  return { json: racesJson(rows), exitCode: exitCodeOfRaces(rows) }
}

const prove = async (context: Context, client: RedisClient): Promise<CommandResult> => {
  const { proveIndependence } = await import('../../race/prove.js')
  const proof = await proveIndependence(client.redis, { seed: context.options.seed ?? 1, signal: context.interrupted })
  context.print(
    proof.counterexamples.length === 0
      ? `pass  ${proof.pairs} pairs of command shapes in both orders, ${proof.trials} trials: of ${proof.independent} taken for independent none differed`
      : `FAIL  ${proof.counterexamples.join('\n      ')}`,
  )
  return { json: { independence: proof }, exitCode: proof.counterexamples.length === 0 ? EXIT.ok : EXIT.violated }
}
