import type { AuditResult } from '../../audit/audit.js'
import { EXIT, SeckillError, usageError } from '../../errors.js'
import { decided } from '../../history/decided.js'
import { PRESETS, presetRules } from '../../history/presets.js'
import type { Run } from '../../history/run.js'
import { say } from '../../language/say.js'
import type { InvariantSwitches } from '../../sale/invariant.js'
import type { RecordsPlace } from '../../sale/layout.js'
import type { Scope } from '../../sale/metric.js'
import { ofSale, type Sale } from '../../sale/sale.js'
import type { Threshold } from '../../sale/threshold.js'
import type { SaleFile } from '../../sale-file/load.js'
import { settleSale } from '../audit-look.js'
import { findRuns, folded, type Heard, lastSeeding, reclassified } from '../audit-runs.js'
import { watchAudit } from '../audit-watch.js'
import type { CommandResult, Context } from '../context.js'
import { figuresOfAudit, figuresOfRuns } from '../figures.js'
import { keepAudit } from '../keep-for-reports.js'
import { durationMs, repeat } from '../options.js'
import type { Looked, Witnessed } from '../render-audit.js'
import {
  addSaleOptions,
  asDescribed,
  describedSale,
  findSale,
  openSaleFile,
  type SaleOptions,
  stockUnits,
} from '../sale.js'
import { closing, openRedis } from '../session.js'
import { defineCommand } from '../spec.js'
import {
  addThresholdOption,
  exitCodeWith,
  judgeAll as judgeThresholds,
  printThresholds,
  type ThresholdOptions,
  thresholdsOf,
} from '../thresholds.js'
import { addVerdictOptions, type VerdictOptions } from '../verdict-files.js'

export interface AuditOptions extends SaleOptions, ThresholdOptions, VerdictOptions {
  readonly run?: string
  readonly settle?: number
  readonly outcome?: string[]
  readonly orders?: string
  readonly ordersCommand?: string
  readonly watch?: number | true
  readonly preset?: string
  /** For a call within another one: what thresholds are about here; the others were judged before. */
  readonly measures?: readonly Scope[]
  /** For a call within another one whose Redis goes with it: the command that makes all of it again. */
  readonly rerun?: string
}

const SETTLE_MS = 30_000
const WATCH_MS = 2_000

export const audit = defineCommand<AuditOptions>({
  examples: [
    'seckill audit',
    'seckill audit --run none',
    'seckill audit --layout counter --stock-key goods --records-key buyers --stock 50 --run none',
    'seckill audit --orders-command "psql shop -c \'COPY (SELECT user_id, qty FROM orders) TO STDOUT CSV\'"',
    'seckill audit --json | jq .verdict',
    'seckill audit --watch',
  ],
  configure: (command) => {
    command
      .option('--run <file>', 'a run log, latest, or none to judge the store alone (default: all runs of this sale)')
      .option('--stock <n>', 'units at the start, where init did not write them', stockUnits)
      .option('--settle <max>', 'longest wait until stock and records stand still (default: 30s)', durationMs)
      .option('--outcome <rule>', 'classify the kept answers anew: sold=json:$.code=0 (repeatable)', repeat)
    command
      .option('--orders <file>', 'CSV or NDJSON of orders: one more place of records')
      .option('--orders-command <command>', 'a command that prints such orders')
      .option(
        '--watch [interval]',
        'judge a live sale again and again, a line a change (default: every 2s)',
        durationMs,
      )
      .option('--preset <name>', `the same by the rules for a known shop: ${PRESETS.join(', ')}`)
    addThresholdOption(command, 'p99 < 300ms, outcome.sold == 50, stock.remaining == 0')
    addVerdictOptions(command)
    addSaleOptions(command, 'what init wrote')
  },
  run: async (context, options) => auditWith(context, await openSaleFile(context), options),
})

/** An audit by this sale file. */
export const auditWith = async (
  context: Context,
  file: SaleFile | null,
  options: AuditOptions,
): Promise<CommandResult> => {
  if (options.junit !== undefined && options.watch !== undefined)
    throw usageError(
      '--junit is written once a sale is judged, and --watch goes on judging',
      say`leave one of them out`,
    )
  if (options.threshold !== undefined && options.watch !== undefined)
    throw usageError(say`--threshold is judged once a sale is, and --watch goes on judging`, say`leave one of them out`)
  const scopes = options.measures ?? ['load', 'stock']
  const thresholds = thresholdsOf(context, options, options.run === 'none' ? null : file, scopes)
  const { parseOutcomeRule } = await import('../../history/outcome-rules.js')
  const preset = options.preset === undefined ? [] : presetRules(options.preset)
  const rules = [...(options.outcome ?? []).map(parseOutcomeRule), ...preset]
  const outcomeRules = rules.map(({ source }) => source)
  const hear = async (sale: Sale) => {
    const { runs, gap } = await findRuns(context, sale, options.run)
    const answered = await reclassified(context, runs, rules)
    return { runs: folded(answered?.map(decided) ?? null, sale), answered, gap, outcomeRules }
  }
  const client = await openRedis(context, { writes: false }).catch((error: unknown) => {
    if (error instanceof SeckillError && error.code === 'redis_unreachable') return error
    throw error
  })
  if (client instanceof SeckillError) return judgeRunsAlone(context, client, { ...options, thresholds }, file, hear)
  return closing(client, async () => {
    const sale = withOrders(await findSale(context, client.redis, options, file), options)
    const switches = file?.invariants ?? {}
    if (options.watch !== undefined) {
      const intervalMs = options.watch === true ? WATCH_MS : options.watch
      return watchAudit({ context, client, sale, hear: () => hear(sale), switches, intervalMs })
    }
    return judge(context, { ...options, thresholds }, sale, await hear(sale), switches, (runs, accuses) =>
      settleSale(context, client, sale, runs, options.settle ?? SETTLE_MS, accuses),
    )
  })
}

/** What buyers were told in the end, and at once: times and counts of answers go by that; and the rules by which their answers were read anew. */
interface Judgeable extends Heard {
  readonly answered: Run[] | null
  readonly outcomeRules: readonly string[]
}

/** The sale with the orders that the flags name as further places of records. */
const withOrders = (sale: Sale, { orders, ordersCommand }: AuditOptions): Sale => {
  const outside = (type: 'file' | 'command', key: string | undefined): RecordsPlace[] =>
    key === undefined ? [] : [{ type, key, user: null, quantity: null }]
  const records = [...sale.places.records, ...outside('file', orders), ...outside('command', ordersCommand)]
  return { ...sale, places: { ...sale.places, records } }
}

const withWayOut = ({ code, message, hint, cause }: SeckillError, id: string): SeckillError => {
  const alone = `seckill audit${ofSale({ id })} --layout L --stock N`
  return new SeckillError(code, message, say`${hint}; or judge what buyers were told alone: ${alone}`, cause)
}

type Judging = AuditOptions & { readonly thresholds: readonly Threshold[] }

/** Without Redis, what buyers were told can still convict. Needs a run, and the stock at the start from flag or file. */
const judgeRunsAlone = async (
  context: Context,
  unreachable: SeckillError,
  options: Judging,
  file: SaleFile | null,
  hear: (sale: Sale) => Promise<Judgeable>,
): Promise<CommandResult> => {
  const described = describedSale(context, options, file)
  if (options.run === 'none') throw unreachable
  if (described.initial === null) throw withWayOut(unreachable, described.id)
  const uuid = await lastSeeding(context, described.id, options.run)
  const sale = asDescribed(described, uuid)
  const heard = await hear(sale)
  const { runs } = heard
  if (runs === null || runs.length === 0) throw unreachable
  context.warn(
    runs.length === 1
      ? say`${unreachable.message}: judging the run alone`
      : say`${unreachable.message}: judging the runs alone`,
  )
  const nothing = { state: null, moving: null, waitedMs: 0, stillMs: 0, lost: null, warnings: [], remarks: [] }
  return judge(context, options, sale, heard, file?.invariants ?? {}, async () => nothing)
}

const judge = async (
  context: Context,
  { thresholds, rerun }: Judging,
  sale: Sale,
  { runs, answered, gap, outcomeRules }: Judgeable,
  switches: InvariantSwitches,
  look: (runs: readonly Run[], accuses: (seen: Witnessed) => boolean) => Promise<Looked>,
): Promise<CommandResult> => {
  const [{ audit: judgeAll }, { mayBeLate }, { renderAudit }, { auditJson }] = await Promise.all([
    import('../../audit/audit.js'),
    import('../../audit/late.js'),
    import('../render-audit.js'),
    import('../audit-json.js'),
  ])
  let last: { readonly seen: Witnessed; readonly result: AuditResult } | null = null
  // A million buyers are not judged twice.
  const judged = (seen: Witnessed): AuditResult => {
    const { state, moving, lost } = seen
    if (last === null || state !== last.seen.state || moving !== last.seen.moving)
      last = { seen, result: judgeAll({ sale, state, moving, lost, nowMs: Date.now(), runs, gap, switches }) }
    return last.result
  }
  const looked = await look(runs ?? [], (seen) => mayBeLate(sale, judged(seen))).catch((error: unknown) => {
    if (!context.interrupted.aborted) throw error
    throw new SeckillError('interrupted', say`interrupted before the sale was judged`, say`run the audit again`)
  })
  const result = judged(looked)
  const ofRuns = thresholds.length === 0 ? null : await figuresOfRuns(answered, gap)
  const judgedThresholds = ofRuns === null ? [] : judgeThresholds(thresholds, figuresOfAudit(ofRuns, looked, result))
  context.print(await renderAudit(context, sale, looked, result, rerun))
  await printThresholds(context, judgedThresholds)
  const json = { ...auditJson(sale, looked, result, outcomeRules), thresholds: judgedThresholds }
  await keepAudit(context, json)
  const exitCode = { pass: EXIT.ok, fail: EXIT.violated, inconclusive: EXIT.inconclusive }[result.verdict]
  return {
    json,
    exitCode: exitCodeWith(exitCode, judgedThresholds),
  }
}
