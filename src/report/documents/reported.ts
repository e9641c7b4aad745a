import { z } from 'zod'
import { EXPORT_FORMATS } from '../../history/export/index.js'
import { audit } from './audited.js'
import { count, dryRun, latencyMs, milliseconds, outcome, uuid, verdict } from './common.js'
import { followed } from './fired.js'
import { generator } from './loaded.js'
import { race, raceUrl } from './raced.js'

/** Formats of a report on whole runs; the others write out the attempts of one. */
export const SUMMARY_FORMATS = ['html', 'md', 'json'] as const

/** What is known of a run before its attempts are read. */
const head = {
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
}

const counts = z.array(count)

const figures = {
  asked: z
    .object({ users: count, copies: count, least: count, most: count })
    .describe('users, further tries of theirs, units that they asked for'),
  outcomes: z.partialRecord(outcome, count),
  unitsAcknowledged: count,
  statusCodes: z.record(z.string().regex(/^\d{3}$/), count),
  timeToSellOutMs: milliseconds.nullable(),
  latencyMs,
  followed: followed
    .extend({
      notFollowed: followed.shape.notFollowed.nullable(),
      polls: followed.shape.polls.nullable(),
      throttled: followed.shape.throttled.nullable(),
      failures: followed.shape.failures.nullable(),
      unmatched: followed.shape.unmatched.nullable(),
    })
    .nullable()
    .describe(
      'what became of queued attempts, what it took null where the log does not tell; null where nobody followed them',
    ),
  spectrum: z
    .object({
      percentiles: z.array(z.number()),
      byOutcome: z.partialRecord(outcome, z.array(milliseconds)),
      decision: z.array(milliseconds).describe('time to decision; empty where nothing was decided'),
      decisionByOutcome: z.partialRecord(outcome, z.array(milliseconds)),
    })
    .describe('response time of each outcome at each percentile; time to decision likewise'),
  overTime: z
    .object({ widthMs: milliseconds, sent: counts, answered: counts, won: counts, units: counts })
    .describe('counts in stretches of widthMs, from the start; at most 160'),
  winnersOrder: z
    .object({
      winners: count,
      amongFirst: count,
      lastPlace: count,
      curve: z.array(z.tuple([count, count])).describe('n, and how many of the first n to send had won'),
    })
    .nullable(),
  answers: z.array(
    z.object({ group: count, count, status: count, outcome, rule: z.string().nullable(), sample: z.string() }),
  ),
  requestsPerSecond: count.nullable(),
  load: z
    .object({
      model: z.enum(['closed', 'open', 'burst']),
      planned: count,
      late: count,
      dropped: count,
      warmingUp: count,
      generator,
      burst: z.object({ releaseSpreadMs: milliseconds, p50Ms: milliseconds, p99Ms: milliseconds }).nullable(),
    })
    .nullable()
    .describe('how the load was produced; null in older logs'),
  environment: z
    .object({
      seckill: z.string(),
      node: z.string(),
      platform: z.string(),
      cores: count,
      redis: z.string().nullable(),
      server: z.string().nullable().describe('as it names itself'),
    })
    .nullable(),
  repeat: z.string().nullable().describe('commands that make the same attempts again'),
  audit: audit.nullable().describe('the newest that judged this run; null where none did'),
  race: z.union([race, raceUrl]).nullable().describe('the newest of this target; null where there is none'),
}

const regression = z.object({
  expression: z.string().describe('as written'),
  metric: z.string(),
  was: z.number().nullable(),
  is: z.number().nullable(),
  unit: z.enum(['ms', '/s', '']),
  changePercent: z.number().nullable(),
  verdict,
  message: z.string(),
})

/** What `report --json` prints. */
export const report = z.object({
  ...head,
  format: z.enum([...SUMMARY_FORMATS, ...EXPORT_FORMATS]),
  out: z.string().nullable().describe('file that was written'),
  dryRun,
  ...z.object(figures).partial().shape,
  others: z
    .array(z.object({ ...head, ...figures }))
    .optional()
    .describe('further runs of the same report'),
  baseline: z
    .object({ runId: z.string(), runFile: z.string(), regressions: z.array(regression) })
    .nullable()
    .optional()
    .describe('with --baseline'),
})
