import { mix32 } from '../sale/permutation.js'

/** Who tries to buy what, in which order: the same for the same numbers, whatever the speed. */
export interface LoadPlan {
  /** Distinct users. */
  readonly users: number
  readonly seed: number
  /** Share of the users who try a second time at the same moment, 0..1. */
  readonly duplicates: number
  readonly quantity: QuantityRange
}

/** Units asked for: every user draws a whole number from `min`..`max`, evenly. */
export interface QuantityRange {
  readonly min: number
  readonly max: number
}

export interface PlannedAttempt {
  readonly userIndex: number
  /** 0 for a user's first try, 1 for the double click. */
  readonly copy: number
  readonly quantity: number
}

const doubleClicks = ({ users, duplicates }: LoadPlan): number => Math.round(users * duplicates)

/** Number of attempts in a plan. */
export const plannedAttempts = (plan: LoadPlan): number => plan.users + doubleClicks(plan)

/** The attempts in order; a double click follows its first click at once, so that both are under way together. */
export function* attemptsOf(plan: LoadPlan): Generator<PlannedAttempt> {
  const { min, max } = plan.quantity
  const salt = mix32(plan.seed >>> 0) ^ 0x9e3779b9
  const twice = doubleClicks(plan)
  // Bresenham's way of spreading `twice` marks evenly over all users, in whole numbers.
  let due = 0
  for (let userIndex = 0; userIndex < plan.users; userIndex++) {
    const quantity = min + (mix32(userIndex ^ salt) % (max - min + 1))
    yield { userIndex, copy: 0, quantity }
    due += twice
    if (due < plan.users) continue
    due -= plan.users
    yield { userIndex, copy: 1, quantity }
  }
}
