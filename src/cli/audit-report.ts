import { access, appendFile, constants, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { AuditResult } from '../audit/audit.js'
import { messageOf, SeckillError, systemCodeOf } from '../errors.js'
import type { Sale } from '../sale/sale.js'
import type { Context } from './context.js'

/** Before anything is judged: whether a report could be written there. Errors: usage. */
export const requireWritable = async ({ io }: Context, path: string): Promise<void> => {
  const file = resolve(io.cwd, path)
  await writing(path, async () => {
    const there = await stat(file).catch(() => null)
    if (there?.isDirectory()) throw new Error('it is a folder')
    await access(there === null ? dirname(file) : file, constants.W_OK)
  })
}

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
