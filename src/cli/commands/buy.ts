import { EXIT, SeckillError, usageError } from '../../errors.js'
import { answerOf } from '../../history/answer.js'
import type { AnswerGroup } from '../../history/attempt.js'
import type { OutcomeRule } from '../../history/outcome-rules.js'
import { say, word } from '../../language/say.js'
import type { Transport } from '../../load/transport.js'
import type { RedisClient } from '../../redis/client.js'
import type { RedisTarget } from '../../redis/target.js'
import { LIMITS } from '../../sale/limits.js'
import type { Outcome } from '../../sale/outcome.js'
import type { Sale } from '../../sale/sale.js'
import type { SaleFile } from '../../sale-file/load.js'
import type { CommandResult, Context } from '../context.js'
import { fire, fireDefaults } from '../fire.js'
import { type InProcess, openInProcess, orderLines, orderOf } from '../in-process.js'
import { doorOf, recipeOf, waysIn, withUsersIn } from '../let-in.js'
import { milliseconds } from '../numbers.js'
import { whole } from '../options.js'
import { findSale, openSaleFile, openWhatIsThere, saleId } from '../sale.js'
import { closing, resolveTarget, withRedis } from '../session.js'
import { requireFit, throwIfNothingWorked } from '../shop.js'
import { defineCommand } from '../spec.js'
import { addTargetOptions, type TargetOptions, targetOf, withTarget } from '../target.js'
import { printTrace, type Tracer, traceJson } from '../trace.js'
import { type Named, nameUsers, oneOf } from '../users.js'

interface BuyOptions extends TargetOptions {
  readonly strategy?: string
  readonly user?: string
  readonly quantity: number
  readonly trace?: boolean
}

const TIMEOUT_MS = 10_000

export const buy = defineCommand<BuyOptions>({
  examples: [
    'seckill buy --strategy counter-lua --user alice',
    'seckill buy http://127.0.0.1:5000/seckill --user alice --quantity 2',
    "seckill buy 'http://127.0.0.1:{port}/seckill' --start 'python3 shop.py {port}' --trace",
  ],
  configure: (command) => {
    command
      .option('--strategy <name>', 'buy in-process, by this strategy')
      .option('--user <name>', 'who buys (default: a random name)')
      .option('--quantity <n>', 'units', whole(...LIMITS.unitsPerUser), 1)
    command.option('--trace', 'show the Redis commands of the purchase; over HTTP with --start only')
    addTargetOptions(command)
  },
  run: async (context, given, [url]) => {
    if (url !== undefined && given.strategy !== undefined) {
      throw usageError(say`a URL and --strategy exclude each other`, say`drop one of them`)
    }
    const file = await openSaleFile(context)
    const options = { ...given, ...oneOf(nameUsers(context, fireDefaults(file)), given.user) }
    return options.strategy === undefined
      ? buyOverHttp(context, options, url, file)
      : buyInProcess(context, options, options.strategy, file)
  },
})

/** With everything decided that flags may leave open. */
interface Wish extends BuyOptions, Named {
  readonly user: string
}

/** What `--dry-run` does in place of a purchase. */
const foretell = (context: Context, { user, quantity }: Wish, where: string, target: string): CommandResult => {
  context.print(say`would buy ${quantity} for ${user} ${where}`)
  return { json: { target, user, quantity, dryRun: true }, exitCode: EXIT.ok }
}

const buyInProcess = async (
  context: Context,
  options: Wish,
  name: string,
  file: SaleFile | null,
): Promise<CommandResult> => {
  const { strategyNamed } = await import('../../strategies/index.js')
  const strategy = strategyNamed(name)
  const target = `strategy ${name}`
  return withRedis(context, { writes: true }, async (client) => {
    const sale = await findSale(context, client.redis, {}, file, strategy.layout)
    await requireFit(client, sale, strategy)
    if (context.options.dryRun)
      return foretell(context, options, say`by ${target} on redis ${client.label}, sale ${sale.id}`, target)
    const way = { client, saleId: sale.id, sale, target, rules: [], inProcess: true, timeoutMs: TIMEOUT_MS }
    return withTracer(options, client.target, async (tracer) => {
      const { connectRedis } = await import('../../redis/client.js')
      const traced = tracer && (await connectRedis(tracer.target))
      const buyNow = async () => {
        const shop = traced ?? client
        const { close, ...selling } = await openInProcess(context, { client, shop, sale, strategy, workers: 1 })
        return purchase(context, options, { ...way, ...selling, tracer }).finally(close)
      }
      return traced ? closing(traced, buyNow) : buyNow()
    })
  })
}

/** Runs `work` with a tracer in front of Redis, where `--trace` asks for one. */
const withTracer = async <T>(
  { trace }: BuyOptions,
  redis: RedisTarget,
  work: (tracer: Tracer | null) => Promise<T>,
): Promise<T> => {
  if (!trace) return work(null)
  const { openTracer } = await import('../trace.js')
  const tracer = await openTracer(redis)
  try {
    return await work(tracer)
  } finally {
    await tracer.close()
  }
}

const buyOverHttp = async (
  context: Context,
  options: Wish,
  url: string | undefined,
  file: SaleFile | null,
): Promise<CommandResult> => {
  const ways = await waysIn(options, file)
  const target = await targetOf(context, url, options, file, ways.stages.purchase)
  if (options.trace && target.start === undefined)
    throw usageError(
      say`--trace shows what goes through a proxy, and a server that runs already talks past it`,
      say`add --start "COMMAND {port}", or run: seckill proxy --log`,
    )
  const door = await doorOf(context, ways, target.request.origin)
  const { timeoutMs, rules, display } = target
  const { client, sale } = await openWhatIsThere(context, file)
  const id = saleId(context, file)
  return closing(client, async () => {
    if (context.options.dryRun) {
      if (target.start !== undefined) context.print(say`would start: ${target.start}`)
      return foretell(context, options, say`at ${display}`, display)
    }
    const { transportOf } = await import('../../load/recipe.js')
    const recipe = recipeOf(target, door, options)
    const transport = await transportOf(recipe)
    const crowd = { users: 1, nameOf: () => options.user, client, timeoutMs, http: recipe.http }
    const way = { client, saleId: id, sale, target: display, transport, rules, inProcess: false, timeoutMs }
    const redis = client?.target ?? (await resolveTarget(context)).target
    return withTracer(options, redis, (tracer) =>
      withTarget(context, target, tracer?.target ?? redis, id, () =>
        withUsersIn(context, door, crowd, () => purchase(context, options, { ...way, tracer })),
      ),
    )
  })
}

/** How one purchase is made. */
interface Way {
  readonly client: RedisClient | null
  readonly saleId: string
  readonly sale: Sale | null
  readonly target: string
  readonly transport: Transport
  readonly rules: readonly OutcomeRule[]
  /** By a strategy: Redis trouble is then ours to tell. */
  readonly inProcess: boolean
  readonly timeoutMs: number
  readonly tracer: Tracer | null
  /** Hear what an accepted order comes to. */
  readonly follower?: InProcess['follower']
  readonly followed?: InProcess['followed']
}

const purchase = async (context: Context, { user, quantity, seed, naming }: Wish, way: Way): Promise<CommandResult> => {
  const { Classifier } = await import('../../load/classify.js')
  const before = await stateOf(way, user)
  const classifier = new Classifier(way.rules)
  const planned = {
    plan: { users: 1, seed, duplicates: 0, quantity: { min: quantity, max: quantity } },
    users: naming,
  }
  const { result, path } = await fire(context, planned, {
    ...way,
    transport: way.tracer?.around(way.transport) ?? way.transport,
    options: { concurrency: 1 },
    classifier,
    strictSoldOut: way.inProcess,
  })
  const outcome = Object.keys(result.tally.outcomes())[0] as Outcome | undefined
  if (outcome === undefined) throw new SeckillError('interrupted', say`interrupted before the purchase was sent`)
  const [group] = classifier.groups() as [AnswerGroup]
  const { text } = answerOf(group.sample)
  const trace = await way.tracer?.taken()
  const after = await stateOf(way, user)
  const elapsedMs = result.latency.summary().service.max
  const order = orderOf(way.follower, result.followed)
  const json = {
    user,
    quantity,
    outcome,
    answer: group.status === 0 ? null : text,
    rule: group.rule,
    before,
    after,
    elapsedMs,
    ...(order && { order }),
    ...(trace && { trace: traceJson(trace) }),
  }
  const { stdout } = await context.styles()
  context.print(say`${user} asks for ${quantity}: ${stdout.bold(word(outcome))} after ${milliseconds(elapsedMs)}`)
  if (group.status !== 0)
    context.print(
      group.rule === null
        ? say`answer  ${group.status} ${JSON.stringify(text)} (no rule matches)`
        : say`answer  ${group.status} ${JSON.stringify(text)} (rule ${group.rule})`,
    )
  else if (group.sample !== outcome) context.print(say`reason  ${group.sample}`)
  for (const line of orderLines(order, stdout.bold)) context.print(line)
  if (before && after) {
    context.print(say`before  ${before.remaining ?? '?'} left, ${user} holds ${before.recorded ?? word('nothing')}`)
    context.print(say`after   ${after.remaining ?? '?'} left, ${user} holds ${after.recorded ?? word('nothing')}`)
  }
  if (trace) await printTrace(context, trace, say`REDIS_URL, REDIS_HOST and REDIS_PORT`)
  context.note(say`run log ${path}`)
  if (result.logFailure) throw result.logFailure
  if (way.inProcess && outcome !== 'unknown' && way.client) await throwIfNothingWorked(way.client, result.tally)
  return { json, exitCode: exitCodeOf(order?.outcome ?? outcome) }
}

const exitCodeOf = (outcome: Outcome): number => {
  if (outcome === 'unknown') return EXIT.inconclusive
  return outcome === 'not_sent' ? EXIT.unreachable : EXIT.ok
}

/** Units left, and what the user's record says; null where that is not known. */
const stateOf = async (
  { client, sale }: Way,
  user: string,
): Promise<{ remaining: number | null; recorded: string | null } | null> => {
  if (!client || !sale) return null
  const { redis } = client
  const { readStock } = await import('../../store/readers/stock/index.js')
  const { findRecord } = await import('../../store/readers/records/index.js')
  const { stock, records } = sale.places
  const { remaining } = await readStock(redis, stock)
  return { remaining, recorded: records[0] ? await findRecord(redis, records[0], user) : null }
}
