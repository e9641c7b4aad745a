import { z } from 'zod'
import { count, invariant, milliseconds, outcome, thresholds, uuid, verdict } from './common.js'

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
    onlyWarns: z.boolean().describe('its failure does not fail the audit, as the sale file wants it'),
    message: z.string(),
    observed: figure,
    expected: figure,
    evidence: z.object({
      users: z.array(z.string()),
      usersInAll: count,
      attempts: z.array(attemptEvidence),
      drawing: z.array(z.string()).describe('these attempts over time, in lines of text'),
      keys: z.array(z.string()),
    }),
    hint: z.string().nullable(),
    avoidedBy: z.string().nullable().describe('the strategy that avoids this failure; null where there is none'),
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

/** A line of `audit --watch --json`. */
export const auditWatch = z.object({
  at: z.string().describe('ISO 8601'),
  sale: z.string(),
  still: z.boolean().describe('stock and records did not move since the look before'),
  verdict: verdict.nullable().describe('null while the sale moves and nothing is proved'),
  stock: z.object({ initial: count, remaining: z.int().nullable() }),
  recorded: z.int(),
  acknowledged: count,
  failed: z.array(z.object({ id: invariant, message: z.string() })),
  lost: z.string().nullable().describe('why the store is no witness of the runs; null where it is'),
  gap: z.string().nullable().describe('why attempts are missing from the runs; null where none are'),
  warnings: z.array(z.string()).describe('what about server and keys may have spoilt the sale'),
})

const orderFigures = z
  .object({
    won: count.nullable().describe('buyers who heard that they won after waiting; null without a run'),
    reserved: count.nullable().describe('claims; null where no strategy takes units at the door'),
    jobs: count.describe('jobs that sold'),
    recorded: count.describe('users of these orders who are recorded'),
    besides: count.describe('other users who are recorded: they bought without the queue'),
    units: z.object({ reserved: z.int().nullable(), jobs: z.int(), recorded: z.int() }),
    refused: count.describe('jobs decided otherwise'),
    givenUp: count,
    ofOtherSeedings: count.describe('finished jobs of other seedings of the sale, which count nowhere else'),
  })
  .meta({ id: 'orderFigures' })

const named = z.object({ users: z.array(z.string()).describe('at most 1000'), usersInAll: count })

export const audit = z.object({
  judgedAt: z.string().describe('ISO 8601'),
  verdict,
  summary: z.string().describe('one sentence for whoever answers to the customers'),
  people: z.object({
    told: count.nullable().describe('people who were told that they won; null without a run'),
    waiting: count.optional().describe('accepted, no decision heard and nothing recorded; absent in older audits'),
    sorry: named.describe('told that they won, though there was nothing for them or nothing is recorded'),
    twice: named.describe('won more often than they may'),
    refused: named.describe('refused what was there'),
    contradicted: named.describe('told what no order of the purchases explains, and named in none of the others'),
  }),
  outcomeRules: z.array(z.string()).describe('rules of this audit alone, by which kept answers were read anew'),
  tested: count,
  rules: count,
  sale: z.string(),
  saleUuid: uuid,
  runs: z.array(auditedRun),
  settled: z.object({
    settled: z.boolean(),
    waitedMs: milliseconds,
    stillMs: milliseconds.describe('how long nothing had changed when it was read'),
    moving: z.string().nullable(),
  }),
  stock: z.object({
    initial: count,
    remaining: z.int().nullable(),
    sold: z.int().describe('units recorded'),
    lowestSeen: z.int().nullable(),
    samples: count,
  }),
  witnesses: z
    .object({
      testified: z.array(
        z.object({
          witness: z.string(),
          units: z.int(),
          open: count.describe('units of attempts without an answer: these may come on top'),
        }),
      ),
      disagreements: z.array(
        z.object({
          between: z.tuple([z.string(), z.string()]),
          units: count.describe('by which they differ, at least'),
          users: z.array(z.string()).describe('of whom they say different things, at most 1000'),
          usersInAll: count,
          message: z.string(),
        }),
      ),
    })
    .describe('what clients were told, each place of records, what left the stock: they have to agree in pairs'),
  acknowledged: count.describe('units that buyers were told they got'),
  // Absent in documents that earlier versions kept.
  orders: orderFigures
    .nullable()
    .default(null)
    .describe('orders of the sale’s own queue; null where none went through it'),
  invariants: z.array(judged),
  coverage: z.object({
    attempts: count,
    outcomes: z.partialRecord(outcome, count),
    reached: count.describe('attempts that the sale itself saw: neither throttled nor unsent'),
  }),
  reproduce: z.string().nullable().describe('commands that make the same attempts again'),
  warnings: z.array(z.string()),
  remarks: z.array(z.string()).describe('what else about the server is worth knowing'),
  thresholds,
})
