import { open, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { writePieces } from '../history/export/file.js'
import type { Comparison } from '../report/compared.js'
import { type ChartLibrary, GENERATOR, htmlReport } from '../report/render/html/page.js'
import type { RunSummary } from '../report/summary.js'
import type { Context } from './context.js'
import { openRun, reportRun } from './report-run.js'

/** uPlot as its package ships it. */
const chartLibrary = async (): Promise<ChartLibrary> => {
  const { resolve: find } = createRequire(import.meta.url)
  const [script, style] = await Promise.all(
    ['uplot/dist/uPlot.iife.min.js', 'uplot/dist/uPlot.min.css'].map((name) => readFile(find(name), 'utf8')),
  )
  return { script: script as string, style: style as string }
}

const HEAD_BYTES = 512

/** Whether a report that seckill wrote lies there: that one may be replaced by the next. */
export const isOwnReport = async (path: string): Promise<boolean> => {
  const file = await open(path).catch(() => null)
  if (file === null) return false
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.toString('latin1', 0, bytesRead).includes(`content="${GENERATOR}"`)
  } catch {
    return false
  } finally {
    await file.close()
  }
}

/** The page of these runs. */
export const htmlOf = async (
  runs: readonly [RunSummary, ...RunSummary[]],
  comparison: Comparison | null,
): Promise<string> => htmlReport(runs, comparison, await chartLibrary())

/**
 * Writes the HTML report of run logs, with the audits and races kept beside them; resolves with its absolute path. Errors:
 * run_log, disk, refused_overwrite for a file that is there, unless `force`.
 */
export const writeHtmlReport = async (
  context: Context,
  runFiles: readonly [string, ...string[]],
  out: string,
  { force = false } = {},
): Promise<string> => {
  const runs: RunSummary[] = []
  for (const path of runFiles) runs.push((await reportRun(context, openRun(context, path), undefined)).shown)
  const path = resolve(context.io.cwd, out)
  writePieces(path, [await htmlOf(runs as [RunSummary, ...RunSummary[]], null)], force)
  return path
}
