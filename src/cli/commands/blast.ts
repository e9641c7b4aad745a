import { EXIT, SeckillError } from '../../errors.js'
import type { RedisClient } from '../../redis/client.js'
import { monotonicUs } from '../../sale/clock.js'
import { type Sale, unitLimit } from '../../sale/sale.js'
import type { CommandResult, Context } from '../context.js'
import { addFireOptions, type FireOptions, fire, fireDefaults, fireExitCode, planOf } from '../fire.js'
import type { Fired } from '../fired.js'
import { thousands } from '../numbers.js'
import { firedJson, renderFired } from '../render-run.js'
import { openSaleFile, openWhatIsThere, saleId } from '../sale.js'
import { closing, resolveTarget } from '../session.js'
import { defineCommand } from '../spec.js'
import { addTargetOptions, type Target, type TargetOptions, targetOf, withTarget } from '../target.js'

interface BlastOptions extends FireOptions, TargetOptions {}

const MOST_UNMATCHED = 5

export const blast = defineCommand<BlastOptions>({
  examples: [
    'seckill blast --users 20000 --concurrency 500 --start "seckill serve"',
    "seckill blast http://127.0.0.1:8080/buy --outcome 'sold=json:$.code=0' --outcome 'sold_out=status:410'",
    'seckill blast --path /incr --duplicates 5% --seed 7',
  ],
  configure: (command) => {
    addFireOptions(command)
    addTargetOptions(command)
  },
  run: async (context, given, [url]) => {
    const file = await openSaleFile(context)
    const options = { ...fireDefaults(file), ...given }
    const target = await targetOf(context, url, options, file)
    planOf(context, options, 1)
    const { client, sale } = await openWhatIsThere(context, file)
    return closing(client, () => run(context, target, client, sale, options, saleId(context, file)))
  },
})

const run = async (
  context: Context,
  target: Target,
  client: RedisClient | null,
  sale: Sale | null,
  options: BlastOptions,
  id: string,
): Promise<CommandResult> => {
  const plan = planOf(context, options, sale ? unitLimit(sale) : 2)
  if (context.options.dryRun) {
    context.print(
      `would fire ${thousands(plan.plan.users)} users at ${target.display}, concurrency ${options.concurrency ?? 100}`,
    )
    return { json: { target: target.display, plan: plan.plan, dryRun: true }, exitCode: EXIT.ok }
  }
  const [{ UndiciTransport }, { Classifier }] = await Promise.all([
    import('../../load/transports/undici.js'),
    import('../../load/classify.js'),
  ])
  const classifier = new Classifier(target.rules)
  const redis = client?.target ?? (await resolveTarget(context)).target
  const fired = await withTarget(context, target, redis, id, async (started) => {
    const transport = new UndiciTransport({ request: target.request, nowUs: monotonicUs, timeoutMs: target.timeoutMs })
    let over = false
    void started?.exited.then(({ code, signal }) => {
      if (!over)
        context.warn(
          `the server under test ended (${signal ?? `exit code ${code}`}): ${lastLine(started.lastOutput())}`,
        )
    })
    try {
      return await fire(context, plan, {
        options,
        sale,
        client,
        target: target.display,
        timeoutMs: target.timeoutMs,
        transport,
        classifier,
        strictSoldOut: isOurs(target),
      })
    } finally {
      over = true
    }
  })
  const unmatched = classifier.unmatched()
  context.print(await renderFired(context, fired))
  for (const { count, status, sample, suggestedRule } of unmatched.slice(0, MOST_UNMATCHED)) {
    context.warn(
      `no rule for ${thousands(count)} answers like: ${status} ${JSON.stringify(sample.slice(0, 120))}; if you know it: ${suggestedRule}`,
    )
  }
  warnIfElsewhere(context, fired, sale)
  context.note(`run log ${fired.path}`)
  if (fired.result.logFailure) throw fired.result.logFailure
  const exitCode = fireExitCode(fired)
  if (exitCode === EXIT.unreachable && !fired.result.interrupted) {
    throw new SeckillError(
      'target_unreachable',
      `${target.display} answered none of ${thousands(fired.result.tally.attempts)} attempts`,
      'is it up, and does it serve this path?',
    )
  }
  return { json: { target: target.display, ...firedJson(fired, unmatched) }, exitCode }
}

/** Only of the server that we start ourselves is it known, and only while its answers are read as they are meant. */
const isOurs = ({ start, rules }: Target): boolean => /^\s*seckill\s+serve\b/.test(start ?? '') && rules.length === 0

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? ''

/** A target that sells while the watched stock stands still sells from somewhere else. */
const warnIfElsewhere = (context: Context, { header, result }: Fired, sale: Sale | null): void => {
  const { tally, stock } = result
  const start = header.atStart?.remaining
  if (
    !sale ||
    tally.count('sold') === 0 ||
    !stock ||
    start == null ||
    start <= 0 ||
    stock.last !== start ||
    stock.lowest !== start
  )
    return
  context.warn(
    `the target said "sold" ${thousands(tally.count('sold'))} times, but ${sale.keys.stock} never moved: does it use another Redis, database or key prefix?`,
  )
}
