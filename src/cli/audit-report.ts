import { appendFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { AuditResult } from '../audit/audit.js'
import { messageOf, SeckillError, systemCodeOf } from '../errors.js'
import type { Sale } from '../sale/sale.js'
import type { Context } from './context.js'

/** Writes what others than people read: JUnit where asked for, annotations and a summary where GitHub Actions runs us. */
export const writeReports = async (
  context: Context,
  sale: Sale,
  result: AuditResult,
  warnings: readonly string[],
  junit: string | undefined,
): Promise<void> => {
  const { cwd, env, stderr } = context.io
  if (junit !== undefined) {
    const { junitXml } = await import('../report/render/junit.js')
    await writing(junit, () => writeFile(resolve(cwd, junit), junitXml(sale, result.invariants)))
  }
  if (env.GITHUB_ACTIONS !== 'true') return
  const { githubAnnotations, githubSummary } = await import('../report/render/github.js')
  // The runner reads both streams; stdout may hold a JSON document.
  for (const line of githubAnnotations(sale, result, warnings)) stderr.write(`${line}\n`)
  const summary = env.GITHUB_STEP_SUMMARY
  if (summary) await writing(summary, () => appendFile(summary, githubSummary(sale, result, warnings)))
}

const writing = async (path: string, write: () => Promise<void>): Promise<void> => {
  try {
    await write()
  } catch (error) {
    const code = systemCodeOf(error) ?? messageOf(error)
    throw new SeckillError(
      code === 'ENOSPC' ? 'disk' : 'usage',
      `cannot write ${path} (${code})`,
      'check the path',
      error,
    )
  }
}
