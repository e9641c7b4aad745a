import type { Curve } from './curve.js'

/** At `us`, at least `sold` units had been sold. In order of time, each demanding more than the one before. */
export interface Need {
  readonly us: number
  readonly sold: number
}

/** Purchases of one user that may have taken effect: one of these choices did. */
export type Alternatives = readonly (readonly { readonly us: number; readonly units: number }[])[]

const MAX_BRANCHES = 4_096

/**
 * Whether some choice for every user meets all needs without selling more than `stock`: the position of the first need that
 * the best attempt misses (`needs.length`: it sells too much), null where all are met, undefined where it would take too long.
 *
 * What was sold by a need is all that matters, and needs are few: purchases count by the need that they come before. The
 * sums that users can make up are bits of a number; a user whose choices reach over several needs is tried choice by choice.
 */
export const firstMissed = (
  certain: Curve,
  users: readonly Alternatives[],
  needs: readonly Need[],
  stock: number,
): number | null | undefined => {
  const plans = users.map((choices) => distinct(choices.map((choice) => planOf(choice, needs))))
  const reachesOver = (plan: readonly Plan[]) => plan.length > 1 && new Set(plan.flatMap(batchesOf)).size > 1
  const branching = plans.filter(reachesOver)
  const branches = branching.reduce((product, { length }) => product * length, 1)
  if (branches > MAX_BRANCHES) return undefined
  const rest = tallied(plans.filter((plan) => !reachesOver(plan)))
  let furthest = -1
  for (let branch = 0; branch < branches; branch++) {
    const missed = sumsUp(certain, [...rest, ...tallied(picked(branching, branch).map((plan) => [plan]))], needs, stock)
    if (missed === null) return null
    furthest = Math.max(furthest, missed)
  }
  return furthest
}

/** Units that a choice adds before each need, and after the last. */
type Plan = readonly number[]

const planOf = (choice: Alternatives[number], needs: readonly Need[]): Plan => {
  const plan = new Array<number>(needs.length + 1).fill(0)
  for (const { us, units } of choice) {
    const before = needs.findIndex((need) => us <= need.us)
    const batch = before === -1 ? needs.length : before
    plan[batch] = (plan[batch] as number) + units
  }
  return plan
}

const batchesOf = (plan: Plan): number[] => plan.flatMap((units, batch) => (units > 0 ? [batch] : []))

const distinct = (plans: readonly Plan[]): Plan[] => [...new Map(plans.map((plan) => [plan.join(), plan])).values()]

/** The `branch`-th of all ways to pick one plan of each. */
const picked = (users: readonly (readonly Plan[])[], branch: number): Plan[] => {
  let rest = branch
  return users.map((plans) => {
    const plan = plans[rest % plans.length] as Plan
    rest = Math.floor(rest / plans.length)
    return plan
  })
}

/** Users with the same plans count together. */
const tallied = (users: readonly (readonly Plan[])[]): { plans: readonly Plan[]; count: number }[] => {
  const groups = new Map<string, { plans: readonly Plan[]; count: number }>()
  for (const plans of users) {
    const key = plans.map((plan) => plan.join()).join(' ')
    const group = groups.get(key)
    if (group) group.count++
    else groups.set(key, { plans, count: 1 })
  }
  return [...groups.values()]
}

/** Each user's plans differ in one batch at most. */
const sumsUp = (
  certain: Curve,
  groups: readonly { plans: readonly Plan[]; count: number }[],
  needs: readonly Need[],
  stock: number,
): number | null => {
  const all = (1n << BigInt(Math.max(0, stock - certain.total + 1))) - 1n
  let sums = all & 1n
  for (let batch = 0; batch <= needs.length; batch++) {
    for (const { plans, count } of groups)
      sums = widened(sums, [...new Set(plans.map((plan) => plan[batch] as number))], count, all)
    const need = needs[batch]
    const lacking = need === undefined ? 0 : need.sold - certain.at(need.us)
    if (lacking > 0) sums = (sums >> BigInt(lacking)) << BigInt(lacking)
    if (sums === 0n) return lacking > 0 ? batch : needs.length
  }
  return null
}

/** All sums of `sums` and what `count` users add, each one of `units`. Doubling: 100 users of 0 or 2 take 7 shifts. */
const widened = (sums: bigint, units: readonly number[], count: number, all: bigint): bigint => {
  const [a = 0, b] = units
  if (units.length === 1) return (sums << BigInt(a * count)) & all
  let wider = sums
  if (units.length === 2 && Math.min(a, b as number) === 0) {
    for (let left = count, step = 1; left > 0; left -= step, step *= 2) {
      wider |= (wider << BigInt(Math.max(a, b as number) * Math.min(step, left))) & all
    }
    return wider
  }
  for (let user = 0; user < count; user++) {
    wider = units.reduce((sum, each) => sum | (wider << BigInt(each)), 0n) & all
  }
  return wider
}
