import { z } from 'zod'
import { audit } from './audited.js'
import { invariant, thresholds, verdict } from './common.js'
import { blast } from './fired.js'
import { race, raceUrl } from './raced.js'
import { init } from './sale.js'

const failed = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }),
})

/** What `run --json` prints. */
export const run = z.object({
  scenario: z.string().describe('the sale file, or the id of the sale'),
  verdict: verdict.describe('of audit and race together'),
  expected: z.union([verdict, z.array(invariant)]).describe('by the sale file; a list: fails by these rules alone'),
  asExpected: z.boolean(),
  broken: z.array(z.string()),
  init: init.nullable().describe('null where the shop seeds, or --only left it out'),
  blast: blast.nullable(),
  audit: z.union([audit, failed]).nullable(),
  race: z.union([raceUrl, race, failed]).nullable(),
  thresholds,
  report: z.string().nullable().describe('file that was written'),
})

export const runPlan = z.object({ scenario: z.string(), steps: z.array(z.string()), dryRun: z.literal(true) })
