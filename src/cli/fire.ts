import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { EXIT, usageError } from '../errors.js'
import { RUN_FORMAT, RUN_VERSION, type RunEnvironment, type RunHeader } from '../history/run.js'
import { say } from '../language/say.js'
import type { Classifier } from '../load/classify.js'
import type { Crew, Duties } from '../load/crew.js'
import type { Decisions } from '../load/decisions.js'
import type { Following } from '../load/following.js'
import { type LoadPlan, plannedAttempts, type QuantityRange } from '../load/plan.js'
import { type LoadShape, shapeOf, slotsOf } from '../load/shape.js'
import type { Transport } from '../load/transport.js'
import type { RedisClient } from '../redis/client.js'
import { LIMITS } from '../sale/limits.js'
import type { Sale } from '../sale/sale.js'
import { USERNAME_FORMS, type UserNaming } from '../sale/usernames.js'
import type { SaleFile } from '../sale-file/load.js'
import type { Context } from './context.js'
import type { Fired } from './fired.js'
import { quantityRange, share, whole } from './options.js'
import { progressOn } from './progress.js'
import { liveText } from './render-run.js'
import { newRun } from './runs.js'
import { silenceWatch } from './silence.js'
import { startState } from './start-state.js'
import type { Named } from './users.js'
import { version } from './version.js'

/** Flags that `blast` and `simulate` have in common. */
export interface FireOptions {
  readonly users?: number
  readonly attemptsPerUser?: number
  /** Bounds the run where `users` does not. Milliseconds. */
  readonly duration?: number
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
    .option('--usernames <kind>', `${USERNAME_FORMS} (default: random)`)
    .option('--out <file>', 'run log (default: a new one in .seckill/runs)')

/** What the sale file says of load and users, as the flags would give it. */
export const fireDefaults = (file: SaleFile | null): FireOptions => {
  const given = Object.entries(file?.load ?? {}).filter(([, value]) => value !== undefined)
  const options = Object.fromEntries(given) as FireOptions
  if (!file || !options.usernames?.startsWith('@')) return options
  return { ...options, usernames: `@${resolve(dirname(file.path), options.usernames.slice(1))}` }
}

/** What is to be fired, by whom, at what. */
export interface Fire {
  readonly options: FireOptions
  readonly saleId: string
  /** Null where no more than its id is known. */
  readonly sale: Sale | null
  /** Null where Redis is out of reach: no stock is watched then. */
  readonly client: RedisClient | null
  readonly target: string
  readonly timeoutMs: number
  readonly transport: Transport
  readonly classifier: Classifier
  /** A strategy of ours answers, in-process or behind our own server. */
  readonly strictSoldOut?: boolean
  /** When attempts leave; default: the closed model of {@link options}. */
  readonly shape?: LoadShape
  /** The flags that shaped the load; empty for a plain closed loop. */
  readonly loadFlags?: string
  /** Ends the run where attempts have been made for so long and none was answered. */
  readonly silenceMs?: number
  /** Follows what is told "queued" to its end, where this thread fires. */
  readonly follower?: Following | null
  /** What following queued attempts comes to; absent or null where nobody does. */
  readonly followed?: Decisions | null
  /** Who fires; default: this thread. */
  readonly crew?: (duties: Duties) => Crew
}

/** What is to be tried, and how the users are called. */
export interface Planned {
  readonly plan: LoadPlan
  readonly users: UserNaming
}

/** The plan that flags and names make; throws usage errors before anything is opened. */
export const planOf = (options: FireOptions, { seed, naming }: Named, limit: number): Planned => {
  const named = naming.kind === 'given' ? naming.names.length : Number.POSITIVE_INFINITY
  const {
    users = Number.isFinite(named) ? named : options.duration === undefined ? 1_000 : LIMITS.users[1],
    duplicates = 0,
    attemptsPerUser = 1,
    quantity = { min: 1, max: limit >= 2 ? 2 : 1 },
  } = options
  if (users > named) {
    throw usageError(
      say`the file of users names ${named}, fewer than --users ${users}`,
      say`name more, or leave --users out`,
    )
  }
  return { plan: { users, seed, duplicates, quantity, attemptsPerUser }, users: firstOf(naming, users) }
}

/** The run log keeps given names, but only of those who take part. */
const firstOf = (naming: UserNaming, users: number): UserNaming =>
  naming.kind === 'given' && users < naming.names.length ? { ...naming, names: naming.names.slice(0, users) } : naming

/** Fires: opens the run log, watches the stock, draws progress, and gives back what happened. */
export const fire = async (context: Context, { plan, users }: Planned, it: Fire): Promise<Fired> => {
  const [{ runLoad }, { LocalCrew }] = await Promise.all([import('../load/run.js'), import('../load/crew.js')])
  const {
    transport,
    classifier,
    follower = null,
    crew = (duties: Duties) => new LocalCrew({ ...duties, transport, classifier, follower }),
  } = it
  const { concurrency, duration } = it.options
  const shape = it.shape ?? shapeOf({ concurrency, duration }, Date.now())
  const { runId, path } = await newRun(context, it.options.out)
  const header: RunHeader = {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    runId,
    command: context.command as RunHeader['command'],
    startedAt: new Date().toISOString(),
    sale: it.saleId,
    saleUuid: it.sale?.uuid ?? null,
    target: it.target,
    seed: plan.seed,
    users,
    concurrency: slotsOf(shape, plannedAttempts(plan)),
    timeoutMs: it.timeoutMs,
    atStart: it.sale && it.client ? await startState(it.client, it.sale) : null,
    ...(shape.warmupMs > 0 ? { warmupMs: shape.warmupMs } : {}),
    ...(it.strictSoldOut ? { strictSoldOut: true } : {}),
    ...(it.loadFlags ? { loadFlags: it.loadFlags } : {}),
    ...(it.followed ? { followed: true } : {}),
    environment: environmentOf(it.client),
  }
  const wasThere = existsSync(path)
  const progress = await progressOn(context)
  const silence = silenceWatch(it.silenceMs ?? Number.POSITIVE_INFINITY)
  try {
    const result = await runLoad({
      header,
      path,
      plan,
      shape,
      crew,
      classifier,
      followed: it.followed ?? null,
      inProcess: it.target.startsWith('strategy '),
      stock: await stockWatch(it),
      signal: AbortSignal.any([context.interrupted, silence.signal]),
      onProgress: (now) => {
        silence.see(now)
        progress.show(() => liveText(now))
      },
    })
    return { header, path, plan, shape, result }
  } catch (error) {
    if (!wasThere && existsSync(path)) context.note(say`run log ${path}`)
    throw error
  } finally {
    progress.clear()
  }
}

const environmentOf = (client: RedisClient | null): RunEnvironment => ({
  seckill: version(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cores: availableParallelism(),
  redis: client?.label ?? null,
})

const stockWatch = async ({ client, sale }: Fire) => {
  if (!client || !sale || sale.places.stock.type === 'none') return null
  const { StockWatch } = await import('../store/watch.js')
  return new StockWatch(client.redis, sale.places.stock, STOCK_SAMPLE_MS)
}

/** 0 where somebody answered, 4 where the load was not what was asked for, 3 where nobody answered. */
export const fireExitCode = ({ result: { tally, generator } }: Fired): number => {
  const answered = tally.attempts - tally.count('unknown') - tally.count('not_sent')
  if (tally.attempts > 0 && answered === 0 && Object.keys(tally.statusCodes()).length === 0) return EXIT.unreachable
  return generator.verdict === 'invalid' ? EXIT.inconclusive : EXIT.ok
}
