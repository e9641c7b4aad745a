import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { messageOf, SeckillError } from '../errors.js'
import { parseJsonPath } from '../history/json-path.js'
import { jsonOrText, parseOutcomeRule } from '../history/outcome-rules.js'
import { say } from '../language/say.js'
import type { SaleFile } from '../sale-file/load.js'
import { placeMember } from '../sale-file/places.js'
import { withoutSecrets } from '../sale-file/secrets.js'
import type { Context } from './context.js'
import { requestSpecOf } from './request-options.js'
import { describedSale, type SaleOptions, wholeSale } from './sale.js'
import type { RunFlags } from './scenario-steps.js'

interface Ran {
  readonly file: SaleFile | null
  readonly url: string | undefined
  readonly flags: RunFlags
}

/** Refuses, before anything runs, to write over a file unasked. Errors: refused_overwrite. */
export const requireFree = (context: Context, path: string): void => {
  if (context.options.force || !existsSync(resolve(context.io.cwd, path))) return
  throw new SeckillError('refused_overwrite', say`${path} is there already`, say`choose another name, or --force`)
}

/** Writes what was run as a sale file, which is read once more before it is kept; of an extension each part was read before. */
export const saveScenario = async (context: Context, path: string, ran: Ran): Promise<void> => {
  const { saleFileText, checkSaleFile } = await import('../sale-file/write.js')
  const secrets: string[] = []
  const sections = sectionsOf(context, ran, path, secrets)
  const comment = say`What a correct sale is, as it was run on ${new Date().toISOString().slice(0, 10)}: seckill run ${path}`
  const text = saleFileText(sections, [comment])
  if (ran.file === null) checkSaleFile(text, path, secrets)
  await writeScenario(context, path, text, '--save')
  context.note(say`wrote ${path}; from now on: seckill run ${path}`)
  noteSecrets(context, secrets)
}

/** Writes a file that `flag` named. Errors: disk. */
export const writeScenario = async (context: Context, path: string, text: string, flag: string): Promise<void> => {
  try {
    await writeFile(resolve(context.io.cwd, path), text)
  } catch (error) {
    throw new SeckillError(
      'disk',
      say`cannot write ${path}: ${messageOf(error)}`,
      say`${flag} names another file`,
      error,
    )
  }
}

/** Says what the environment has to hold before the file can be run. */
export const noteSecrets = (context: Context, secrets: readonly string[]): void => {
  for (const name of secrets)
    context.note(say`it reads $\{${name}\} from the environment: secrets do not belong into a file`)
}

const defined = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  )

/** How flags have queued attempts followed. */
const pollSaid = ({ poll, ticket, pollInterval, pollTimeout, pollOutcome = [] }: RunFlags) =>
  some(
    defined({
      ...{ request: poll, ticket, interval: milliseconds(pollInterval), timeout: milliseconds(pollTimeout) },
      outcomes: pollOutcome.map(writtenRule),
    }),
  )

/** What the flags said; with a sale file, as an extension of it. */
const sectionsOf = (context: Context, { file, url, flags }: Ran, path: string, secrets: string[]) => {
  const { headers, ...body } = requestSpecOf(flags)
  const target = {
    ...{ url, ...body, headers: withoutSecrets(headers, secrets) },
    ...{ start: flags.start, ready: flags.ready, preset: flags.preset, timeout: milliseconds(flags.timeout) },
    poll: pollSaid(flags),
  }
  const { quantity } = flags
  const load = {
    ...Object.fromEntries(LOAD.map((name) => [name, flags[name]])),
    quantity: quantity && (quantity.min === quantity.max ? quantity.min : `${quantity.min}-${quantity.max}`),
    ...Object.fromEntries(TIMES.map((name) => [name, milliseconds(flags[name])])),
  }
  const told = [flags.stock, flags.layout, flags.stockKey, flags.recordsKey, flags.limit].some((it) => it !== undefined)
  const base = file && relative(dirname(resolve(context.io.cwd, path)), file.path)
  return defined({
    extends: base ?? undefined,
    sale: file === null || told ? saleSectionOf(context, file, flags) : undefined,
    target: some(defined(target)),
    outcomes: (flags.outcome ?? []).map(writtenRule),
    load: some(defined(load)),
    race: flags.race ? {} : undefined,
    thresholds: flags.threshold,
    expect: file === null ? 'pass' : undefined,
  })
}

const LOAD = ['users', 'concurrency', 'duplicates', 'usernames', 'rate', 'burst', 'attemptsPerUser', 'workers'] as const
const TIMES = ['duration', 'warmup', 'thinkTime'] as const

const some = (fields: Record<string, unknown>) => (Object.keys(fields).length > 0 ? fields : undefined)

const milliseconds = (ms: number | undefined) => (ms === undefined ? undefined : `${ms}ms`)

/** The sale that flags and file describe, as a sale file writes it. Errors: usage, without a stock. */
export const saleSectionOf = (context: Context, file: SaleFile | null, flags: SaleOptions) => {
  const { id, places, initial, perUser } = wholeSale(describedSale(context, flags, file))
  const records = places.records.map(({ type, key, user, quantity }) =>
    defined({ [placeMember(type)]: key, type, user: user ?? undefined, quantity: quantity ?? undefined }),
  )
  return { id, stock: { ...places.stock, initial }, records, perUser }
}

/** A rule of `--outcome` as the sale file writes it. */
const writtenRule = (source: string): Record<string, unknown> => {
  const { outcome, kind } = parseOutcomeRule(source)
  const operand = source.slice(outcome.length + kind.length + 2)
  const is = { is: outcome }
  if (kind === 'json') {
    const rest = parseJsonPath(operand)?.rest ?? ''
    const path = operand.slice(0, operand.length - rest.length)
    return rest === '' ? { json: path, ...is } : { json: path, equals: jsonOrText(rest.slice(1)), ...is }
  }
  if (kind === 'text' && source[outcome.length + 1 + kind.length] === '=')
    return { regex: `/^\\s*${operand.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}\\s*$/`, ...is }
  return { [kind]: operand, ...is }
}
