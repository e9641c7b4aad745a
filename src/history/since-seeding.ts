import type { Run } from './run.js'

/**
 * Of the runs of a sale that seckill did not seed, oldest first, those since it was last seeded: a run that found all units and
 * no record began a new sale.
 */
export const sinceSeeding = (runs: readonly Run[], initial: number): Run[] => {
  const first = runs.findLastIndex(({ header: { atStart } }) => atStart?.records === 0 && atStart.remaining === initial)
  return runs.slice(Math.max(0, first))
}
