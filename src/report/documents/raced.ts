import { z } from 'zod'
import { count, invariant, milliseconds, outcome, thresholds, verdict } from './common.js'

/** What `race --json` prints. */

const rule = z
  .enum([...invariant.options, 'deadlock', 'never-settles', 'threw', 'nondeterminism'])
  .meta({ id: 'raceRule' })

const setting = z.object({ users: z.array(z.string()), quantities: z.array(count), stock: count, workers: count })

const orders = count.nullable().describe('orders that the executions stand for; null where they were not counted')

const step = z.object({
  user: z.string().nullable().describe('null for the expiry of a lock and for workers'),
  buyer: count.nullable().describe('the number in the replay'),
  by: z.string().describe('whose step: a buyer, the expiry, worker A, the relay'),
  command: z.string(),
  reply: z.string(),
  stock: z.int().nullable(),
})

const violation = z.object({
  invariant: rule,
  message: z.string(),
  hint: z.string().nullable(),
  setting,
  steps: z.array(step),
  outcomes: z.array(outcome.nullable()),
  preemptions: count,
  replay: z.string(),
  flags: z.string().describe('that make this order again'),
})

const found = {
  racedAt: z.string().describe('ISO 8601'),
  verdict,
  exhaustive: z.boolean().describe('explored to the end, within the bound on preemptions where there is one'),
  schedules: count.describe('executions made'),
  total: count.nullable().describe('executions there are; null where the search ended first'),
  orders,
  blocked: count.describe('executions broken off because they had been seen'),
  firstViolationAt: count.nullable().describe('executions made until then'),
  firstViolationMs: milliseconds.nullable(),
  explorer: z.enum(['exhaustive', 'dpor', 'random', 'pct', 'replay']),
  reduction: z.enum(['none', 'key', 'field']),
  symmetry: z.boolean(),
  realTime: z.boolean(),
  maxPreemptions: count.nullable(),
  crash: z.boolean().describe('in each order one process may die'),
  seed: count,
  settings: z.array(
    setting.extend({ schedules: count, orders, exhausted: z.boolean(), broken: z.array(rule), verdict }),
  ),
  elapsedMs: milliseconds,
  stopped: z.enum(['budget', 'interrupted', 'steps']).nullable().describe('steps: an execution went on and on'),
  neverSold: z.boolean().describe('units were there and nobody was told in any order that he got some: no pass'),
  deployment: z.string(),
  violations: z.array(violation),
  thresholds,
}

export const race = z.object({ strategy: z.string(), ...found })

/** With a URL: a shop that is not ours. */
export const raceUrl = z.object({ url: z.string(), ...found })

const raced = z.object({
  strategy: z.string(),
  lockExpiry: z.boolean(),
  workers: count.nullable().describe('null: one, or none'),
  crash: z.boolean(),
  verified: z.boolean().describe('false where the server lacks a command that the strategy needs'),
  schedules: count,
  exhaustive: z.boolean(),
  broken: z.array(rule),
  declared: z.array(rule),
  asDeclared: z.boolean(),
  elapsedMs: milliseconds,
})

/** With `--all-strategies`. */
export const races = z.object({ strategies: z.array(raced) })

/** With `--prove-independence`. */
export const independence = z.object({
  independence: z.object({
    pairs: count,
    trials: count,
    independent: count.describe('trials whose two commands the table takes for independent'),
    counterexamples: z.array(z.string()),
  }),
})

export const racePlan = z.object({ strategy: z.string(), settings: count, dryRun: z.literal(true) })
export const raceUrlPlan = z.object({ url: z.string(), settings: count, dryRun: z.literal(true) })
