import { resolve } from 'node:path'
import { EXIT, usageError } from '../../errors.js'
import { requireFreeLog } from '../../history/run-log-writer.js'
import { say } from '../../language/say.js'
import type { RedisClient } from '../../redis/client.js'
import { type Sale, unitLimit } from '../../sale/sale.js'
import type { Threshold } from '../../sale/threshold.js'
import type { SaleFile } from '../../sale-file/load.js'
import type { Strategy } from '../../strategies/strategy.js'
import type { CommandResult, Context } from '../context.js'
import { figuresOfFired } from '../figures.js'
import { addFireOptions, type FireOptions, fire, fireDefaults, fireExitCode, planOf } from '../fire.js'
import { warnAbout } from '../fire-warnings.js'
import { openInProcess } from '../in-process.js'
import { thousands } from '../numbers.js'
import { whole } from '../options.js'
import { followedLines } from '../poll.js'
import { firedJson, renderFired } from '../render-run.js'
import { describedSale, findSale, openSaleFile, stockUnits, wholeSale } from '../sale.js'
import { seed } from '../seed.js'
import { withRedis } from '../session.js'
import { requireCommands, requireFit, throwIfNothingWorked } from '../shop.js'
import { defineCommand } from '../spec.js'
import {
  addThresholdOption,
  exitCodeWith,
  judgeAll,
  printThresholds,
  type ThresholdOptions,
  thresholdsOf,
} from '../thresholds.js'
import { type Named, nameUsers } from '../users.js'
import { addVerdictOptions } from '../verdict-files.js'

interface SimulateOptions extends FireOptions, ThresholdOptions {
  readonly strategy: string
  readonly stock?: number
  readonly workers?: number
}

const TIMEOUT_MS = 10_000
/** A Redis that was restarted answers again sooner. */
const SILENCE_MS = 2_000

export const simulate = defineCommand<SimulateOptions>({
  examples: [
    'seckill simulate --strategy counter-naive --stock 50 --users 2000',
    'seckill simulate --strategy counter-lua --users 100000 --concurrency 500',
    'seckill simulate --strategy queue-naive --stock 50 --workers 8',
  ],
  configure: (command) => {
    command.requiredOption('--strategy <name>', 'purchase strategy; see: seckill strategies')
    command.option('--stock <n>', 'seed this many units first, in the strategy’s layout', stockUnits)
    command.option(
      '--workers <n>',
      'orders decided at the same time, where they wait in a queue (default: 1)',
      whole(1, 1_000),
    )
    addFireOptions(command)
    addThresholdOption(command)
    addVerdictOptions(command)
  },
  run: async (context, given) => {
    const { strategyNamed } = await import('../../strategies/index.js')
    const strategy = strategyNamed(given.strategy)
    if (given.workers !== undefined && !strategy.backOffice)
      throw usageError(say`there are no workers here: purchases are decided at once`, say`leave --workers out`)
    const file = await openSaleFile(context)
    const options = { ...fireDefaults(file), ...given }
    const named = nameUsers(context, options)
    planOf(options, named, 1)
    const thresholds = thresholdsOf(context, options, file, ['load'])
    return withRedis(context, { writes: true, mayBePrivate: given.stock !== undefined }, async (client) => {
      // Before a seeding replaces what is there.
      if (options.out !== undefined) requireFreeLog(resolve(context.io.cwd, options.out))
      await requireCommands(client, strategy)
      if (strategy.backOffice) await (await import('../../queue/bullmq.js')).loadBullmq()
      const sale =
        given.stock === undefined
          ? await findFitting(context, client, strategy, file)
          : await seedFor(context, client, strategy, given.stock, file)
      return run(context, client, sale, strategy, { ...options, named, thresholds })
    })
  },
})

const findFitting = async (context: Context, client: RedisClient, strategy: Strategy, file: SaleFile | null) => {
  const sale = await findSale(context, client.redis, {}, file, strategy.layout)
  await requireFit(client, sale, strategy)
  return sale
}

const seedFor = async (
  context: Context,
  client: RedisClient,
  strategy: Strategy,
  initial: number,
  file: SaleFile | null,
): Promise<Sale> => {
  const { newSaleUuid } = await import('../../store/meta.js')
  const { layout } = strategy
  const described = describedSale(context, { layout, stock: initial }, file)
  const sale = { ...wholeSale(described), uuid: newSaleUuid(), ttlSeconds: null }
  await seed(context, client, sale)
  return sale
}

const run = async (
  context: Context,
  client: RedisClient,
  sale: Sale,
  strategy: Strategy,
  options: SimulateOptions & { readonly named: Named; readonly thresholds: readonly Threshold[] },
): Promise<CommandResult> => {
  const plan = planOf(options, options.named, unitLimit(sale))
  if (context.options.dryRun) {
    context.print(
      say`would make ${thousands(plan.plan.users)} users buy by ${strategy.name} on redis ${client.label}, sale ${sale.id}`,
    )
    return { json: { strategy: strategy.name, sale: sale.id, plan: plan.plan, dryRun: true }, exitCode: EXIT.ok }
  }
  const { Classifier } = await import('../../load/classify.js')
  const { workers = 1 } = options
  const { transport, follower, followed, close } = await openInProcess(context, { client, sale, strategy, workers })
  const classifier = new Classifier([])
  const target = `strategy ${strategy.name}`
  const fired = await fire(context, plan, {
    options,
    saleId: sale.id,
    sale,
    client,
    target,
    timeoutMs: TIMEOUT_MS,
    transport,
    follower,
    followed,
    classifier,
    strictSoldOut: true,
    silenceMs: SILENCE_MS,
    loadFlags: workers === 1 ? '' : `--workers ${workers}`,
  }).finally(close)
  const thresholds = judgeAll(options.thresholds, await figuresOfFired(fired))
  context.print(await renderFired(context, fired))
  const came = fired.result.followed
  if (came !== null && came.queued > 0) for (const line of followedLines(came)) context.print(line)
  if (came !== null && came.undecided > 0)
    context.warn(say`${thousands(came.undecided)} attempts stayed undecided; seckill worker decides what waits still`)
  await printThresholds(context, thresholds)
  context.note(say`run log ${fired.path}`)
  const { result } = fired
  await throwIfNothingWorked(client, result.tally)
  if (result.logFailure) throw result.logFailure
  warnAbout(context, fired, classifier, client.lastFailure?.message)
  const gaveUp = result.interrupted && !context.interrupted.aborted
  if (gaveUp) {
    const { attempts } = result.tally
    context.warn(
      say`stopped after ${thousands(attempts)} of ${thousands(result.planned)} attempts: redis ${client.label} has not answered for ${SILENCE_MS / 1_000} s`,
    )
  }
  const exitCode = gaveUp ? EXIT.inconclusive : fireExitCode(fired)
  const json = {
    strategy: strategy.name,
    ...firedJson(fired, []),
    followed: came,
    thresholds,
  }
  return { json, exitCode: exitCodeWith(exitCode, thresholds) }
}
