import { mix32 } from '../sale/permutation.js'

/** Who tries to buy what, in which order: the same for the same numbers, whatever the speed. */
export interface LoadPlan {
  /** Distinct users. */
  readonly users: number
  readonly seed: number
  /** Share of the users who try a second time at the same moment, 0..1. */
  readonly duplicates: number
  readonly quantity: QuantityRange
  /** Tries of every user, one right after the other; default 1. */
  readonly attemptsPerUser?: number
}

/** Users `begin`..`end`-1 of a plan: the share of one worker. */
export interface UserRange {
  readonly begin: number
  readonly end: number
}

/** Units asked for: every user draws a whole number from `min`..`max`, evenly. */
export interface QuantityRange {
  readonly min: number
  readonly max: number
}

export interface PlannedAttempt {
  readonly userIndex: number
  /** 0 for a user's first try, 1, 2, … for more and for the double click. */
  readonly copy: number
  readonly quantity: number
}

const doubleClicks = ({ users, duplicates }: LoadPlan): number => Math.round(users * duplicates)

const allOf = ({ users }: LoadPlan): UserRange => ({ begin: 0, end: users })

/** The `index`-th of `of` shares of the users: none is in two of them. */
export const rangeOf = ({ users }: LoadPlan, index: number, of: number): UserRange => ({
  begin: Math.floor((users * index) / of),
  end: Math.floor((users * (index + 1)) / of),
})

/** Double clicks of the first `users` users, and what is due towards the next: Bresenham's way of spreading them evenly. */
const doubledBefore = (plan: LoadPlan, users: number): { readonly doubled: number; readonly due: number } => {
  // Beyond what a number holds exactly.
  const product = BigInt(users) * BigInt(doubleClicks(plan))
  const all = BigInt(Math.max(1, plan.users))
  return { doubled: Number(product / all), due: Number(product % all) }
}

/** Number of attempts in a plan, or in a share of it. */
export const plannedAttempts = (plan: LoadPlan, range = allOf(plan)): number => {
  const doubled = doubledBefore(plan, range.end).doubled - doubledBefore(plan, range.begin).doubled
  return (range.end - range.begin) * (plan.attemptsPerUser ?? 1) + doubled
}

/** The attempts in order; those of one user follow each other at once, so that they are under way together. */
export const attemptsOf = (plan: LoadPlan, range = allOf(plan)): IterableIterator<PlannedAttempt> => {
  const { min, max } = plan.quantity
  const salt = mix32(plan.seed >>> 0) ^ 0x9e3779b9
  const twice = doubleClicks(plan)
  const tries = plan.attemptsPerUser ?? 1
  let { due } = doubledBefore(plan, range.begin)
  let userIndex = range.begin - 1
  let quantity = 0
  let copy = 0
  /** Of the user whose turn it is. */
  let copies = 0
  const nextUser = () => {
    userIndex++
    quantity = min + (mix32(userIndex ^ salt) % (max - min + 1))
    copy = 0
    due += twice
    const isDouble = due >= plan.users
    if (isDouble) due -= plan.users
    copies = isDouble ? tries + 1 : tries
  }
  return {
    // Resuming a generator has its price, on every attempt.
    next: () => {
      if (copy === copies && userIndex < range.end) nextUser()
      return userIndex < range.end
        ? { done: false, value: { userIndex, copy: copy++, quantity } }
        : { done: true, value: undefined }
    },
    [Symbol.iterator]() {
      return this
    },
  }
}
