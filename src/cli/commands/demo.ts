import { EXIT, messageOf } from '../../errors.js'
import { say, word } from '../../language/say.js'
import type { CommandResult, Context } from '../context.js'
import type { Io } from '../io.js'
import { thousands } from '../numbers.js'
import { defineCommand } from '../spec.js'
import { audit } from './audit.js'
import { blast } from './blast.js'
import { init } from './init.js'
import { reset } from './reset.js'

/** Nobody else's, for a Redis that is not ours alone. */
const SALE = 'seckill-demo'
const UNITS = 50
const USERS = 20_000
const CONCURRENCY = 500

interface Act {
  readonly strategy: string
  story(): string
}

const ACTS: readonly Act[] = [
  {
    strategy: 'counter-naive',
    story: () => say`the document’s counter: read the stock, decide, then decrement. Every step a command of its own`,
  },
  {
    strategy: 'counter-lua',
    story: () => say`the same decision inside one Lua script, which Redis runs with nobody in between`,
  },
]

export const demo = defineCommand({
  examples: ['seckill demo'],
  run: async (context) => {
    if (context.options.dryRun) return foretell(context)
    const { startPrivateRedis } = await import('../../redis/private-server.js')
    const { mkdtemp, rm } = await import('node:fs/promises')
    const { tmpdir } = await import('node:os')
    const { join } = await import('node:path')
    const given = context.options.redis === 'private' ? undefined : context.options.redis
    const own = given === undefined ? await startPrivateRedis({ env: context.io.env }) : null
    const redis = own?.url ?? (given as string)
    const cwd = await mkdtemp(join(tmpdir(), 'seckill-demo-'))
    try {
      const scenes: Scene[] = []
      for (const act of ACTS) {
        if (context.interrupted.aborted) break
        scenes.push(await perform(context, worldOf(context.io, cwd), redis, act))
      }
      if (own === null) await removeSale(context, worldOf(context.io, cwd), redis)
      const report = context.interrupted.aborted ? null : await writeReport(context, worldOf(context.io, cwd), scenes)
      if (!context.interrupted.aborted) context.print(await closing(context, scenes, report))
      return { json: { scenes, report }, exitCode: asTold(scenes) ? EXIT.ok : EXIT.unexpected }
    } finally {
      await own?.stop()
      await rm(cwd, { recursive: true, force: true })
    }
  },
})

const foretell = (context: Context): CommandResult => {
  const strategies = ACTS.map(({ strategy }) => strategy).join(say`, then by `)
  const sales = say`sell ${UNITS} units to ${thousands(USERS)} users over HTTP by ${strategies}`
  context.print(
    say`would start a private Redis (--redis URL: use that one, with sale ${SALE}), ${sales}, and audit both sales`,
  )
  return { json: { scenes: [], report: null, dryRun: true }, exitCode: EXIT.ok }
}

/** A folder without a sale file, an environment that names no other Redis or sale. */
const worldOf = (io: Io, cwd: string): Io => {
  const env = Object.fromEntries(
    Object.entries(io.env).filter(([name]) => !/^(SECKILL_|REDIS_|VALKEY_|REDISCLI_|PORT$)/.test(name)),
  )
  return { ...io, cwd, env }
}

interface Scene {
  readonly strategy: string
  readonly blast: CommandResult['json']
  readonly audit: CommandResult['json']
}

const perform = async (context: Context, io: Io, redis: string, { strategy, story }: Act): Promise<Scene> => {
  const { stdout } = await context.styles()
  const { freePort } = await import('../../redis/server-process.js')
  const options = { ...context.options, redis, sale: SALE, quiet: true }
  const call = (command: string) => context.within(io, command, options)
  const port = await freePort()
  context.print(`\n${stdout.bold(`── ${strategy}`)}: ${story()}\n`)
  await init.run(call('init'), { stock: UNITS, layout: 'counter' }, [])
  context.note(
    say`firing ${thousands(USERS)} users, released together, ${CONCURRENCY} at a time, at a server in another process …`,
  )
  const load = { users: USERS, concurrency: CONCURRENCY, burst: true, start: `seckill serve --port ${port}` }
  const fired = await blast.run(call('blast'), load, [`http://127.0.0.1:${port}/buy/${strategy}`])
  context.print()
  const judged = await audit.run(call('audit'), { settle: 30_000 }, [])
  return { strategy, blast: fired.json, audit: judged.json }
}

const removeSale = async (context: Context, io: Io, redis: string): Promise<void> => {
  const silent = { ...io, stdout: { ...io.stdout, write: () => {} } }
  await reset.run(
    context.within(silent, 'reset', { ...context.options, redis, sale: SALE, quiet: true, yes: true }),
    {},
    [],
  )
}

/** Both sales as one page in the caller's folder; its path, null where it cannot be written: the story was told all the same. */
const writeReport = async (context: Context, io: Io, scenes: readonly Scene[]): Promise<string | null> => {
  const [{ writeHtmlReport }, { stateFolder }, { join }] = await Promise.all([
    import('../html-report.js'),
    import('../../redis/state-folder.js'),
    import('node:path'),
  ])
  const runFiles = scenes.map(({ blast: fired }) => (fired as { runFile: string }).runFile)
  try {
    const out = join(await stateFolder(context.io.cwd), 'demo.html')
    const quiet = context.within(io, 'report', { ...context.options, quiet: true })
    return await writeHtmlReport(quiet, runFiles as [string, ...string[]], out, { force: true })
  } catch (error) {
    context.warn(say`the report cannot be written: ${messageOf(error)}`)
    return null
  }
}

/** The story must end as it is told: the naive counter fails, the script passes. */
const asTold = (scenes: readonly Scene[]): boolean => scenes.map(({ audit }) => audit?.verdict).join() === 'fail,pass'

const closing = async (context: Context, scenes: readonly Scene[], report: string | null): Promise<string> => {
  const { stdout } = await context.styles()
  const { tableOf } = await import('../style.js')
  const rows = scenes.map(({ strategy, blast: fired, audit: judged }) => {
    const { stock, acknowledged, verdict, invariants } = judged as unknown as {
      stock: { remaining: number; sold: number }
      acknowledged: number
      verdict: string
      invariants: { id: string; verdict: string }[]
    }
    const broken = invariants.filter((it) => it.verdict === 'fail').map(({ id }) => id)
    const rate = thousands((fired as { requestsPerSecond: number }).requestsPerSecond)
    return [
      strategy,
      String(UNITS),
      String(acknowledged),
      String(stock.sold),
      String(stock.remaining),
      rate,
      word(verdict),
      broken.join('\n') || word('nothing'),
    ]
  })
  return [
    `\n${stdout.bold(say`What happened`)}`,
    tableOf(
      [
        ...[say`strategy`, say`for sale`, say`told "sold"`, say`recorded`, say`left`],
        ...[say`requests/s`, say`verdict`, say`broken`],
      ],
      rows,
      { numbers: [1, 2, 3, 4, 5] },
    ),
    say`Now your own shop:`,
    say`  seckill redis start                         a Redis of this folder, or name yours with --redis URL`,
    say`  seckill init --stock 50                     seed goods_a, clear a_users`,
    say`  seckill blast URL --start "COMMAND"         run your server, fire at it: 1,000 users, 100 at once, unless told otherwise`,
    say`  seckill audit                               the verdict, with names; exit code 10 if a rule is broken`,
    ...(report === null ? [] : [say`Both sales as a page to open: ${report}`]),
  ].join('\n')
}
