import { count, say, tallied } from '../language/say.js'
import { OUTCOMES, type Outcome, reachesSale } from '../sale/outcome.js'

import type { Ledger } from './ledger.js'

/** How much of what was tried reached the sale at all. */
export interface Coverage {
  readonly attempts: number
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  /** Attempts that the sale itself saw, whether or not its answer came. */
  readonly reached: number
}

export const coverageOf = ({ runs }: Ledger): Coverage => {
  const counts = new Float64Array(OUTCOMES.length)
  for (const { attempts } of runs) for (const code of attempts.outcome) counts[code] = (counts[code] as number) + 1
  const told = OUTCOMES.map((outcome, code) => [outcome, counts[code] as number] as const).filter(([, n]) => n > 0)
  const sum = (some: typeof told) => some.reduce((total, [, n]) => total + n, 0)
  return {
    attempts: sum(told),
    outcomes: Object.fromEntries(told),
    reached: sum(told.filter(([outcome]) => reachesSale(outcome))),
  }
}

/** All attempts together asked for no more than there was: nothing could be oversold. False where not all is known. */
export const askedNoMoreThan = ({ runs, gap, demandedUnits }: Ledger, units: number): boolean =>
  runs.length > 0 && gap === null && demandedUnits <= units

/** Below this share of attempts that reach the sale, a run is a test of the throttle. */
const LEAST_SHARE = 0.1

/**
 * Why next to nothing was tested: nobody bought yet, not one answer says whether somebody did, or a throttle let few pass, and these could all have what they asked for.
 */
export const tooThin = ({ attempts, reached }: Coverage, ledger: Ledger, initial: number): string | null => {
  if (ledger.runs.length === 0 && ledger.recordedUnits === 0 && ledger.state?.remaining === initial)
    return say`nothing was sold yet`
  if (ledger.unreadAttempts > 0 && ledger.understoodAttempts === 0)
    return say`not one answer says whether the buyer got it: give rules for them with --outcome`
  if (attempts === 0 || reached >= attempts * LEAST_SHARE || ledger.demandedUnits > initial) return null
  return say`only ${reached} of ${count(attempts, 'attempt')} reached the sale, too few to put it to the test`
}

/** `950 of 1000 attempts reached the sale: 50 throttled`; null where all did. */
export const coverageLine = ({ attempts, reached, outcomes }: Coverage): string | null => {
  if (reached === attempts) return null
  const others = (['throttled', 'not_sent'] as const).filter((outcome) => outcomes[outcome] !== undefined)
  return say`${reached} of ${count(attempts, 'attempt')} reached the sale: ${others.map((outcome) => tallied(outcomes[outcome] ?? 0, outcome)).join(say`, `)}`
}
