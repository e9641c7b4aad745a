import { summaryOf } from '../load/latency.js'
import type { RunResult } from '../load/run.js'
import type { LoadShape } from '../load/shape.js'
import { thousands } from './numbers.js'

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000

/** What is to be known of how a load was produced: for `--json`. */
export const loadJson = ({ model }: LoadShape, result: RunResult) => {
  const { measures, planned, dropped, generator } = result
  const lag = summaryOf(measures.lag)
  const { verdict, reasons, cpu, utilisation, eventLoopDelayP99Ms, sendLagP99Ms, retransmits } = generator
  return {
    model: model.kind,
    planned,
    late: model.kind === 'open' ? measures.late : 0,
    dropped,
    warmingUp: measures.warmingUp,
    sentPerSecond: measures.sent.counts(),
    answeredPerSecond: measures.answered.counts(),
    winnersOrder: measures.order.winners(),
    generator: {
      ...{ verdict, reasons, retransmits, sendLagP99Ms },
      cpu: rounded(cpu),
      utilisation: rounded(utilisation),
      eventLoopDelayP99Ms: rounded(eventLoopDelayP99Ms),
    },
    burst: model.kind === 'burst' ? { releaseSpreadMs: lag.max, p50Ms: lag.p50, p99Ms: lag.p99 } : null,
  }
}

/** The same in lines for people; nothing where there is nothing to say. */
export const loadLines = ({ model }: LoadShape, { measures, planned, dropped }: RunResult): string[] => {
  const lines: string[] = []
  const lag = summaryOf(measures.lag)
  if (model.kind === 'open') {
    lines.push(
      `open load: ${thousands(planned)} planned, ${thousands(measures.late)} late, ${thousands(dropped)} dropped; left ${lag.p99.toFixed(1)} ms after their time (p99)`,
    )
  }
  if (model.kind === 'burst') {
    lines.push(
      `released within ${lag.max.toFixed(1)} ms: half of them in ${lag.p50.toFixed(1)} ms, 99 % in ${lag.p99.toFixed(1)} ms`,
    )
  }
  if (measures.warmingUp > 0)
    lines.push(`${thousands(measures.warmingUp)} attempts of the warm-up are not in the times`)
  const order = measures.order.winners()
  if (model.kind !== 'closed' && order !== null && order.winners < measures.tally.attempts) {
    lines.push(
      `of ${thousands(order.winners)} winners ${thousands(order.amongFirst)} were among the first ${thousands(order.winners)} to send; the last of them sent as no. ${thousands(order.lastPlace)}`,
    )
  }
  return lines
}
