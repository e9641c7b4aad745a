import type { RunMeta } from '../history/run.js'
import type { LatencyRecorder } from '../load/latency.js'
import type { Outcome } from '../sale/outcome.js'

/** A run as `report` shows it. */
export interface Summary {
  readonly meta: RunMeta & { readonly attempts: number }
  readonly outcomes: Partial<Record<Outcome, number>>
  readonly latency: LatencyRecorder
  /** Attempts by group of answers. */
  readonly groupSizes: ReadonlyMap<number, number>
}

/** Goes over all attempts, a chunk at a time. */
export const sumUp = async (meta: Summary['meta']): Promise<Summary> => {
  const [{ attemptBatches }, { LatencyRecorder }] = await Promise.all([
    import('../history/run-log-reader.js'),
    import('../load/latency.js'),
  ])
  const latency = new LatencyRecorder()
  const outcomes: Partial<Record<Outcome, number>> = {}
  const groupSizes = new Map<number, number>()
  const warmupUs = (meta.header.warmupMs ?? 0) * 1_000
  for (const table of attemptBatches(meta.path)) {
    for (let row = 0; row < table.length; row++) {
      const outcome = table.outcomeAt(row)
      const group = table.group[row] as number
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      groupSizes.set(group, (groupSizes.get(group) ?? 0) + 1)
      if ((table.intendedAtUs[row] as number) < warmupUs) continue
      const { lagUs, serviceUs, connectUs } = table
      const service = serviceUs[row] as number
      latency.record(outcome, (lagUs[row] as number) + service, service, connectUs[row] as number)
    }
  }
  return { meta, outcomes, latency, groupSizes }
}
