import { basename, relative } from 'node:path'
import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { type Scope, scopeOf } from '../sale/metric.js'
import { shellWord } from '../sale/shell-word.js'
import { parseThreshold, type Threshold } from '../sale/threshold.js'
import type { SaleFile } from '../sale-file/load.js'
import type { StepEnd, StepName, Steps } from '../scenario/run.js'
import type { Judged } from '../scenario/verdict.js'
import type { AuditOptions } from './commands/audit.js'
import type { BlastOptions } from './commands/blast.js'
import type { CommandResult, Context } from './context.js'
import type { RaceUrlFlags } from './race-flags.js'
import { stepLine } from './render-scenario.js'
import type { SaleOptions } from './sale.js'
import { saleId } from './sale.js'
import { seederOf } from './scenario-seed.js'

/** Flags of `run`: those of blast, and what seeds, audits and races. */
export interface RunFlags extends Omit<BlastOptions, 'seed'>, SaleOptions {
  readonly only?: readonly StepName[]
  readonly race?: boolean
  readonly settle?: number
  readonly save?: string
  readonly report?: string
}

/** The Redis of a run: one that was named, or null for one of its own, which listens at `url`. */
export interface ScenarioRedis {
  readonly url: string
  /** Nobody else is on it. */
  readonly own: boolean
}

/** What is to be run. */
export interface Asked {
  readonly file: SaleFile | null
  readonly url: string | undefined
  readonly flags: RunFlags
  readonly redis: ScenarioRedis
}

export interface Scenario {
  readonly name: string
  readonly steps: Steps
  /** What the steps printed, in the order of what matters. */
  printed(): string[]
}

/** Runs `work` with the Redis that `--redis` names, else with a private one that shops without sockets reach, too. */
export const withScenarioRedis = async <T>(
  context: Context,
  work: (redis: ScenarioRedis) => Promise<T>,
): Promise<T> => {
  const { redis } = context.options
  // Nothing is started to say what would be.
  if (context.options.dryRun) return work({ url: redis ?? '', own: redis === undefined || redis === 'private' })
  const { announce, announceRedis, resolveTarget } = await import('./session.js')
  if (redis !== undefined && redis !== 'private') {
    await announce(context, await resolveTarget(context))
    return work({ url: redis, own: false })
  }
  const { startPrivateRedis } = await import('../redis/private-server.js')
  const server = await startPrivateRedis({ env: context.io.env, tcpPort: true })
  try {
    announceRedis(context, 'private', redis === undefined ? 'default' : '--redis')
    return await work({ url: `redis://127.0.0.1:${server.port}`, own: true })
  } finally {
    await server.stop()
  }
}

/** The steps of a scenario, as they are asked for. Errors: usage, before anything is started. */
export const openScenario = async (context: Context, asked: Asked): Promise<Scenario> => {
  const { file, url, flags, redis } = asked
  const wanted = wantedOf(asked)
  const pages = new Map<StepName, string>()
  const call = (step: StepName, command: string, own = redis.url, argv = context.io.argv) => {
    const write = (text: string) => void pages.set(step, (pages.get(step) ?? '') + text)
    const io = { ...context.io, argv, stdout: { ...context.io.stdout, write } }
    const { redis: _, ...options } = context.options
    return context.within(io, command, { ...options, quiet: true, ...(own === '' ? {} : { redis: own }) })
  }
  const done = async (step: StepName, { json }: CommandResult, judged?: Judged): Promise<StepEnd> => {
    context.note(stepLine(step, json ?? {}))
    return { document: json, ...(judged && { judged }) }
  }
  const { settle, only: _only, race: _race, save: _save, report: _report, threshold = [], ...fire } = flags
  const told = thresholdsByScope(threshold)
  const seeder = seederOf(context, file)
  const again = `seckill ${context.io.argv.map(shellWord).join(' ')}`
  let run: { readonly file: string; readonly seed: number; readonly units: number | undefined } | null = null
  const make: Record<StepName, () => Promise<StepEnd>> = {
    seed: async () => {
      const { initWith } = await import('./commands/init.js')
      return done('seed', await initWith(call('seed', 'init'), file, flags))
    },
    blast: async () => {
      const { blastWith } = await import('./commands/blast.js')
      const options = { ...fire, ...withThresholds(told.load) } as BlastOptions
      const end = await blastWith(call('blast', 'blast'), seeder.assumed(), options, url, seeder.once)
      const { runFile, seed } = end.json as { runFile?: string; seed: number }
      run = runFile === undefined ? null : { file: runFile, seed, units: await seeder.found(runFile) }
      return done('blast', end)
    },
    audit: async () => {
      const { auditWith } = await import('./commands/audit.js')
      const audit = { ...file?.audit, ...(settle === undefined ? {} : { settle }) }
      const given = Object.fromEntries(Object.entries(audit).filter(([, value]) => value !== undefined))
      const options: AuditOptions = {
        ...given,
        ...saleFlags(flags),
        ...withThresholds(told.stock),
        measures: ['stock'],
        ...(redis.own && run !== null ? { rerun: `${again} --seed ${run.seed}` } : {}),
        // Of a sale that the shop seeds, earlier runs may have been another one.
        ...(run !== null && seeder.elsewhere ? { run: run.file } : {}),
        ...(run?.units === undefined ? {} : { stock: run.units }),
      }
      const end = await auditWith(call('audit', 'audit'), file, options)
      return done('audit', end, judgedBy(end.json, 'invariants'))
    },
    race: async () => {
      const { raceUrl } = await import('./race-url.js')
      // A Redis that is ours alone is given up for another one: races leave nothing behind there.
      const where = call('race', 'race', redis.own ? '' : redis.url, raceWords(file, url, flags))
      const flagsOfRace = { ...raceFlags(file, fire), ...withThresholds(told.race) } as RaceUrlFlags
      const end = await raceUrl(where, url, flagsOfRace, file)
      return done('race', end, judgedBy(end.json, 'violations'))
    },
  }
  const id = saleId(context, file)
  return {
    name: file === null ? id : relative(context.io.cwd, file.path) || basename(file.path),
    steps: Object.fromEntries(wanted.map((step) => [step, make[step]])),
    printed: () => (['audit', 'race', 'blast'] as const).flatMap((step) => pages.get(step)?.trimEnd() ?? []),
  }
}

const wantedOf = ({ file, flags, redis }: Asked): StepName[] => {
  const { only, race } = flags
  const all: StepName[] = ['seed', 'blast', 'audit', ...(race || file?.race ? (['race'] as const) : [])]
  const wanted = only ?? all
  if (redis.own && wanted.includes('audit') && !wanted.includes('blast'))
    throw usageError(
      say`nothing was sold on a Redis that starts with this command: there is nothing to audit`,
      say`add blast to --only, or name the Redis by --redis`,
    )
  const elsewhere = seedOf(file) !== 'seckill'
  return wanted.filter((step) => step !== 'seed' || !elsewhere)
}

const seedOf = (file: SaleFile | null) => file?.sale?.seed ?? 'seckill'

const withThresholds = (threshold: string[]): { threshold?: string[] } => (threshold.length > 0 ? { threshold } : {})

/** Those of the command line, by the step that measures them. */
const thresholdsByScope = (sources: readonly string[]): Record<Scope, string[]> => {
  const parsed: Threshold[] = sources.map((source) => parseThreshold(source))
  const of = (scope: Scope) => parsed.filter(({ metric }) => scopeOf(metric) === scope).map((it) => it.expression)
  return { load: of('load'), stock: of('stock'), race: of('race') }
}

const saleFlags = ({ stock, layout, limit, stockKey, recordsKey }: RunFlags): SaleOptions =>
  // What init wrote is what the audit finds; a description beside it would have to be whole.
  layout === undefined && stockKey === undefined && recordsKey === undefined
    ? {}
    : ({ stock, layout, limit, stockKey, recordsKey } as SaleOptions)

const raceFlags = (file: SaleFile | null, { quantity: _q, users: _u, ...target }: Partial<RunFlags>): RaceUrlFlags => {
  const given = Object.entries(file?.race ?? {}).filter(([, value]) => value !== undefined)
  return { symmetry: true, realTime: true, ...target, ...Object.fromEntries(given) } as RaceUrlFlags
}

/** The race as a call of its own. */
const raceWords = (file: SaleFile | null, url: string | undefined, { start, layout }: RunFlags): string[] => [
  'race',
  ...(url === undefined ? [] : [url]),
  ...(file === null ? [] : ['--file', file.path]),
  ...(start === undefined ? [] : ['--start', start]),
  ...(layout === undefined ? [] : ['--layout', layout]),
  ...(file?.race?.deployment === undefined ? [] : ['--deployment', file.race.deployment]),
  ...(file?.race?.env ?? []).flatMap((variable) => ['--env', variable]),
]

const judgedBy = (json: CommandResult['json'], list: 'invariants' | 'violations'): Judged => {
  const { verdict, [list]: found = [] } = json as { verdict: Judged['verdict'] } & Record<
    string,
    { readonly id?: string; readonly invariant?: string; readonly verdict?: string }[]
  >
  const broken = found.filter((it) => list === 'violations' || it.verdict === 'fail').map((it) => it.id ?? it.invariant)
  return { verdict, broken: [...new Set(broken as string[])] }
}
