import type { Command } from 'commander'
import { EXIT, usageError } from '../errors.js'
import { MAX_BASELINE, RUN_FORMAT, RUN_VERSION, type RunHeader, type StartState } from '../history/run.js'
import type { Classifier } from '../load/classify.js'
import type { LoadPlan, QuantityRange } from '../load/plan.js'
import type { Transport } from '../load/transport.js'
import type { RedisClient } from '../redis/client.js'
import { LIMITS } from '../sale/limits.js'
import type { Sale } from '../sale/sale.js'
import { USERNAME_KINDS, type UserNaming, type UsernameKind, userNaming } from '../sale/usernames.js'
import type { SaleFile } from '../sale-file/load.js'
import type { Context } from './context.js'
import type { Fired } from './fired.js'
import { quantityRange, share, whole } from './options.js'
import { progressOn } from './progress.js'
import { liveText } from './render-run.js'
import { newRun, seedOf } from './runs.js'

/** Flags that `blast` and `simulate` have in common. */
export interface FireOptions {
  readonly users?: number
  readonly concurrency?: number
  readonly duplicates?: number
  readonly quantity?: QuantityRange
  readonly usernames?: string
  readonly out?: string
  /** From the sale file; the global `--seed` wins. */
  readonly seed?: number
}

const STOCK_SAMPLE_MS = 50

export const addFireOptions = (command: Command): Command =>
  command
    .option('--users <n>', 'distinct users (default: 1000)', whole(...LIMITS.users))
    .option('--concurrency <n>', 'attempts under way at once (default: 100)', whole(...LIMITS.concurrency))
    .option('--quantity <range>', 'units each user asks for (default: 1-2, or 1 where the limit is 1)', quantityRange)
    .option('--duplicates <share>', 'share of the users who click twice at once', share)
    .option('--usernames <kind>', `${USERNAME_KINDS.join(', ')} (default: random)`)
    .option('--out <file>', 'run log (default: a new one in .seckill/runs)')

/** The sale file's `load` section, as the flags would give it. */
export const fireDefaults = (file: SaleFile | null): FireOptions => {
  const given = Object.entries(file?.load ?? {}).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as FireOptions
}

/** What is to be fired, by whom, at what. */
export interface Fire {
  readonly options: FireOptions
  /** Null where no sale of ours is known. */
  readonly sale: Sale | null
  /** Null where Redis is out of reach: no stock is watched then. */
  readonly client: RedisClient | null
  readonly target: string
  readonly timeoutMs: number
  readonly transport: Transport
  readonly classifier: Classifier
  /** A strategy of ours answers, in-process or behind our own server. */
  readonly strictSoldOut?: boolean
}

const parseUsernames = (name: string): UsernameKind => {
  if (USERNAME_KINDS.includes(name as UsernameKind)) return name as UsernameKind
  throw usageError(`no kind of user names ${JSON.stringify(name)}`, `one of: ${USERNAME_KINDS.join(', ')}`)
}

/** What is to be tried, and how the users are called. */
export interface Planned {
  readonly plan: LoadPlan
  readonly users: UserNaming
}

/** The plan that flags and seed make; throws usage errors before anything is opened. */
export const planOf = (context: Context, options: FireOptions, limit: number): Planned => {
  const seed = seedOf(context, options.seed)
  const { users = 1_000, duplicates = 0, quantity = { min: 1, max: limit >= 2 ? 2 : 1 } } = options
  return {
    plan: { users, seed, duplicates, quantity },
    users: userNaming(parseUsernames(options.usernames ?? 'random'), seed),
  }
}

/** Fires: opens the run log, watches the stock, draws progress, and gives back what happened. */
export const fire = async (context: Context, { plan, users }: Planned, it: Fire): Promise<Fired> => {
  const { runLoad } = await import('../load/run.js')
  const { runId, path } = await newRun(context, it.options.out)
  const header: RunHeader = {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    runId,
    command: context.command as RunHeader['command'],
    startedAt: new Date().toISOString(),
    sale: it.sale?.id ?? context.options.sale ?? 'a',
    saleUuid: it.sale?.uuid ?? null,
    target: it.target,
    seed: plan.seed,
    users,
    concurrency: it.options.concurrency ?? 100,
    timeoutMs: it.timeoutMs,
    atStart: it.sale && it.client ? await startState(it.client, it.sale) : null,
    ...(it.strictSoldOut ? { strictSoldOut: true } : {}),
  }
  const progress = await progressOn(context)
  try {
    const result = await runLoad({
      header,
      path,
      plan,
      transport: it.transport,
      classifier: it.classifier,
      stock: await stockWatch(it),
      signal: context.interrupted,
      onProgress: (now) => progress.show(() => liveText(now)),
    })
    return { header, path, plan, result }
  } finally {
    progress.clear()
  }
}

/** Stock and records before the first attempt. */
export const startState = async (client: RedisClient, sale: Sale): Promise<StartState> => {
  const { redis } = client
  const { countRecords } = await import('../store/readers/records/index.js')
  const { readStock } = await import('../store/readers/stock/index.js')
  const { readFinalState } = await import('../store/snapshot.js')
  const { readServerMark } = await import('../store/environment.js')
  const server = client.target.kind === 'cluster' ? null : await readServerMark(redis)
  const { places } = sale
  const { remaining } = await readStock(redis, places.stock)
  const counts = await Promise.all(places.records.map((place) => countRecords(redis, place).catch(() => 0)))
  const counted = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)
  if (counted > MAX_BASELINE) return { remaining, records: counted, users: null, server }
  const state = await readFinalState(redis, places)
  const users = state.records.flatMap(({ users }) => users)
  return { remaining, records: users.length, users: users.length > MAX_BASELINE ? null : users, server }
}

const stockWatch = async ({ client, sale }: Fire) => {
  if (!client || !sale || sale.places.stock.type === 'none') return null
  const { StockWatch } = await import('../store/watch.js')
  return new StockWatch(client.redis, sale.places.stock, STOCK_SAMPLE_MS)
}

/** 0 where somebody answered; 3 where nobody did. */
export const fireExitCode = ({ result: { tally } }: Fired): number =>
  tally.count('unknown') + tally.count('not_sent') === tally.attempts && Object.keys(tally.statusCodes()).length === 0
    ? EXIT.unreachable
    : EXIT.ok
