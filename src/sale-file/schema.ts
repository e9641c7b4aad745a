import { z } from 'zod'
import { PRESETS } from '../history/presets.js'
import { listed } from '../language/lists.js'
import { say } from '../language/say.js'
import { INVARIANTS, type InvariantId } from '../sale/invariant.js'
import { FOLDS, QUEUE_TYPES, RECORDS_TYPES, STOCK_TYPES } from '../sale/layout.js'
import { LIMITS } from '../sale/limits.js'
import { OUTCOMES } from '../sale/outcome.js'
import { attempt, users } from './getting-in-schema.js'
import { fields, share, text, time, whole } from './parts.js'

const stock = z.strictObject({
  key: text.optional().describe('Redis key of the stock; default goods_<id>'),
  type: z
    .enum(STOCK_TYPES)
    .optional()
    .describe('default list; string-up counts units taken, none: the records alone tell'),
  initial: whole(LIMITS.stock).optional().describe('units at the start'),
  capacity: whole(LIMITS.stock).optional().describe('string-up, none: units in all; default initial'),
  field: text.optional().describe('hash-field: the field that holds the units left'),
  total: text.optional().describe('hash-pair: the field with the units in all'),
  sold: text.optional().describe('hash-pair: the field with the units taken'),
  fields: z.array(text).min(1).optional().describe('hash-sum: the fields to add up; default all'),
  keys: z.array(text).min(1).optional().describe('sum: the keys to add up; stock:{0..15} stands for sixteen'),
})

const records = z.strictObject({
  key: text.optional().describe('Redis key of the records; default <id>_users'),
  type: z.enum(RECORDS_TYPES).optional().describe('default hash (user → units); hash-units is unit → user'),
  pattern: text.optional().describe('keys: one key a user, such as order:{user}:7'),
  path: text.optional().describe('file: CSV or NDJSON of orders'),
  command: text.optional().describe('command: prints CSV or NDJSON of orders'),
  user: text.optional().describe('where the user is: JSON path ($.user), field of a stream, column'),
  quantity: z
    .union([z.literal(1), text], { error: () => say`must be 1, value, score, a JSON path or a name` })
    .optional()
    .describe(
      'where the units are: value, score (zset), JSON path, field, column; 1: one a record. Default value in a hash, else 1',
    ),
})

/** Who may seed without being told how. */
const SEEDS = ['seckill', 'none'] as const

const seedRequest = z
  .strictObject({
    url: text.optional().describe('default: path on the host of the target'),
    path: text.optional(),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional().describe('default POST'),
    form: fields.optional(),
    json: z.unknown().optional(),
    headers: fields.optional(),
  })
  .describe('sent once to the shop; any answer but 2xx ends the run')

const queue = z.strictObject({ key: text, type: z.enum(QUEUE_TYPES) })

const sale = z.strictObject({
  id: text.optional().describe('A-Z a-z 0-9 _ . -, at most 64; default a'),
  stock: stock.optional(),
  records: z.array(records).min(1).optional().describe('every place that records buyers'),
  fold: z
    .union([z.enum(FOLDS), z.array(z.enum(FOLDS))], { error: () => say`must be lower, trim or both` })
    .optional()
    .describe('spellings of a name that are one user'),
  window: z
    .strictObject({ start: text.optional(), end: text.optional() })
    .optional()
    .describe('when it may sell: times such as 2026-11-11T20:00:00+08:00'),
  queues: z.array(queue).optional().describe('where accepted orders wait; the audit waits until they are empty'),
  perUser: z
    .strictObject({ orders: z.int().min(1).optional(), units: whole(LIMITS.unitsPerUser).optional() })
    .optional()
    .describe('what one user may hold'),
  seed: z
    .union([z.enum(SEEDS), z.strictObject({ command: text }), z.strictObject({ request: seedRequest })], {
      error: () => say`must be ${listed(SEEDS)}, { command: … } or { request: … }`,
    })
    .optional()
    .describe('who seeds the stock before a run: seckill (default); none: the shop itself, once it is up; or how'),
  reset: z
    .strictObject({ command: text.describe('shell command, at most 10 s') })
    .optional()
    .describe('race: run before each order, puts back what the shop keeps outside Redis'),
})

const outcome = z.strictObject({
  is: z.enum(OUTCOMES),
  status: z.union([z.int(), z.string()], { error: () => say`must be a status such as 409 or 5xx` }).optional(),
  text: text.optional().describe('the answer contains this'),
  regex: text.optional(),
  json: text.optional().describe('path such as $.data.code'),
  equals: z.unknown().optional().describe('value at the path; without it, any but false, null, 0 and ""'),
})

const poll = z
  .strictObject({
    request: text.describe('such as GET /orders/{{ticket}}, at the host of url; or redis:GET order:{{ticket}}'),
    form: fields.optional(),
    json: z.unknown().optional(),
    headers: fields.optional().describe('beside those of the purchase'),
    ticket: text
      .optional()
      .describe(
        'where the queued answer holds {{ticket}}: json:$.path, header:, cookie:, regex:; default json:$.ticket',
      ),
    interval: time.optional().describe('between two polls of an attempt; default 200ms'),
    timeout: time.optional().describe('how long each attempt is followed; default 30s'),
    outcomes: z
      .array(outcome)
      .min(1)
      .optional()
      .describe('what the answers to polls mean; default: the outcomes of the file, and {"state": "sold"}'),
  })
  .describe('queued attempts are asked after until they are decided')

const target = z.strictObject({
  url: text.describe('{{user}}, {{quantity}}, {{index}} may stand in path and query; {port} with start'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  path: text.optional().describe('replaces path and query of url'),
  form: fields.optional().describe('default username={{user}}, purchase={{quantity}}'),
  json: z.unknown().optional().describe('JSON body in place of a form; "{{quantity}}" alone becomes a number'),
  headers: fields.optional(),
  start: text.optional().describe('command that starts the server; {port} is a free port'),
  ready: text.optional().describe('URL that answers once the server is up'),
  preset: z.enum(PRESETS).optional().describe('rules for the answers of a known shop; those of outcomes go first'),
  timeout: time.optional(),
  poll: poll.optional(),
})

const load = z.strictObject({
  users: whole(LIMITS.users).optional(),
  concurrency: whole(LIMITS.concurrency).optional(),
  quantity: z
    .union([z.int(), z.string()], { error: () => say`must be units such as 1, or a range such as 1-2` })
    .optional(),
  duplicates: share.optional(),
  usernames: text.optional().describe('older name of users.names'),
  seed: whole(LIMITS.seed).optional(),
  rate: text.optional().describe('open load: 2000/s, 100/s..5000/s, 100/s@10s,500/s@30s'),
  burst: z.boolean().optional().describe('release all at once, or concurrency at a time'),
  duration: time.optional(),
  warmup: time.optional().describe('what leaves in this time is not measured'),
  thinkTime: time.optional().describe('between an answer and the next attempt'),
  attemptsPerUser: z.int().min(1).max(100).optional(),
  workers: z
    .union([z.int().min(1).max(64), z.literal('auto')])
    .optional()
    .describe('threads that send'),
})

const race = z.strictObject({
  users: z
    .union([z.int().min(1), text])
    .optional()
    .describe('buyers, or who is who: aab'),
  stock: whole([0, 1_000]).optional(),
  quantity: z.union([z.int().min(1), z.array(z.int().min(1)).min(1)]).optional(),
  sameUser: z.boolean().optional(),
  maxPreemptions: whole([0, 100]).optional(),
  budget: time.optional().describe('default 60s'),
  keepGoing: z.boolean().optional().describe('find every rule that breaks, not only the first'),
  deployment: z
    .enum(['scaled', 'single'])
    .optional()
    .describe('scaled (default): a copy of the shop for each buyer; single: one process for all'),
  env: fields.optional().describe('for the copies of the shop'),
})

const audit = z.strictObject({
  settle: time.optional().describe('longest wait until stock and records stand still; default 30s'),
  orders: text.optional().describe('CSV or NDJSON of orders: one more place of records'),
  ordersCommand: text.optional().describe('a command that prints such orders'),
})

const ids = Object.keys(INVARIANTS) as InvariantId[]
const invariantSwitch = z.enum(['off', 'warn']).optional()
const invariants = z.strictObject(
  Object.fromEntries(ids.map((id) => [id, invariantSwitch])) as Record<InvariantId, typeof invariantSwitch>,
)

const EXPECTED = ['pass', 'fail', 'inconclusive'] as const

/** seckill.yaml: every section and almost every member may be missing; flags win over what is here. */
export const saleFileSchema = z.strictObject({
  sale: sale.optional(),
  target: target.optional(),
  outcomes: z.array(outcome).optional(),
  users: users.optional(),
  attempt: attempt.optional(),
  load: load.optional(),
  invariants: invariants.optional().describe('off: not judged; warn: its failure does not fail the audit'),
  thresholds: z
    .array(text)
    .optional()
    .describe('what a run has to keep to: p99 < 300ms, outcome.sold == 50, errors < 1%'),
  audit: audit.optional().describe('how seckill run audits'),
  race: race
    .optional()
    .describe(
      'seckill run explores the orders of Redis commands, too; {} for the portfolio. Needs target.start and {port}',
    ),
  expect: z
    .union([z.enum(EXPECTED), z.array(z.enum(ids)).min(1)], {
      error: () => say`must be ${listed(EXPECTED)} or a list of rules`,
    })
    .optional()
    .describe('what seckill run has to find; a list: fails, by at least one of these rules and no other'),
  extends: text
    .optional()
    .describe('another sale file, from the folder of this one; what stands here wins, lists whole'),
})

export type SaleFileInput = z.output<typeof saleFileSchema>

/** The schema that the package ships, for editors. */
export const saleFileJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(saleFileSchema, { io: 'input' }),
  title: 'seckill.yaml',
})
