import { z } from 'zod'
import { PRESETS } from '../history/presets.js'
import { LAYOUT_NAMES, LAYOUTS } from '../sale/layout.js'
import { LIMITS } from '../sale/limits.js'
import { OUTCOMES } from '../sale/outcome.js'
import { USERNAME_FORMS } from '../sale/usernames.js'

const unique = <T>(values: T[]): [T, ...T[]] => [...new Set(values)] as [T, ...T[]]

const layouts = LAYOUT_NAMES.map((name) => LAYOUTS[name])
const text = z.string().min(1)
const whole = ([min, max]: readonly [number, number]) => z.int().min(min).max(max)
/** YAML reads `5` as a number; a form or a header holds text. */
const fields = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], { error: 'must be text or a number' }),
)

const share = z.union([z.number(), z.string()], { error: 'must be a share such as 5% or 0.05' })

const stock = z.strictObject({
  key: text.optional().describe('Redis key of the stock; default goods_<id>'),
  type: z.enum(unique(layouts.map((layout) => layout.stock))).default('list'),
  initial: whole(LIMITS.stock).optional().describe('units at the start'),
})

const records = z.strictObject({
  key: text.optional().describe('Redis key of the records; default <id>_users'),
  type: z.enum(unique(layouts.map((layout) => layout.records))).default('hash'),
})

const sale = z.strictObject({
  id: text.optional().describe('A-Z a-z 0-9 _ . -, at most 64; default a'),
  stock: stock.optional(),
  records: z.array(records).min(1).max(1, { error: 'one place of records is supported' }).optional(),
  perUser: z
    .strictObject({ orders: z.int().min(1).optional(), units: whole(LIMITS.unitsPerUser).optional() })
    .optional()
    .describe('what one user may hold'),
})

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
  timeout: z.union([z.string(), z.number()], { error: 'must be a time such as 500ms, 10s or 2m' }).optional(),
})

const outcome = z.strictObject({
  is: z.enum(OUTCOMES),
  status: z.union([z.int(), z.string()], { error: 'must be a status such as 409 or 5xx' }).optional(),
  text: text.optional().describe('the answer contains this'),
  regex: text.optional(),
  json: text.optional().describe('path such as $.data.code'),
  equals: z.unknown().optional().describe('value at the path; without it, any but false, null, 0 and ""'),
})

const users = z.strictObject({
  names: text.optional().describe(`${USERNAME_FORMS}; default random`),
  file: text
    .optional()
    .describe('CSV with a column user, from the folder of this file; other columns become placeholders'),
  duplicates: share.optional().describe('share of the users who click twice at once'),
})

const load = z.strictObject({
  users: whole(LIMITS.users).optional(),
  concurrency: whole(LIMITS.concurrency).optional(),
  quantity: z.union([z.int(), z.string()], { error: 'must be units such as 1, or a range such as 1-2' }).optional(),
  duplicates: share.optional(),
  usernames: text.optional().describe('older name of users.names'),
  seed: whole(LIMITS.seed).optional(),
})

/** seckill.yaml: every section and almost every member may be missing; flags win over what is here. */
export const saleFileSchema = z.strictObject({
  sale: sale.optional(),
  target: target.optional(),
  outcomes: z.array(outcome).optional(),
  users: users.optional(),
  load: load.optional(),
})

export type SaleFileInput = z.output<typeof saleFileSchema>

/** The schema that the package ships, for editors. */
export const saleFileJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(saleFileSchema, { io: 'input' }),
  title: 'seckill.yaml',
})
