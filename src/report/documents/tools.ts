import { z } from 'zod'
import { OUTCOMES } from '../../sale/outcome.js'
import { audit } from './audited.js'
import { count, dryRun, invariant, layout, tracedCommand } from './common.js'
import { blast } from './fired.js'

export const strategies = z.object({
  strategies: z.array(
    z.object({
      name: z.string(),
      layout,
      summary: z.string(),
      breaks: z.object({
        always: z.array(invariant),
        ifLockExpires: z.array(invariant).optional(),
        withSeveralWorkers: z
          .array(invariant)
          .optional()
          .describe('further ones, where several decide at the same time'),
        ifProcessDies: z.array(invariant).optional().describe('further ones, where one dies between two commands'),
      }),
      requires: z.object({ command: z.string(), servers: z.string() }).nullable(),
    }),
  ),
})

export const redisStart = z.object({ url: z.string(), port: count, pid: count, alreadyRunning: z.boolean() })
export const redisStop = z.object({ stopped: z.boolean(), pid: count.nullable() })
export const redisPlan = z.object({ running: z.string().nullable().describe('URL'), dryRun: z.literal(true) })
export const serve = z.object({ url: z.string(), sale: z.string(), dryRun })
export const worker = z.object({
  sale: z.string(),
  decided: count,
  outcomes: z.partialRecord(z.enum(OUTCOMES), count),
  givenUp: count,
})
export const workerPlan = z.object({ sale: z.string(), dryRun: z.literal(true) })
export const proxy = z.object({ port: count, dryRun })
export const proxied = tracedCommand
export const demo = z.object({
  scenes: z.array(z.object({ strategy: z.string(), blast, audit })),
  report: z.string().nullable().describe('the HTML report that was written'),
  dryRun,
})

/** What `import --json` prints. */
export const imported = z.object({
  plan: z.string(),
  sampler: z.object({ name: z.string(), line: count }).describe('the one that buys'),
  scenario: z.record(z.string(), z.unknown()).describe('sections of the sale file'),
  yaml: z.string().describe('the sale file'),
  out: z.string().nullable().describe('where it was written'),
  environment: z.array(z.string()).describe('variables that hold secrets, which are not written'),
  notes: z.array(
    z.object({
      kind: z.enum(['changed', 'unnecessary', 'disabled', 'dropped']),
      line: count,
      element: z.string(),
      name: z.string(),
      message: z.string(),
    }),
  ),
  dryRun,
})

export const doctor = z.object({
  verdict: z.enum(['ok', 'warn', 'fail']),
  redis: z.string().describe('where it is; never a password'),
  target: z.string().nullable(),
  checks: z.array(
    z.object({
      id: z.string(),
      about: z.enum(['redis', 'target', 'machine']),
      mark: z.enum(['ok', 'warn', 'fail', 'unknown']).describe('unknown: it is not told'),
      message: z.string(),
      hint: z.string().nullable().describe('what to do'),
    }),
  ),
})

export const completion = z.object({ shell: z.string(), script: z.string() })
