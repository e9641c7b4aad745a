import { z } from 'zod'
import { ERROR_CODES } from '../errors.js'
import { audit, auditWatch } from './documents/audited.js'
import { blast, blastPlan, buy, buyPlan, simulate, simulatePlan } from './documents/fired.js'
import { independence, race, racePlan, races, raceUrl, raceUrlPlan } from './documents/raced.js'
import { report } from './documents/reported.js'
import { init, reset, status } from './documents/sale.js'
import { run, runPlan } from './documents/scenario.js'
import {
  completion,
  demo,
  doctor,
  imported,
  proxied,
  proxy,
  redisPlan,
  redisStart,
  redisStop,
  serve,
  strategies,
  worker,
  workerPlan,
} from './documents/tools.js'

/**
 * Every document that `--json` prints, by its name in the shipped schema/output.schema.json. Objects are open there: a later
 * version may add fields, and keeps those that are here.
 */

const documentOf = <S extends z.ZodRawShape>(id: string, command: string, { shape }: z.ZodObject<S>) =>
  z.object({ schemaVersion: z.literal(1), command: z.literal(command), ...shape }).meta({ id })

const error = z
  .object({
    schemaVersion: z.literal(1),
    command: z.string().nullable(),
    error: z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string().nullable() }),
    exitCode: z.int().min(1).max(255),
  })
  .meta({ id: 'error' })

/** By name: what a command prints, `error` for what any of them prints instead. */
export const DOCUMENTS = {
  init: documentOf('init', 'init', init),
  status: documentOf('status', 'status', status),
  reset: documentOf('reset', 'reset', reset),
  buy: documentOf('buy', 'buy', buy),
  buyPlan: documentOf('buyPlan', 'buy', buyPlan),
  blast: documentOf('blast', 'blast', blast),
  blastPlan: documentOf('blastPlan', 'blast', blastPlan),
  simulate: documentOf('simulate', 'simulate', simulate),
  simulatePlan: documentOf('simulatePlan', 'simulate', simulatePlan),
  audit: documentOf('audit', 'audit', audit),
  auditWatch: documentOf('auditWatch', 'audit', auditWatch),
  race: documentOf('race', 'race', race),
  raceUrl: documentOf('raceUrl', 'race', raceUrl),
  races: documentOf('races', 'race', races),
  independence: documentOf('independence', 'race', independence),
  racePlan: documentOf('racePlan', 'race', racePlan),
  raceUrlPlan: documentOf('raceUrlPlan', 'race', raceUrlPlan),
  run: documentOf('run', 'run', run),
  runPlan: documentOf('runPlan', 'run', runPlan),
  report: documentOf('report', 'report', report),
  strategies: documentOf('strategies', 'strategies', strategies),
  completion: documentOf('completion', 'completion', completion),
  redisStart: documentOf('redisStart', 'redis', redisStart),
  redisStop: documentOf('redisStop', 'redis', redisStop),
  redisPlan: documentOf('redisPlan', 'redis', redisPlan),
  serve: documentOf('serve', 'serve', serve),
  worker: documentOf('worker', 'worker', worker),
  workerPlan: documentOf('workerPlan', 'worker', workerPlan),
  proxy: documentOf('proxy', 'proxy', proxy),
  proxied: documentOf('proxied', 'proxy', proxied),
  import: documentOf('import', 'import', imported),
  doctor: documentOf('doctor', 'doctor', doctor),
  demo: documentOf('demo', 'demo', demo),
  error,
} as const

export type DocumentName = keyof typeof DOCUMENTS

/** JSON Schema (2020-12) of every document; each alone is in `$defs`. */
export const outputJsonSchema = () =>
  z.toJSONSchema(z.union(Object.values(DOCUMENTS)).meta({ title: 'What seckill prints with --json' }), { io: 'input' })
