import { EXIT } from '../../errors.js'
import { MAX_GROUPS } from '../../history/attempt.js'
import { say } from '../../language/say.js'
import type { Duties } from '../../load/crew.js'
import { plannedAttempts } from '../../load/plan.js'
import type { PollSpec } from '../../load/poll.js'
import { flagsOf, shapeOf, slotsOf } from '../../load/shape.js'
import type { RedisClient } from '../../redis/client.js'
import type { RedisTarget } from '../../redis/target.js'
import { type Sale, unitLimit } from '../../sale/sale.js'
import type { Threshold } from '../../sale/threshold.js'
import { userNamer } from '../../sale/usernames.js'
import type { SaleFile } from '../../sale-file/load.js'
import type { CommandResult, Context } from '../context.js'
import { figuresOfFired } from '../figures.js'
import { addFireOptions, type FireOptions, fire, fireDefaults, fireExitCode, planOf } from '../fire.js'
import { unanswered, warnAbout, warnIfElsewhere } from '../fire-warnings.js'
import { letFinish } from '../let-finish.js'
import { type Door, doorOf, recipeOf, waysIn, withUsersIn } from '../let-in.js'
import { addLoadOptions, type LoadOptions } from '../load-options.js'
import { thousands } from '../numbers.js'
import {
  addPollOptions,
  checkPoll,
  followedLines,
  keepingTicket,
  type PollOptions,
  pollOf,
  pollsRedis,
  undecidedWhy,
} from '../poll.js'
import { firedJson, renderFired } from '../render-run.js'
import { openSaleFile, openWhatIsThere, saleId } from '../sale.js'
import { closing, resolveTarget } from '../session.js'
import { defineCommand } from '../spec.js'
import { tellClock } from '../start-clock.js'
import { addTargetOptions, type Target, type TargetOptions, targetOf, withTarget } from '../target.js'
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

export type BlastOptions = FireOptions & TargetOptions & LoadOptions & ThresholdOptions & PollOptions

const MOST_UNMATCHED = 5

export const blast = defineCommand<BlastOptions>({
  examples: [
    'seckill blast --users 20000 --concurrency 500 --start "seckill serve"',
    "seckill blast http://127.0.0.1:8080/buy --outcome 'sold=json:$.code=0' --outcome 'sold_out=status:410'",
    'seckill blast --path /incr --duplicates 5% --seed 7',
  ],
  configure: (command) => {
    addFireOptions(command)
    addLoadOptions(command)
    addTargetOptions(command)
    addPollOptions(command)
    addThresholdOption(command)
    addVerdictOptions(command)
  },
  run: async (context, given, [url]) => blastWith(context, await openSaleFile(context), given, url),
})

/** A blast by this sale file; `onceUp` is called when the shop is up, before anything is fired at it. */
export const blastWith = async (
  context: Context,
  file: SaleFile | null,
  given: BlastOptions,
  url: string | undefined,
  onceUp: (target: Target, redis: RedisTarget) => Promise<void> = async () => {},
): Promise<CommandResult> => {
  const poll = await pollOf(given, file)
  const options = { ...fireDefaults(file), ...given, transport: await keepingTicket(poll, given.transport) }
  const named = nameUsers(context, options)
  const ways = await waysIn(named, file)
  const target = await targetOf(context, url, options, file, ways.stages.purchase)
  const door = await doorOf(context, ways, target.request.origin)
  planOf(options, named, 1)
  await checkPoll(poll, target, ways.stages.purchase)
  shapeOf(options, Date.now())
  const thresholds = thresholdsOf(context, options, file, ['load'])
  const { transportFor } = await import('../../load/transports/http.js')
  transportFor(target.request.origin, options)
  const { client, sale } = await openWhatIsThere(context, file, await pollsRedis(poll))
  return closing(client, () =>
    run(
      context,
      { target, door, poll, onceUp },
      client,
      sale,
      { ...options, named, thresholds },
      saleId(context, file),
    ),
  )
}

interface Shooting {
  readonly target: Target
  readonly door: Door
  readonly poll: PollSpec | null
  readonly onceUp: (target: Target, redis: RedisTarget) => Promise<void>
}

const run = async (
  context: Context,
  { target, door, poll, onceUp }: Shooting,
  client: RedisClient | null,
  sale: Sale | null,
  options: BlastOptions & { readonly named: Named; readonly thresholds: readonly Threshold[] },
  id: string,
): Promise<CommandResult> => {
  const { asksForQuantity } = await import('../../load/request.js')
  const limit = sale ? unitLimit(sale) : 2
  const plan = planOf(options, options.named, asksForQuantity(target.spec) ? limit : 1)
  if (context.options.dryRun) {
    if (target.start !== undefined) context.print(say`would start: ${target.start}`)
    context.print(
      say`would fire ${thousands(plan.plan.users)} users at ${target.display}, concurrency ${options.concurrency ?? 100}`,
    )
    return { json: { target: target.display, plan: plan.plan, dryRun: true }, exitCode: EXIT.ok }
  }
  const shape = shapeOf(options, Date.now())
  const [
    { transportOf },
    { followerOf },
    { LocalCrew },
    { WorkerCrew, workerCount },
    { Classifier },
    { checkLimits, readLimits },
    { Decisions },
  ] = await Promise.all([
    import('../../load/recipe.js'),
    import('../../load/follower-of.js'),
    import('../../load/crew.js'),
    import('../../load/workers.js'),
    import('../../load/classify.js'),
    import('../../load/preflight.js'),
    import('../../load/decisions.js'),
  ])
  const addresses = options.localAddress?.split(',').length ?? 1
  checkLimits(await readLimits(), slotsOf(shape, plannedAttempts(plan.plan)), addresses)
  const classifier = new Classifier(target.rules)
  const redis = client?.target ?? (await resolveTarget(context)).target
  const followed = poll === null ? null : new Decisions()
  const fired = await withTarget(context, target, redis, id, async (started) => {
    const { timeoutMs } = target
    const rules = target.rules.map(({ source }) => source)
    await onceUp(target, redis)
    const recipe = recipeOf(target, door, options, { poll, redis })
    const transport = await transportOf(recipe)
    const crowd = { users: plan.plan.users, nameOf: userNamer(plan.users), client, timeoutMs, http: recipe.http }
    let over = false
    void started?.exited.then(({ code, signal }) => {
      if (!over)
        context.warn(
          say`the server under test ended (${signal ?? say`exit code ${code}`}): ${lastLine(started.lastOutput())}`,
        )
    })
    try {
      const workers = workerCount(options.workers ?? 1, plan.plan, shape)
      const follower =
        workers === 1 && followed ? await followerOf(recipe, rules, userNamer(plan.users), followed) : null
      const crew = (duties: Duties) =>
        workers === 1
          ? new LocalCrew({ ...duties, transport, classifier, follower })
          : new WorkerCrew({ ...duties, recipe, rules, classifier, workers })
      if (shape.startAtMs !== null)
        await tellClock(context, target.request.origin, options.insecure === true, shape.startAtMs)
      const what = {
        options,
        saleId: id,
        sale,
        client,
        target: target.display,
        timeoutMs,
        transport,
        classifier,
        shape,
        crew,
        followed,
        strictSoldOut: isOurs(target),
        loadFlags: flagsOf(options),
      }
      const fired = await withUsersIn(context, door, crowd, () => fire(context, plan, what))
      if (started !== null && client !== null && sale !== null) await letFinish(context, client.redis, sale, started)
      return fired
    } finally {
      over = true
    }
  })
  const unmatched = classifier.unmatched()
  const thresholds = judgeAll(options.thresholds, await figuresOfFired(fired))
  context.print(await renderFired(context, fired))
  const came = fired.result.followed
  if (came !== null) for (const line of followedLines(came)) context.print(line)
  await printThresholds(context, thresholds)
  for (const { count, status, sample, suggestedRule } of unmatched.slice(0, MOST_UNMATCHED)) {
    context.warn(
      say`no rule for ${thousands(count)} answers like: ${status} ${JSON.stringify(sample.slice(0, 120))}; if you know it: ${suggestedRule}`,
    )
  }
  const beyond = classifier.beyondGroups()
  if (beyond > 0)
    context.warn(
      say`${thousands(beyond)} answers beyond ${thousands(MAX_GROUPS)} kinds are known by their outcome alone`,
    )
  const undecided = came && undecidedWhy(came)
  if (undecided !== null) context.warn(undecided)
  warnAbout(context, fired, classifier)
  warnIfElsewhere(context, fired, sale)
  context.note(say`run log ${fired.path}`)
  if (fired.result.logFailure) throw fired.result.logFailure
  const exitCode = fireExitCode(fired)
  if (exitCode === EXIT.unreachable && !fired.result.interrupted) throw unanswered(fired, classifier)
  const json = {
    target: target.display,
    ...firedJson(fired, unmatched),
    answersBeyondGroups: beyond,
    followed: came,
    thresholds,
  }
  return { json, exitCode: exitCodeWith(exitCode, thresholds) }
}

/** Only of the server that we start ourselves is it known, and only while its answers are read as they are meant. */
const isOurs = ({ start, rules }: Target): boolean => /^\s*seckill\s+serve\b/.test(start ?? '') && rules.length === 0

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? ''
