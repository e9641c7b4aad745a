import { say } from '../language/say.js'
import { summaryOf } from '../load/latency.js'
import type { RunResult } from '../load/run.js'
import type { LoadShape } from '../load/shape.js'
import { thousands } from './numbers.js'

/** What is to be known of how a load was produced: for `--json`. */
export const loadJson = ({ measures, facts }: RunResult) => ({
  ...facts,
  sentPerSecond: measures.sent.counts(),
  answeredPerSecond: measures.answered.counts(),
  winnersOrder: measures.order.winners(),
})

/** The same in lines for people; nothing where there is nothing to say. */
export const loadLines = ({ model }: LoadShape, { measures, planned, dropped }: RunResult): string[] => {
  const lines: string[] = []
  const lag = summaryOf(measures.lag.histogram())
  if (model.kind === 'open') {
    lines.push(
      say`open load: ${thousands(planned)} planned, ${thousands(measures.late)} late, ${thousands(dropped)} dropped; left ${lag.p99.toFixed(1)} ms after their time (p99)`,
    )
  }
  if (model.kind === 'burst') {
    lines.push(
      say`released within ${lag.max.toFixed(1)} ms: half of them in ${lag.p50.toFixed(1)} ms, 99 % in ${lag.p99.toFixed(1)} ms`,
    )
  }
  if (measures.warmingUp > 0)
    lines.push(say`${thousands(measures.warmingUp)} attempts of the warm-up are not in the times`)
  const order = measures.order.winners()
  if (model.kind !== 'closed' && order !== null && order.winners < measures.tally.attempts) {
    lines.push(
      say`of ${thousands(order.winners)} winners ${thousands(order.amongFirst)} were among the first ${thousands(order.winners)} to send; the last of them sent as no. ${thousands(order.lastPlace)}`,
    )
  }
  return lines
}
