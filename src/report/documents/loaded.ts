import { z } from 'zod'
import { count, latencyMs, milliseconds } from './common.js'

/** What the generator says of itself. */
export const generator = z
  .object({
    verdict: z.enum(['valid', 'suspect', 'invalid']),
    reasons: z.array(z.string()),
    cpu: z.number().describe('cores'),
    utilisation: z.number().describe('of the busiest event loop, 0..1'),
    eventLoopDelayP99Ms: milliseconds,
    sendLagP99Ms: milliseconds,
    retransmits: z.int().nullable().describe('TCP segments of the whole machine; null where it does not tell'),
  })
  .describe('whether the figures can be believed')

/** What `blast` and `simulate` tell of how the load was produced. */
export const loadFields = {
  latencyMs,
  model: z.enum(['closed', 'open', 'burst']),
  planned: count.describe('attempts; of an open load those that came due'),
  late: count.describe('of an open load: left more than 10 ms after their time'),
  dropped: count.describe('of an open load: came due and never left'),
  warmingUp: count.describe('attempts of the warm-up: counted, not in latencyMs'),
  sentPerSecond: z.array(count),
  answeredPerSecond: z.array(count),
  winnersOrder: z
    .object({
      winners: count,
      amongFirst: count.describe('winners that were among the first that many to send'),
      lastPlace: count.describe('of the last winner, in the order of sending'),
    })
    .nullable(),
  generator,
  burst: z.object({ releaseSpreadMs: milliseconds, p50Ms: milliseconds, p99Ms: milliseconds }).nullable(),
} as const
