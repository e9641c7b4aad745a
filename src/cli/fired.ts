import type { RunHeader } from '../history/run.js'
import type { LoadPlan } from '../load/plan.js'
import type { RunResult } from '../load/run.js'
import type { LoadShape } from '../load/shape.js'

/** What was fired, and where its log is. */
export interface Fired {
  readonly header: RunHeader
  readonly path: string
  readonly plan: LoadPlan
  readonly shape: LoadShape
  readonly result: RunResult
}
