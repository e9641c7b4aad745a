import { z } from 'zod'
import { QUEUE_TYPES, RECORDS_TYPES, STOCK_TYPES } from '../../sale/layout.js'
import { count, dryRun, layout, uuid } from './common.js'

export const init = z.object({
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

const key = <T extends string>(types: readonly T[]) =>
  z.object({ key: z.string(), type: z.enum(types), bytes: count.nullable() })

export const status = z.object({
  sale: z.string(),
  saleUuid: uuid,
  layout,
  stock: z.object({ initial: count, remaining: z.int().nullable().describe('null where it is unreadable') }),
  sold: z.int().nullable(),
  buyers: count.nullable(),
  ttlSeconds: count.nullable(),
  keys: z.object({ stock: key(STOCK_TYPES), records: key(RECORDS_TYPES) }),
  records: z.array(
    z.object({
      key: z.string(),
      type: z.enum(RECORDS_TYPES),
      records: count,
      units: z.int(),
      unreadable: z.array(z.object({ user: z.string(), raw: z.string(), why: z.string() })),
    }),
  ),
  queues: z.array(z.object({ key: z.string(), type: z.enum(QUEUE_TYPES), waiting: z.string().nullable() })),
  orders: z
    .object({
      key: z.string(),
      ...{ unrelayed: count, waiting: count, active: count, delayed: count, completed: count, failed: count },
      workers: count.nullable(),
      failedJobs: z.array(z.object({ id: z.string(), user: z.string().nullable(), reason: z.string() })),
    })
    .nullable()
    .describe('the queue of our own strategies'),
  problems: z.array(z.string()),
})

export const reset = z.object({ sale: z.string(), removed: z.array(z.string()).describe('keys'), dryRun })
