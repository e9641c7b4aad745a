import type { RunMeta } from '../history/run.js'
import type { Remeasured } from '../load/remeasure.js'

/** A run as `report` shows it. */
export interface Summary extends Remeasured {
  readonly meta: RunMeta & { readonly attempts: number }
}

/** Goes over all attempts, a chunk at a time. */
export const sumUp = async (meta: Summary['meta']): Promise<Summary> => {
  const [{ attemptBatches }, { remeasure }] = await Promise.all([
    import('../history/run-log-reader.js'),
    import('../load/remeasure.js'),
  ])
  return { meta, ...remeasure(meta, attemptBatches(meta.path)) }
}
