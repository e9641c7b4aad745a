import type { Command } from 'commander'
import { EXPLORERS, type ExplorerName } from '../race/explorer.js'
import { REDUCTIONS, type Reduction } from '../race/independence.js'
import { MAX_BUYERS, MAX_WORKERS } from '../race/setting.js'
import type { RaceOptions } from '../race/worlds/strategy.js'
import { DEFAULT_SALE_ID } from '../sale/sale.js'
import type { Context } from './context.js'
import { durationMs, oneOf, repeat, whole, wholes } from './options.js'
import { addSaleOptions, type SaleOptions } from './sale.js'
import { addTargetOptions, type TargetOptions } from './target.js'
import { addThresholdOption } from './thresholds.js'
import { addVerdictOptions } from './verdict-files.js'

/** Flags of `race` as commander hands them over. */
export interface RaceFlags {
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
  readonly workers?: number
  readonly crash?: boolean
  readonly budget?: number
  readonly replay?: string
  readonly keepGoing?: boolean
  readonly proveIndependence?: boolean
  readonly svg?: string
  readonly threshold?: string[]
}

/** With a URL. */
export interface RaceUrlFlags extends RaceFlags, TargetOptions, SaleOptions {
  readonly env?: string[]
  readonly startTimeout?: number
  readonly deployment?: 'scaled' | 'single'
  readonly attach?: boolean
  readonly listen?: number
}

const MOST_STOCK = 1_000

export const addRaceOptions = (command: Command): void => {
  command.optionsGroup('What races:')
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
    .option(
      '--workers <n>',
      `workers that decide queued orders, 1 to ${MAX_WORKERS} (default: 1)`,
      whole(1, MAX_WORKERS),
    )
    .option('--crash', 'let one process die between any two of its commands: a shop, a worker, the relay')
    .option('--budget <time>', 'stop after this time (default: 60s)', durationMs)
    .option(
      '--replay <order>',
      'one order, as a timeline gave it; the beginning of one goes on with the fewest changes of turn',
    )
    .option('--keep-going', 'find every rule that breaks, not only the first')
    .option('--prove-independence', 'test the table of what is independent against Redis itself')
    .option('--svg <file>', 'write the first timeline as a lane diagram')
  addThresholdOption(command, 'schedules > 100, elapsed < 30s')
  addVerdictOptions(command)
  command.optionsGroup('A server of yours, with a URL that holds {port}:')
  addTargetOptions(command)
    .option(
      '--deployment <kind>',
      'scaled: a copy for each buyer; single: one process for all (default: scaled)',
      oneOf(['scaled', 'single'] as const),
    )
    .option('--attach', 'explore a server that runs already and finds its Redis at the port of --listen')
    .option('--listen <port>', 'with --attach: that port on 127.0.0.1 (default: 6390)', whole(1, 65_535))
    .option(
      '--env <variable>',
      'NAME=value for the server, beside PORT, REDIS_URL, REDIS_HOST, REDIS_PORT (repeatable)',
      repeat,
    )
    .option('--start-timeout <time>', 'longest wait until every copy answers (default: 60s)', durationMs)
  addSaleOptions(command, 'list')
}

/** The flags as the library takes them. */
export const raceOptions = (context: Context, strategy: string, flags: RaceFlags): RaceOptions & { sale?: string } => {
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
    ...(flags.workers !== undefined && { workers: flags.workers }),
    ...(flags.crash && { crash: true }),
    ...(flags.lockExpiry && { lockExpiry: true }),
    ...(flags.budget !== undefined && { budgetMs: flags.budget }),
    ...(flags.replay !== undefined && { replay: flags.replay }),
    ...(flags.keepGoing && { keepGoing: true }),
  }
}
