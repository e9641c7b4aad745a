import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { EXIT, messageOf, SeckillError, usageError, worstExit } from '../../errors.js'
import { requireFreeLog } from '../../history/run-log-writer.js'
import { listed } from '../../language/lists.js'
import { say } from '../../language/say.js'
import { didYouMean, nearest } from '../../sale/nearest.js'
import type { ThresholdResult } from '../../sale/threshold.js'
import { STEPS, type StepName } from '../../scenario/run.js'
import type { CommandResult, Context } from '../context.js'
import { addFireOptions } from '../fire.js'
import { addLoadOptions } from '../load-options.js'
import { durationMs } from '../options.js'
import { addPollOptions } from '../poll.js'
import { addSaleOptions, openSaleFile, stockUnits } from '../sale.js'
import type { Asked, RunFlags } from '../scenario-steps.js'
import { defineCommand } from '../spec.js'
import { addTargetOptions } from '../target.js'
import { addThresholdOption, exitCodeWith } from '../thresholds.js'
import { addVerdictOptions } from '../verdict-files.js'

export const run = defineCommand<RunFlags>({
  examples: [
    'seckill run scenarios/flask-counter.yaml',
    'seckill run',
    'seckill run http://127.0.0.1:5000/seckill --stock 50 --start "gunicorn -b 127.0.0.1:5000 app:app" --save seckill.yaml',
    'seckill run seckill.yaml --only race',
  ],
  configure: (command: Command) => {
    command
      .option('--only <steps>', `of ${STEPS.join(', ')}, with commas between`, stepsOf)
      .option('--race', 'explore the orders of Redis commands, too (default: where the sale file has a section race)')
      .option('--settle <max>', 'longest wait until stock and records stand still (default: 30s)', durationMs)
      .option('--report <file>', 'write an HTML report of the run')
      .option('--save <file>', 'write what was run as a sale file')
    addThresholdOption(command, 'p99 < 300ms, stock.remaining == 0, race.schedules > 100')
    addVerdictOptions(command)
    command.optionsGroup('The sale:')
    command.option('--stock <n>', 'units for sale, 1 to 10,000,000', stockUnits)
    addSaleOptions(command, 'list')
    command.optionsGroup('The load:')
    addFireOptions(command)
    addLoadOptions(command)
    command.optionsGroup('The shop:')
    addTargetOptions(command)
    addPollOptions(command)
  },
  run: async (context, flags, [what]) => {
    const { file: named, ...rest } = context.options
    const isUrl = what !== undefined && /^https?:\/\//i.test(what)
    if (what !== undefined && !isUrl && named !== undefined)
      throw usageError(say`${what} and --file name two sale files`, say`leave one of them out`)
    const path = isUrl || what === undefined ? named : scenarioAt(context, what)
    const options = path === undefined ? rest : { ...rest, file: path }
    const within = context.within(context.io, 'run', options)
    const file = await openSaleFile(within)
    const url = isUrl ? what : undefined
    if (file === null && url === undefined)
      throw usageError(
        say`nothing to run: no seckill.yaml lies here`,
        say`name a scenario or a URL: seckill run URL --stock 50`,
      )
    return perform(within, { file, url, flags })
  },
})

/** A file from here, else, under `scenarios/`, one of those that are shipped. Errors: sale_file, where neither is there. */
const scenarioAt = ({ io }: Context, path: string): string => {
  if (!/^scenarios\/[^/]+$/.test(path) || existsSync(resolve(io.cwd, path))) return path
  const folder = resolve(dirname(io.self.bin), '..', 'scenarios')
  const shipped = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  const name = basename(path)
  if (shipped.includes(name)) return join(folder, name)
  const meant = nearest(name.replace(/(\.ya?ml)?$/, '.yaml'), shipped)
  throw new SeckillError(
    'sale_file',
    say`no scenario ${path}, neither here nor among those that are shipped`,
    meant === undefined ? say`one of: ${listed(shipped)}` : say`did you mean scenarios/${meant}?`,
  )
}

const stepsOf = (text: string): StepName[] =>
  text.split(',').map((word) => {
    const step = STEPS.find((name) => name === word.trim())
    if (step !== undefined) return step
    throw usageError(say`no step ${JSON.stringify(word)}${didYouMean(word, STEPS)}`, say`of ${STEPS.join(', ')}`)
  })

const perform = async (context: Context, asked: Omit<Asked, 'redis'>): Promise<CommandResult> => {
  const [
    { openScenario, withScenarioRedis },
    { requireFree, saveScenario },
    { runSteps },
    { exitCodeOf, heldAgainst, wholeOf },
    { renderScenario },
  ] = await Promise.all([
    import('../scenario-steps.js'),
    import('../save-scenario.js'),
    import('../../scenario/run.js'),
    import('../../scenario/verdict.js'),
    import('../render-scenario.js'),
  ])
  const { file, flags } = asked
  const { isOwnReport } = await import('../html-report.js')
  const replaced = flags.report !== undefined && (await isOwnReport(resolve(context.io.cwd, flags.report)))
  for (const path of [flags.save, replaced ? undefined : flags.report])
    if (path !== undefined) requireFree(context, path)
  if (flags.out !== undefined) requireFreeLog(resolve(context.io.cwd, flags.out))
  return withScenarioRedis(context, async (redis) => {
    const scenario = await openScenario(context, { ...asked, redis })
    if (context.options.dryRun) {
      context.print(say`would run ${scenario.name}: ${Object.keys(scenario.steps).join(', ')}`)
      return { json: { scenario: scenario.name, steps: Object.keys(scenario.steps), dryRun: true }, exitCode: EXIT.ok }
    }
    const course = await runSteps(scenario.steps, context.interrupted)
    const found = heldAgainst(wholeOf(course.judged), file?.expect)
    const { seed = null, blast = null, audit = null, race = null } = course.documents
    const thresholds = [blast, audit, race].flatMap((it) => (it?.thresholds ?? []) as ThresholdResult[])
    context.print(await renderScenario(context, { name: scenario.name, found, course, printed: scenario.printed() }))
    for (const { step, error } of course.failed)
      context.warn(`${step}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`)
    const report = await writeReport(context, flags.report, blast?.runFile, replaced || context.options.force === true)
    if (flags.save !== undefined && !context.interrupted.aborted) {
      await saveScenario(context, flags.save, asked)
    }
    const invalid = (blast?.generator as { verdict?: string } | undefined)?.verdict === 'invalid'
    const codes = course.failed.map(({ error }) => error.exitCode)
    const exitCode = worstExit(exitCodeOf(found), invalid ? EXIT.inconclusive : EXIT.ok, ...codes)
    const { verdict, broken, expected, asExpected } = found
    const json = {
      ...{ scenario: scenario.name, verdict, expected, asExpected, broken },
      ...{ init: seed, blast, audit, race, thresholds, report },
    }
    return { json, exitCode: exitCodeWith(exitCode, thresholds) }
  })
}

/** That it cannot be written changes no verdict. */
const writeReport = async (
  context: Context,
  out: string | undefined,
  runFile: unknown,
  force: boolean,
): Promise<string | null> => {
  if (out === undefined) return null
  if (typeof runFile !== 'string') {
    context.warn(say`no report: a report is of a run, and none was fired`)
    return null
  }
  const { writeHtmlReport } = await import('../html-report.js')
  try {
    const quiet = context.within(context.io, 'report', { ...context.options, quiet: true })
    const path = await writeHtmlReport(quiet, [runFile], out, { force })
    context.note(say`report ${path}`)
    return path
  } catch (error) {
    context.warn(say`the report cannot be written: ${messageOf(error)}`)
    return null
  }
}
