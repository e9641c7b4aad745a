import { EXIT, SeckillError, usageError } from '../../errors.js'
import type { Imported, Note } from '../../import/import.js'
import { say } from '../../language/say.js'
import type { Context } from '../context.js'
import { addSaleOptions, type SaleOptions, stockUnits } from '../sale.js'
import { defineCommand } from '../spec.js'

interface ImportOptions extends SaleOptions {
  readonly out?: string
  readonly sampler?: string
}

const DEFAULT_STOCK = 50

export const importCommand = defineCommand<ImportOptions>({
  examples: [
    'seckill import plan.jmx --out seckill.yaml',
    'seckill import plan.jmx --sampler "POST /incr" --layout counter --stock 100 > seckill.yaml',
  ],
  configure: (command) => {
    command
      .option('--out <file>', 'write there in place of stdout')
      .option('--sampler <name>', 'the sampler that buys (default: the first that posts and is no login)')
    command.optionsGroup('The sale:')
    command.option('--stock <n>', `units for sale (default: ${DEFAULT_STOCK})`, stockUnits)
    addSaleOptions(command, 'list')
  },
  run: async (context, options, [plan]) => {
    if (plan === undefined) throw usageError(say`no plan was named`, say`seckill import plan.jmx`)
    const [{ importPlan }, { readPlanFile, placeUsers }, saving, { saleFileText, checkSaleFile }] = await Promise.all([
      import('../../import/import.js'),
      import('../import-files.js'),
      import('../save-scenario.js'),
      import('../../sale-file/write.js'),
    ])
    const { out } = options
    const { dryRun = false } = context.options
    if (out !== undefined) saving.requireFree(context, out)
    const imported = importPlan(await readPlanFile(context, plan), plan, options.sampler)
    const sale = saving.saleSectionOf(context, null, { stock: DEFAULT_STOCK, ...options })
    const { users, notes, write } = await placeUsers(context, imported, plan, out)
    const { target, load, ...rest } = imported.scenario
    const sections = {
      sale,
      target,
      ...rest,
      ...(users.file && { users: { ...(rest.users as object), file: users.file } }),
      load: users.load,
    }
    const comment = say`Imported from ${plan}, a test plan of JMeter: seckill run ${out ?? 'seckill.yaml'}`
    const text = saleFileText(sections, [comment])
    reading(plan, () => checkSaleFile(text, out ?? plan, imported.secrets))
    if (out !== undefined && !dryRun) {
      await write()
      await saving.writeScenario(context, out, text, '--out')
    }
    const all = [...imported.notes, ...notes].sort((a, b) => a.line - b.line)
    for (const note of all) context.note(lineOf(plan, note))
    saving.noteSecrets(context, imported.secrets)
    next(context, imported, options)
    if (out === undefined) context.print(text.trimEnd())
    const { sampler, secrets: environment } = imported
    return {
      json: {
        plan,
        sampler,
        scenario: sections,
        yaml: text,
        out: out ?? null,
        environment,
        notes: all,
        ...(dryRun ? { dryRun } : {}),
      },
      exitCode: EXIT.ok,
    }
  },
})

/** What the sale file refuses has its reason in the plan. */
const reading = (plan: string, check: () => void): void => {
  try {
    check()
  } catch (error) {
    if (!(error instanceof SeckillError)) throw error
    const why = error.message.split('\n', 1)[0]?.replace(/^\S+:\d+:\d+ /, '')
    throw new SeckillError(
      'usage',
      say`${plan} makes no scenario: ${why}`,
      say`change it in the plan, or choose another --sampler`,
      error,
    )
  }
}

const lineOf = (plan: string, { kind, line, element, name, message }: Note): string => {
  const what = name === '' ? element : `${element} ${JSON.stringify(name)}`
  return `${plan}:${line} ${KIND[kind]()}: ${what}: ${message}`
}

const KIND: Readonly<Record<Note['kind'], () => string>> = {
  changed: () => say`changed`,
  unnecessary: () => say`not needed`,
  disabled: () => say`switched off`,
  dropped: () => say`NOT KEPT`,
}

const next = (context: Context, { sampler }: Imported, { out, stock }: ImportOptions): void => {
  context.note(say`purchase: ${JSON.stringify(sampler.name)} (line ${sampler.line})`)
  if (stock === undefined)
    context.note(
      say`a plan does not say how the sale lies in Redis: ${DEFAULT_STOCK} units in the document's layout are written; change sale`,
    )
  if (out === undefined) return
  context.note(
    context.options.dryRun
      ? say`would write ${out}`
      : say`wrote ${out}; next, with the Redis that the shop uses: seckill run ${out} --redis redis://127.0.0.1:6379`,
  )
}
