import { extname } from 'node:path'
import { EXIT, usageError, worstExit } from '../../errors.js'
import { EXPORT_FORMATS, type ExportFormat } from '../../history/export/index.js'
import { say } from '../../language/say.js'
import type { Comparison } from '../../report/compared.js'
import type { RunSummary } from '../../report/summary.js'
import { MEASURES } from '../../sale/metric.js'
import { didYouMean } from '../../sale/nearest.js'
import type { CommandResult, Context } from '../context.js'
import { thousands } from '../numbers.js'
import { repeat } from '../options.js'
import type { ReportedRun } from '../report-run.js'
import { defineCommand } from '../spec.js'
import type { Summary } from '../sum-up.js'

interface ReportOptions {
  readonly format?: string
  readonly measure: string
  readonly out?: string
  readonly race?: string
  readonly baseline?: string
  readonly maxRegression?: string[]
}

const SUMMARIES = ['html', 'md', 'json'] as const
const FORMATS = [...SUMMARIES, ...EXPORT_FORMATS] as const

type Format = (typeof FORMATS)[number]

export const report = defineCommand<ReportOptions>({
  examples: [
    'seckill report',
    'seckill report --out sale.html',
    'seckill report naive.run fixed.run --out compared.html',
    'seckill report --baseline main.run --max-regression p99=10% --format md',
    'seckill report --format jtl --out run.jtl',
    'seckill report latest --format hgrm --measure service',
  ],
  configure: (command) => {
    command
      .option('--format <name>', `${FORMATS.join(', ')} (default: as --out ends, else a table)`)
      .option('--out <file>', 'write there in place of stdout')
      .option('--race <file>', 'what race --json printed, or none (default: the last race of the same target)')
      .option('--baseline <run>', 'an earlier run of the same seed, users and target to compare with')
      .option(
        '--max-regression <bound>',
        'how much worse than that it may be, else exit 99: p99=10% (repeatable)',
        repeat,
      )
      .option('--measure <name>', `of hgrm: ${MEASURES.join(', ')}`, 'response')
  },
  run: async (context, options, wanted) => {
    const format = oneOf('format', options.format, FORMATS) ?? formatOf(options.out)
    const measure = oneOf('measure', options.measure, MEASURES) ?? 'response'
    refuse(context, options, format, wanted.length)
    const { findRun, openRun } = await import('../report-run.js')
    const names = wanted.length === 0 ? ['latest'] : (wanted as string[])
    const metas: Summary['meta'][] = []
    for (const name of names) metas.push(openRun(context, await findRun(context, name)))
    const [first] = metas as [Summary['meta'], ...Summary['meta'][]]
    if (context.options.dryRun && options.out !== undefined) return foretell(context, first, format, options.out)
    if (!isExport(format)) return summarised(context, metas, format, options)
    const { attemptBatches } = await import('../../history/run-log-reader.js')
    const { exporterOf } = await import('../../history/export/index.js')
    const out = await writeAll(context, exporterOf(format, measure)(first, attemptBatches(first.path)), options.out)
    return { json: { ...headOf(first), format, out }, exitCode: EXIT.ok }
  },
})

const oneOf = <T extends string>(flag: string, given: string | undefined, known: readonly T[]): T | undefined => {
  if (given === undefined) return undefined
  const found = known.find((name) => name === given)
  if (found !== undefined) return found
  throw usageError(
    say`no ${flag} ${JSON.stringify(given)}${didYouMean(given, known)}`,
    say`one of: ${known.join(', ')}`,
  )
}

const isExport = (format: Format | undefined): format is ExportFormat =>
  EXPORT_FORMATS.some((known) => known === format)

/** The format that a file's name ends with. */
const formatOf = (out: string | undefined): Format | undefined =>
  FORMATS.find((known) => out !== undefined && extname(out).toLowerCase() === `.${known}`)

const refuse = (context: Context, options: ReportOptions, format: Format | undefined, runs: number): void => {
  if (context.json && format !== undefined && format !== 'json' && options.out === undefined)
    throw usageError(say`--json and --format ${format} cannot share stdout`, say`name a file with --out`)
  const asks = options.baseline !== undefined || options.race !== undefined
  if (isExport(format) && (runs > 1 || asks))
    throw usageError(say`${format} holds the attempts of one run`, say`name one run, or use html, md or json`)
  if (options.baseline !== undefined && runs > 1)
    throw usageError(say`--baseline is compared with one run`, say`name one run, or leave out --baseline`)
  if (options.maxRegression !== undefined && options.baseline === undefined)
    throw usageError(say`--max-regression compares with a baseline`, say`name it with --baseline RUN`)
}

const foretell = (context: Context, meta: Summary['meta'], format: Format | undefined, out: string): CommandResult => {
  context.print(say`would write ${thousands(meta.attempts)} attempts as ${format ?? say`a table`} to ${out}`)
  return { json: { ...headOf(meta), format: format ?? 'json', out, dryRun: true }, exitCode: EXIT.ok }
}

/** A table, or one of the formats that show whole runs. */
const summarised = async (
  context: Context,
  metas: readonly Summary['meta'][],
  format: 'html' | 'md' | 'json' | undefined,
  { out, race: file, baseline, maxRegression }: ReportOptions,
): Promise<CommandResult> => {
  const { namedRace, reportRun } = await import('../report-run.js')
  const race = await namedRace(context, file)
  const bounds = (await import('../../report/baseline.js')).parseBounds(maxRegression ?? [])
  const runs: ReportedRun[] = []
  for (const meta of metas) runs.push(await reportRun(context, meta, race))
  const shown = runs.map((run) => run.shown) as [RunSummary, ...RunSummary[]]
  const { compareWith, exitCodeOf } = await import('../against-baseline.js')
  const comparison =
    baseline === undefined ? null : await compareWith(context, runs[0] as ReportedRun, baseline, bounds)
  const document = { ...documentOf(shown, comparison), format: format ?? ('json' as const) }
  const exitCode = worstExit(EXIT.ok, ...(comparison?.regressions ?? []).map(exitCodeOf))
  const text = context.json && out === undefined ? null : await textOf(context, runs, comparison, format)
  if (text === null) return { json: { ...document, out: null }, exitCode }
  const written = format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : text
  if (out === undefined && format === 'json') context.document({ ...document, out: null })
  else await writeAll(context, [written], out)
  if (comparison !== null && (format !== undefined || out !== undefined)) noteRegressions(context, comparison)
  return { json: { ...document, out: out ?? null }, exitCode }
}

const textOf = async (
  context: Context,
  runs: readonly ReportedRun[],
  comparison: Comparison | null,
  format: 'html' | 'md' | 'json' | undefined,
): Promise<string> => {
  const shown = runs.map((run) => run.shown) as [RunSummary, ...RunSummary[]]
  if (format === 'html') return (await import('../html-report.js')).htmlOf(shown, comparison)
  if (format === 'md') return (await import('../../report/render/markdown.js')).markdownReport(shown, comparison)
  if (format === 'json') return ''
  const { renderSummary } = await import('../render-summary.js')
  const tables: string[] = []
  for (const { summed } of runs) tables.push(await renderSummary(context, summed))
  if (comparison !== null)
    tables.push(await (await import('../against-baseline.js')).renderComparison(comparison, runs[0]!.shown))
  return `${tables.join('\n\n')}\n`
}

/** Beside a report that is a file or for a machine, what was missed is said on stderr. */
const noteRegressions = (context: Context, { regressions }: Comparison): void => {
  for (const { expression, verdict, message } of regressions) {
    if (verdict !== 'pass') context.warn(`${expression}: ${message}`)
  }
}

const headOf = ({ path, header, footer, tornBytes, attempts }: Summary['meta']) => ({
  runId: header.runId,
  runFile: path,
  firedBy: header.command,
  startedAt: header.startedAt,
  sale: header.sale,
  saleUuid: header.saleUuid,
  target: header.target,
  seed: header.seed,
  concurrency: header.concurrency,
  attempts,
  complete: footer !== null,
  interrupted: footer?.interrupted ?? null,
  tornBytes,
  elapsedMs: footer === null ? null : Math.round(footer.elapsedMs),
})

const documentOf = ([first, ...others]: readonly [RunSummary, ...RunSummary[]], comparison: Comparison | null) => ({
  ...first,
  others,
  baseline: comparison && {
    runId: comparison.baseline.runId,
    runFile: comparison.baseline.runFile,
    regressions: comparison.regressions,
  },
})

/** Writes to stdout or a new file; the file's name, or null for stdout. */
const writeAll = async (
  context: Context,
  pieces: Iterable<string>,
  out: string | undefined,
): Promise<string | null> => {
  if (out === undefined) {
    for (const piece of pieces) {
      context.io.stdout.write(piece)
      await context.io.stdout.room()
    }
    return null
  }
  const [{ resolve }, { writePieces }] = await Promise.all([
    import('node:path'),
    import('../../history/export/file.js'),
  ])
  writePieces(resolve(context.io.cwd, out), pieces, context.options.force === true)
  context.note(say`written ${out}`)
  return out
}
