import { access, appendFile, constants, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { EXIT, messageOf, SeckillError, systemCodeOf } from '../errors.js'
import { say } from '../language/say.js'
import type { Verdicts } from '../report/cases.js'
import type { CommandResult, Context } from './context.js'

/** Flags of every command that judges. */
export interface VerdictOptions {
  readonly junit?: string
  readonly promFile?: string
}

export const addVerdictOptions = (command: Command): Command =>
  command
    .option('--junit <file>', 'write what was judged as JUnit XML, too')
    .option('--prom-file <file>', 'write figures and verdicts for Prometheus’ textfile collector, too')

/** Before anything is fired: whether those files could be written. Errors: usage. */
export const requireWritable = async ({ io }: Context, { junit, promFile }: VerdictOptions): Promise<void> => {
  for (const path of [junit, promFile]) {
    if (path === undefined) continue
    const file = resolve(io.cwd, path)
    await writing(path, async () => {
      const there = await stat(file).catch(() => null)
      if (there?.isDirectory()) throw new Error(say`it is a folder`)
      await access(there === null ? dirname(file) : file, constants.W_OK)
    })
  }
}

/**
 * Writes what others than people read: JUnit and Prometheus' text where asked for, annotations and a summary where GitHub
 * Actions runs us. A file that cannot be written hides no bad news: then it is only warned of.
 */
export const writeVerdict = async (
  context: Context,
  options: VerdictOptions,
  { json, exitCode }: CommandResult,
): Promise<void> => {
  if (json === null || json.dryRun === true) return
  const { verdictsOf } = await import('../report/cases.js')
  const verdicts = verdictsOf(context.command, json)
  try {
    await writeFiles(context, options, json, verdicts)
    if (context.io.env.GITHUB_ACTIONS === 'true' && verdicts !== null) await tellGithub(context, verdicts)
  } catch (error) {
    if (exitCode === EXIT.ok) throw error
    context.warn(messageOf(error))
  }
}

const writeFiles = async (
  { io: { cwd }, command }: Context,
  { junit, promFile }: VerdictOptions,
  json: NonNullable<CommandResult['json']>,
  verdicts: Verdicts | null,
): Promise<void> => {
  if (junit !== undefined && verdicts !== null) {
    const { junitXml } = await import('../report/render/junit.js')
    await writing(junit, () => writeFile(resolve(cwd, junit), junitXml(verdicts)))
  }
  if (promFile !== undefined) {
    const { prometheusText } = await import('../report/render/prometheus.js')
    const file = resolve(cwd, promFile)
    // The collector reads whenever it likes: never half a file.
    await writing(promFile, async () => {
      await writeFile(`${file}.tmp`, prometheusText(command, json, Date.now()))
      await rename(`${file}.tmp`, file)
    })
  }
}

const tellGithub = async ({ io: { env, stderr } }: Context, verdicts: Verdicts): Promise<void> => {
  const { githubAnnotations, githubSummary } = await import('../report/render/github.js')
  // The runner reads both streams; stdout may hold a JSON document.
  for (const line of githubAnnotations(verdicts)) stderr.write(`${line}\n`)
  const summary = env.GITHUB_STEP_SUMMARY
  if (summary) await writing(summary, () => appendFile(summary, githubSummary(verdicts)))
}

const writing = async (path: string, write: () => Promise<void>): Promise<void> => {
  try {
    await write()
  } catch (error) {
    const code = systemCodeOf(error) ?? messageOf(error)
    throw new SeckillError(
      code === 'ENOSPC' ? 'disk' : 'usage',
      say`cannot write ${path} (${code})`,
      say`check the path`,
      error,
    )
  }
}
