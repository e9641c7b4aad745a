import { EXIT, SeckillError, usageError } from '../../errors.js'
import type { Measure } from '../../history/export/histograms.js'
import { EXPORT_FORMATS } from '../../history/export/index.js'
import type { RunMeta } from '../../history/run.js'
import { didYouMean } from '../../sale/nearest.js'
import type { CommandResult, Context } from '../context.js'
import { thousands } from '../numbers.js'
import { renderSummary } from '../render-summary.js'
import { runsFolder } from '../runs.js'
import { defineCommand } from '../spec.js'
import { type Summary, sumUp } from '../sum-up.js'

interface ReportOptions {
  readonly format?: string
  readonly measure: string
  readonly out?: string
}

const FORMATS = ['json', ...EXPORT_FORMATS] as const
const MEASURES: readonly Measure[] = ['response', 'service', 'connect']

export const report = defineCommand<ReportOptions>({
  examples: [
    'seckill report',
    'seckill report --format jtl --out run.jtl',
    'seckill report .seckill/runs/20261123-221530-blast-k3f9.run --format ndjson | head',
    'seckill report latest --format hgrm --measure service',
  ],
  configure: (command) => {
    command
      .option('--format <name>', `${FORMATS.join(', ')} (default: a table)`)
      .option('--measure <name>', `of hgrm: ${MEASURES.join(', ')}`, 'response')
      .option('--out <file>', 'write there in place of stdout')
  },
  run: async (context, options, [wanted = 'latest']) => {
    const format = oneOf('format', options.format, FORMATS)
    const measure = oneOf('measure', options.measure, MEASURES) ?? 'response'
    if (context.json && format !== undefined && format !== 'json' && options.out === undefined) {
      throw usageError(`--json and --format ${format} cannot share stdout`, 'name a file with --out')
    }
    const path = await findRun(context, wanted)
    const { readRunMeta } = await import('../../history/run-log-reader.js')
    const meta = readRunMeta(path)
    warnOfEnd(context, meta)
    if (context.options.dryRun && options.out !== undefined) {
      context.print(`would write ${thousands(meta.attempts)} attempts as ${format ?? 'a table'} to ${options.out}`)
      return {
        json: { ...jsonOfMeta(meta), format: format ?? 'json', out: options.out, dryRun: true },
        exitCode: EXIT.ok,
      }
    }
    if (format === undefined || format === 'json') return summary(context, meta, format, options.out)
    const { attemptBatches } = await import('../../history/run-log-reader.js')
    const { exporterOf } = await import('../../history/export/index.js')
    const pieces = exporterOf(format, measure)(meta, attemptBatches(path))
    const out = await writeAll(context, pieces, options.out)
    return { json: { ...jsonOfMeta(meta), format, out }, exitCode: EXIT.ok }
  },
})

const oneOf = <T extends string>(flag: string, given: string | undefined, known: readonly T[]): T | undefined => {
  if (given === undefined) return undefined
  const found = known.find((name) => name === given)
  if (found !== undefined) return found
  throw usageError(`no ${flag} ${JSON.stringify(given)}${didYouMean(given, known)}`, `one of: ${known.join(', ')}`)
}

/** A file, the id of a run, or `latest`. */
const findRun = async (context: Context, wanted: string): Promise<string> => {
  const [{ existsSync }, { resolve }, { listRuns, RUN_SUFFIX }] = await Promise.all([
    import('node:fs'),
    import('node:path'),
    import('../../history/runs-folder.js'),
  ])
  const folder = runsFolder(context)
  const path = resolve(context.io.cwd, wanted)
  if (wanted !== 'latest') {
    const byId = `${folder}/${wanted}${RUN_SUFFIX}`
    return !existsSync(path) && existsSync(byId) ? byId : path
  }
  const latest = listRuns(folder).at(-1)
  if (latest !== undefined) return latest
  throw new SeckillError('run_log', `no run logs in ${folder}`, 'fire one: seckill blast; or name a file')
}

const warnOfEnd = (context: Context, { path, footer, tornBytes }: RunMeta): void => {
  if (tornBytes > 0) {
    context.warn(`${path}: its last ${thousands(tornBytes)} bytes are no whole chunk and were skipped`)
  }
  if (footer === null) context.warn(`${path} has no end: the run crashed, or still goes on`)
}

const summary = async (
  context: Context,
  meta: Summary['meta'],
  format: 'json' | undefined,
  out: string | undefined,
): Promise<CommandResult> => {
  const summed = await sumUp(meta)
  const document = { ...jsonOfMeta(meta), ...jsonOfSummary(summed), format: 'json' as const }
  if (format === undefined && !context.json) {
    const text = await renderSummary(context, summed)
    if (out === undefined) context.print(text)
    else await writeAll(context, [`${text}\n`], out)
    return { json: null, exitCode: EXIT.ok }
  }
  if (out !== undefined) await writeAll(context, [`${JSON.stringify(document, null, 2)}\n`], out)
  if (out === undefined && !context.json) context.document({ ...document, out: null })
  return { json: { ...document, out: out ?? null }, exitCode: EXIT.ok }
}

const jsonOfMeta = ({ path, header, footer, tornBytes, attempts }: Summary['meta']) => ({
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

const jsonOfSummary = ({ meta, outcomes, latency, groupSizes }: Summary) => ({
  outcomes,
  latencyMs: latency.summary(),
  answers: meta.groups.map(({ id, status, outcome, rule, sample }) => ({
    ...{ group: id, count: groupSizes.get(id) ?? 0, status, outcome, rule, sample },
  })),
})

/** Writes to stdout or a new file; the file's name, or null for stdout. */
const writeAll = async (
  context: Context,
  pieces: Iterable<string>,
  out: string | undefined,
): Promise<string | null> => {
  if (out === undefined) {
    for (const piece of pieces) context.io.stdout.write(piece)
    return null
  }
  const [{ resolve }, { writePieces }] = await Promise.all([
    import('node:path'),
    import('../../history/export/file.js'),
  ])
  writePieces(resolve(context.io.cwd, out), pieces, context.options.force === true)
  context.note(`written ${out}`)
  return out
}
