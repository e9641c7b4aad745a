import type { LoadFacts } from '../history/run.js'
import { summaryOf } from './latency.js'
import type { Measures } from './measures.js'
import type { LoadShape } from './shape.js'
import type { GeneratorReport } from './verdict.js'

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000

/** What is to be known of how a load was produced: in the run log and in `--json` alike. */
export const loadFactsOf = (
  { model }: LoadShape,
  measures: Measures,
  { planned, dropped, generator }: { planned: number; dropped: number; generator: GeneratorReport },
): LoadFacts => {
  const lag = summaryOf(measures.lag.histogram())
  const { verdict, reasons, cpu, utilisation, eventLoopDelayP99Ms, sendLagP99Ms, retransmits } = generator
  return {
    model: model.kind,
    planned,
    late: model.kind === 'open' ? measures.late : 0,
    dropped,
    warmingUp: measures.warmingUp,
    generator: {
      ...{ verdict, reasons, retransmits, sendLagP99Ms },
      cpu: rounded(cpu),
      utilisation: rounded(utilisation),
      eventLoopDelayP99Ms: rounded(eventLoopDelayP99Ms),
    },
    burst: model.kind === 'burst' ? { releaseSpreadMs: lag.max, p50Ms: lag.p50, p99Ms: lag.p99 } : null,
  }
}
