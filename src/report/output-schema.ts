import { z } from 'zod'
import { ERROR_CODES } from '../errors.js'
import { INVARIANTS, type InvariantId } from '../sale/invariant.js'
import { loadFields } from './load-schema.js'
import { report } from './report-schema.js'
import { count, dryRun, layout, milliseconds, outcome, uuid } from './schema-parts.js'

/**
 * Every document that `--json` prints, by its name in the shipped schema/output.schema.json. Objects are open there: a later
 * version may add fields, and keeps those that are here.
 */

const invariant = z.enum(Object.keys(INVARIANTS) as InvariantId[]).meta({ id: 'invariant' })
const verdict = z.enum(['pass', 'fail', 'inconclusive'])

const init = z.object({
  sale: z.string(),
  saleUuid: z.string(),
  layout,
  stock: count,
  limit: count.describe('units that one user may buy'),
  ttlSeconds: count.nullable(),
  keys: z.object({ stock: z.string(), records: z.string(), meta: z.string() }),
  replaced: z
    .object({ stock: z.union([z.number(), z.string()]).nullable().describe('as it stood in Redis'), records: count })
    .nullable()
    .describe('what the keys held before'),
  dryRun,
})

const key = <T extends string>(...types: T[]) =>
  z.object({ key: z.string(), type: z.enum(types), bytes: count.nullable() })

const status = z.object({
  sale: z.string(),
  saleUuid: uuid,
  layout,
  stock: z.object({ initial: count, remaining: z.int().nullable().describe('null where it is unreadable') }),
  sold: z.int().nullable(),
  buyers: count.nullable(),
  ttlSeconds: count.nullable(),
  keys: z.object({ stock: key('list', 'string-down'), records: key('hash', 'list') }),
  problems: z.array(z.string()),
})

const reset = z.object({ sale: z.string(), removed: z.array(z.string()).describe('keys'), dryRun })

const holding = z.object({
  remaining: z.int().nullable(),
  recorded: z.string().nullable().describe('the record of this user, as it stands in Redis'),
})

const buy = z.object({
  user: z.string(),
  quantity: count,
  outcome,
  answer: z.string().nullable(),
  rule: z.string().nullable().describe('that told the outcome; null where none matched'),
  before: holding,
  after: holding,
  elapsedMs: milliseconds,
})

const buyPlan = z.object({ target: z.string(), user: z.string(), quantity: count, dryRun: z.literal(true) })

const fired = z.object({
  runId: z.string(),
  runFile: z.string(),
  saleUuid: uuid,
  seed: count,
  users: count,
  attempts: count,
  concurrency: count,
  elapsedMs: milliseconds,
  requestsPerSecond: count,
  outcomes: z.partialRecord(outcome, count),
  unitsAcknowledged: count,
  statusCodes: z.record(z.string().regex(/^\d{3}$/), count),
  unmatched: z.array(
    z.object({ count, status: count, sample: z.string(), suggestedRule: z.string().describe('an --outcome to paste') }),
  ),
  timeToSellOutMs: milliseconds.nullable(),
  ...loadFields,
  interrupted: z.boolean(),
})

const blast = z.object({
  target: z.string(),
  ...fired.shape,
  answersBeyondGroups: count.describe('answers of more kinds than are kept, known by their outcome alone'),
})
const simulate = z.object({ strategy: z.string(), ...fired.shape })

const plan = z.object({
  users: count,
  seed: count,
  attemptsPerUser: count,
  duplicates: z.number().min(0).max(1),
  quantity: z.object({ min: count, max: count }),
})
const blastPlan = z.object({ target: z.string(), plan, dryRun: z.literal(true) })
const simulatePlan = z.object({ strategy: z.string(), sale: z.string(), plan, dryRun: z.literal(true) })

const figure = z.union([z.string(), z.number()]).nullable()

const attemptEvidence = z
  .object({
    runId: z.string(),
    user: z.string(),
    copy: count,
    quantity: count,
    outcome,
    sentAtMs: z.number(),
    doneAtMs: z.number(),
  })
  .meta({ id: 'attemptEvidence' })

const judged = z
  .object({
    id: invariant,
    verdict: z.enum(['pass', 'fail', 'inconclusive', 'untested', 'skipped']),
    message: z.string(),
    observed: figure,
    expected: figure,
    evidence: z.object({
      users: z.array(z.string()),
      usersInAll: count,
      attempts: z.array(attemptEvidence),
      keys: z.array(z.string()),
    }),
    hint: z.string().nullable(),
    next: z.string().nullable().describe('the command to try next'),
  })
  .meta({ id: 'judgedInvariant' })

const auditedRun = z.object({
  runId: z.string(),
  command: z.enum(['blast', 'simulate', 'buy']),
  target: z.string(),
  file: z.string(),
  attempts: count,
  complete: z.boolean().describe('false where the log ends early'),
  interrupted: z.boolean().nullable(),
})

const audit = z.object({
  verdict,
  tested: count,
  rules: count,
  sale: z.string(),
  saleUuid: uuid,
  runs: z.array(auditedRun),
  settled: z.object({ settled: z.boolean(), waitedMs: milliseconds, moving: z.string().nullable() }),
  stock: z.object({
    initial: count,
    remaining: z.int().nullable(),
    sold: z.int().describe('units recorded'),
    lowestSeen: z.int().nullable(),
    samples: count,
  }),
  acknowledged: count.describe('units that buyers were told they got'),
  invariants: z.array(judged),
  warnings: z.array(z.string()),
})

const strategies = z.object({
  strategies: z.array(
    z.object({
      name: z.string(),
      layout,
      summary: z.string(),
      breaks: z.object({ always: z.array(invariant), ifLockExpires: z.array(invariant).optional() }),
      requires: z.object({ command: z.string(), servers: z.string() }).nullable(),
    }),
  ),
})

const redisStart = z.object({ url: z.string(), port: count, pid: count, alreadyRunning: z.boolean() })
const redisStop = z.object({ stopped: z.boolean(), pid: count.nullable() })
const redisPlan = z.object({ running: z.string().nullable().describe('URL'), dryRun: z.literal(true) })
const serve = z.object({ url: z.string(), sale: z.string(), dryRun })
const demo = z.object({ scenes: z.array(z.object({ strategy: z.string(), blast, audit })), dryRun })

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
  report: documentOf('report', 'report', report),
  strategies: documentOf('strategies', 'strategies', strategies),
  redisStart: documentOf('redisStart', 'redis', redisStart),
  redisStop: documentOf('redisStop', 'redis', redisStop),
  redisPlan: documentOf('redisPlan', 'redis', redisPlan),
  serve: documentOf('serve', 'serve', serve),
  demo: documentOf('demo', 'demo', demo),
  error,
} as const

export type DocumentName = keyof typeof DOCUMENTS

/** JSON Schema (2020-12) of every document; each alone is in `$defs`. */
export const outputJsonSchema = () =>
  z.toJSONSchema(z.union(Object.values(DOCUMENTS)).meta({ title: 'What seckill prints with --json' }), { io: 'input' })
