import { dependence, type Step } from './events.js'
import type { Execution, Explorer, ExplorerName } from './explorer.js'
import { dpor } from './explorers/dpor.js'
import { exhaustive } from './explorers/exhaustive.js'
import { Order } from './explorers/order.js'
import { pct, random } from './explorers/walks.js'
import type { Reduction } from './independence.js'
import type { Ending } from './judge.js'
import type { Setting } from './setting.js'
import type { World } from './world.js'

/** How to look for violations. */
export interface SearchPlan {
  readonly explorer: ExplorerName
  readonly reduction: Reduction
  /** Buyers who differ only by name are taken for one another. */
  readonly symmetry: boolean
  /** Orders that differ in which answer came before which request count as different. */
  readonly realTime: boolean
  /** Null: no bound. */
  readonly maxPreemptions: number | null
  readonly seed: number
}

export type OpenWorld = (setting: Setting) => World<Ending>

/** Reductions are not sound under a preemption bound: it implies full search. */
export const explorerOf = (plan: SearchPlan): Explorer => {
  const { explorer, maxPreemptions, seed, symmetry } = plan
  switch (explorer) {
    case 'exhaustive':
      return exhaustive(maxPreemptions ?? undefined)
    case 'dpor':
      return dpor({ dependent: dependenceOf(plan), symmetry })
    case 'random':
      return random(seed)
    case 'pct':
      return pct(seed)
  }
}

const dependenceOf = ({ reduction, realTime }: SearchPlan) => dependence(reduction, realTime)

/** How many orders an execution stands for. */
export const ordersOf = (steps: readonly Step[], plan: SearchPlan): number => {
  if (plan.explorer !== 'dpor') return 1
  const order = new Order(dependenceOf(plan))
  for (const step of steps) order.push(step)
  return order.linearizations()
}

/** Goes through the executions of a world and closes it; `visit` ends the search by returning false. True: there are no more. */
export const search = async (
  world: World<Ending>,
  explorer: Explorer,
  visit: (execution: Execution<Ending>) => boolean,
): Promise<boolean> => {
  try {
    for await (const execution of explorer.explore(world)) if (!visit(execution)) return false
    return explorer.complete
  } finally {
    await world.close()
  }
}
