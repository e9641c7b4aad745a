import { z } from 'zod'
import { EXPORT_FORMATS } from '../../history/export/index.js'
import { count, dryRun, latencyMs, milliseconds, outcome, uuid } from './common.js'

/** What `report --json` prints. */
export const report = z.object({
  runId: z.string(),
  runFile: z.string(),
  firedBy: z.enum(['blast', 'simulate', 'buy']),
  startedAt: z.string(),
  sale: z.string(),
  saleUuid: uuid,
  target: z.string(),
  seed: count,
  concurrency: count,
  attempts: count,
  complete: z.boolean().describe('false where the log ends early'),
  interrupted: z.boolean().nullable(),
  tornBytes: count.describe('at the end, no whole chunk, skipped'),
  elapsedMs: milliseconds.nullable(),
  format: z.enum(['json', ...EXPORT_FORMATS]),
  out: z.string().nullable().describe('file that was written'),
  dryRun,
  outcomes: z.partialRecord(outcome, count).optional(),
  latencyMs: latencyMs.optional(),
  answers: z
    .array(
      z.object({
        group: count,
        count,
        status: count,
        outcome,
        rule: z.string().nullable(),
        sample: z.string(),
      }),
    )
    .optional(),
})
