import { z } from 'zod'
import { count, milliseconds, outcome, percentiles, thresholds, tracedCommand, uuid } from './common.js'
import { loadFields } from './loaded.js'

const holding = z.object({
  remaining: z.int().nullable(),
  recorded: z.string().nullable().describe('the record of this user, as it stands in Redis'),
})

export const buy = z.object({
  user: z.string(),
  quantity: count,
  outcome,
  answer: z.string().nullable(),
  rule: z.string().nullable().describe('that told the outcome; null where none matched'),
  before: holding,
  after: holding,
  elapsedMs: milliseconds,
  order: z
    .object({
      ticket: z.string(),
      outcome: outcome.nullable().describe('null: not decided yet'),
      decidedMs: milliseconds.nullable().describe('from sending to the decision'),
    })
    .optional()
    .describe('of a strategy that decides later'),
  trace: z.array(tracedCommand).optional().describe('with --trace: its Redis commands, in the order of sending'),
})

export const buyPlan = z.object({ target: z.string(), user: z.string(), quantity: count, dryRun: z.literal(true) })

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
  thresholds,
})

/** What became of queued attempts. */
export const followed = z.object({
  queued: count,
  undecided: count,
  notFollowed: count.describe('whose answer held no ticket; undecided, too'),
  polls: count.describe('requests that asked; in no other figure'),
  throttled: count.describe('polls that were told to come later'),
  failures: z
    .array(z.object({ count, reason: z.string() }))
    .describe('why polls brought no answer, the most frequent first'),
  unmatched: z
    .array(z.object({ count, sample: z.string() }))
    .describe('answers to polls that no rule knows, which decide nothing: a --poll-outcome would'),
  outcomes: z.partialRecord(outcome, count).describe('what the decided came to'),
  acceptanceMs: percentiles.nullable().describe('from the planned send to the answer "queued"; null where none came'),
  decisionMs: percentiles.describe('from the planned send to the decision'),
  decisionByOutcome: z.partialRecord(outcome, percentiles).describe('the same by what was decided'),
})

export const blast = z.object({
  target: z.string(),
  ...fired.shape,
  followed: followed.nullable().describe('with --poll: what became of queued attempts'),
  answersBeyondGroups: count.describe('answers of more kinds than are kept, known by their outcome alone'),
})
export const simulate = z.object({
  strategy: z.string(),
  ...fired.shape,
  followed: followed.nullable().describe('what became of queued attempts, by a strategy that decides later'),
})

const plan = z.object({
  users: count,
  seed: count,
  attemptsPerUser: count,
  duplicates: z.number().min(0).max(1),
  quantity: z.object({ min: count, max: count }),
})
export const blastPlan = z.object({ target: z.string(), plan, dryRun: z.literal(true) })
export const simulatePlan = z.object({ strategy: z.string(), sale: z.string(), plan, dryRun: z.literal(true) })
