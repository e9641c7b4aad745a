import { z } from 'zod'
import { INVARIANTS, type InvariantId } from '../../sale/invariant.js'
import { LAYOUT_NAMES } from '../../sale/layout.js'
import { OUTCOMES } from '../../sale/outcome.js'

export const count = z.int().min(0)
export const milliseconds = z.number().min(0)
export const uuid = z.string().nullable().describe('of this seeding; null where seckill init did not write the sale')
export const layout = z.enum([...LAYOUT_NAMES, 'custom'])
export const outcome = z.enum(OUTCOMES).meta({ id: 'outcome' })
export const invariant = z.enum(Object.keys(INVARIANTS) as InvariantId[]).meta({ id: 'invariant' })
export const verdict = z.enum(['pass', 'fail', 'inconclusive'])
export const dryRun = z.literal(true).optional().describe('with --dry-run: nothing was done')

export const percentiles = z
  .object({
    p50: milliseconds,
    p90: milliseconds,
    p99: milliseconds,
    p999: milliseconds,
    max: milliseconds,
    mean: milliseconds,
  })
  .meta({ id: 'percentiles' })

const byOutcome = z.partialRecord(outcome, percentiles)

export const latencyMs = z.object({
  response: percentiles,
  service: percentiles,
  connect: percentiles,
  byOutcome,
  serviceByOutcome: byOutcome,
  connectByOutcome: byOutcome,
})

/** One Redis command that went through the proxy. */
export const tracedCommand = z.object({
  connection: count,
  command: z.string().describe('passwords masked'),
  kind: z.enum(['step', 'housekeeping', 'streaming', 'silent']),
  reply: z.string().nullable().describe('as redis-cli shows it; null where none came'),
  sentAtMs: z.number().describe('since the proxy started, or since the purchase was sent'),
  elapsedMs: milliseconds.nullable(),
})

/** What became of each `--threshold`. */
export const thresholds = z.array(
  z
    .object({
      expression: z.string().describe('as written'),
      observed: z.number().nullable().describe('in unit; null without a sample'),
      unit: z.enum(['ms', '/s', '%', '']).describe('empty: a count'),
      verdict,
      message: z.string().describe('what was observed, or why that cannot be judged'),
    })
    .meta({ id: 'threshold' }),
)
