import { EXIT, SeckillError } from '../../errors.js'
import type { OutcomeRule } from '../../history/outcome-rules.js'
import { PRESETS, presetRules } from '../../history/presets.js'
import type { Run } from '../../history/run.js'
import type { RedisClient } from '../../redis/client.js'
import { systemClock } from '../../sale/clock.js'
import { LAYOUTS } from '../../sale/layout.js'
import { outcomeCode } from '../../sale/outcome.js'
import type { Sale } from '../../sale/sale.js'
import type { SaleFile } from '../../sale-file/load.js'
import type { CommandResult, Context } from '../context.js'
import { thousands } from '../numbers.js'
import { durationMs, repeat } from '../options.js'
import type { Looked } from '../render-audit.js'
import { runsFolder } from '../runs.js'
import { addSaleOptions, describedSale, findSale, openSaleFile, type SaleOptions, stockUnits } from '../sale.js'
import { closing, openRedis } from '../session.js'
import { defineCommand } from '../spec.js'

interface AuditOptions extends SaleOptions {
  readonly run?: string
  readonly settle?: number
  readonly outcome?: string[]
  readonly preset?: string
}

const GAP_MS = 250
const SETTLE_MS = 30_000

export const audit = defineCommand<AuditOptions>({
  examples: [
    'seckill audit',
    'seckill audit --run none',
    'seckill audit --layout counter --stock-key goods --records-key buyers --stock 50 --run none',
    'seckill audit --json | jq .verdict',
  ],
  configure: (command) => {
    command
      .option('--run <file>', 'a run log, latest, or none to judge the store alone (default: all runs of this sale)')
      .option('--stock <n>', 'units at the start, where init did not write them', stockUnits)
      .option('--settle <max>', 'longest wait until stock and records stand still (default: 30s)', durationMs)
      .option('--outcome <rule>', 'classify the kept answers anew: sold=json:$.code=0 (repeatable)', repeat)
      .option('--preset <name>', `the same by the rules for a known shop: ${PRESETS.join(', ')}`)
    addSaleOptions(command, 'what init wrote')
  },
  run: async (context, options) => {
    const file = await openSaleFile(context)
    const { parseOutcomeRule } = await import('../../history/outcome-rules.js')
    const preset = options.preset === undefined ? [] : presetRules(options.preset)
    const rules = [...(options.outcome ?? []).map(parseOutcomeRule), ...preset]
    const runsOf = async (sale: Sale) => reclassified(context, await findRuns(context, sale, options.run), rules)
    const client = await openRedis(context, { writes: false }).catch((error: unknown) => {
      if (error instanceof SeckillError && error.code === 'redis_unreachable') return error
      throw error
    })
    if (client instanceof SeckillError) return judgeRunsAlone(context, client, options, file, runsOf)
    return closing(client, async () => {
      const sale = await findSale(context, client.redis, options, file)
      return judge(context, sale, await runsOf(sale), (runs) =>
        settleSale(context, client, sale, runs, options.settle ?? SETTLE_MS),
      )
    })
  },
})

/** Without Redis, what buyers were told can still convict. Needs a run, and the stock at the start from flag or file. */
const judgeRunsAlone = async (
  context: Context,
  unreachable: SeckillError,
  options: AuditOptions,
  file: SaleFile | null,
  runsOf: (sale: Sale) => Promise<Run[] | null>,
): Promise<CommandResult> => {
  const { initial, layout, ...described } = describedSale(context, options, file)
  if (initial === null || options.run === 'none') throw unreachable
  const sale: Sale = { ...described, initial, layout: layout ?? 'list', uuid: null, ttlSeconds: null }
  const runs = await runsOf(sale)
  if (runs === null || runs.length === 0) throw unreachable
  context.warn(`${unreachable.message}: judging ${runs.length === 1 ? 'the run' : 'the runs'} alone`)
  return judge(context, sale, runs, async () => ({ state: null, moving: null, waitedMs: 0 }))
}

/** The runs to judge; null for none at all, by wish. */
const findRuns = async (context: Context, sale: Sale, wanted: string | undefined): Promise<Run[] | null> => {
  if (wanted === 'none') return null
  const [{ runsOfSale, belongs }, { readRunLog }] = await Promise.all([
    import('../../history/runs-folder.js'),
    import('../../history/run-log-reader.js'),
  ])
  if (wanted === undefined || wanted === 'latest') {
    const paths = runsOfSale(runsFolder(context), sale)
    return (wanted === 'latest' ? paths.slice(-1) : paths).map(readRunLog)
  }
  const { resolve } = await import('node:path')
  const run = readRunLog(resolve(context.io.cwd, wanted))
  if (belongs(run.header, sale)) return [run]
  const other = run.header.sale === sale.id ? `an earlier seeding of sale ${sale.id}` : `sale ${run.header.sale}`
  throw new SeckillError(
    'run_log',
    `${wanted} is a run of ${other}`,
    `audit that one, or fire a new run at sale ${sale.id}`,
  )
}

/** The runs as `--outcome` reads their answers, with a warning where what was kept of them does not decide. */
const reclassified = async (
  context: Context,
  runs: Run[] | null,
  rules: readonly OutcomeRule[],
): Promise<Run[] | null> => {
  if (runs === null || rules.length === 0) return runs
  const { reclassify } = await import('../../history/reclassify.js')
  const results = runs.map((run) => reclassify(run, rules))
  const undecided = results.reduce((sum, each) => sum + each.undecided, 0)
  if (undecided > 0) {
    context.warn(
      `${thousands(undecided)} answers count as unknown: these rules ask for what the run log does not keep of each answer; fire again with the same --outcome`,
    )
  }
  return results.map(({ run }) => run)
}

const judge = async (
  context: Context,
  sale: Sale,
  runs: Run[] | null,
  look: (runs: readonly Run[]) => Promise<Looked>,
): Promise<CommandResult> => {
  const [{ audit: judgeAll }, { renderAudit, auditJson }] = await Promise.all([
    import('../../audit/audit.js'),
    import('../render-audit.js'),
  ])
  const looked = await look(runs ?? []).catch((error: unknown) => {
    if (!context.interrupted.aborted) throw error
    throw new SeckillError('interrupted', 'interrupted before the sale was judged', 'run the audit again')
  })
  const result = judgeAll({ sale, state: looked.state, moving: looked.moving, nowMs: Date.now(), runs })
  context.print(await renderAudit(context, sale, result))
  return {
    json: auditJson(sale, looked, result),
    exitCode: { pass: EXIT.ok, fail: EXIT.violated, inconclusive: EXIT.inconclusive }[result.verdict],
  }
}

const settleSale = async (
  context: Context,
  { redis }: RedisClient,
  sale: Sale,
  runs: readonly Run[],
  maxMs: number,
) => {
  const [{ settle, lookAt }, { readFinalState }] = await Promise.all([
    import('../../store/settle.js'),
    import('../../store/snapshot.js'),
  ])
  const layout = LAYOUTS[sale.layout]
  return settle(
    () => lookAt(redis, sale.keys, layout),
    () => readFinalState(redis, sale.keys, layout),
    { clock: systemClock, maxMs, gapMs: GAP_MS, quietAfterMs: quietAfterMs(runs), signal: context.interrupted },
  )
}

/** Milliseconds until the last attempt without an answer has run into its timeout. */
const quietAfterMs = (runs: readonly Run[]): number => {
  const unknown = outcomeCode('unknown')
  let last = 0
  for (const { header, attempts } of runs) {
    const startMs = Date.parse(header.startedAt)
    for (let row = 0; row < attempts.length; row++) {
      if (attempts.outcome[row] !== unknown) continue
      last = Math.max(last, startMs + attempts.sentAtUs(row) / 1_000 + header.timeoutMs)
    }
  }
  return Math.max(0, last - Date.now())
}
