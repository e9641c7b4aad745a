import { currentOf, type Dependence, goOn, type Pending, preempts, type Step } from '../events.js'
import type { Explorer } from '../explorer.js'
import type { World } from '../world.js'
import { Order } from './order.js'
import { interchangeable } from './symmetry.js'

/** A point of the current execution, before its step. */
interface Node {
  readonly pending: readonly Pending[]
  /** Actors to be tried here. */
  readonly backtrack: Set<number>
  /** Actors not to be tried here, with the step they would take: those orders have been seen. */
  readonly sleep: Map<number, Step>
}

export interface DporOptions {
  readonly dependent: Dependence
  /** Take buyers who differ only by name for one another. */
  readonly symmetry: boolean
}

/**
 * Source-DPOR with sleep sets (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 2017): runs one order of each class of
 * equivalent ones, and only looks for more where two steps of the execution at hand race.
 */
export const dpor = ({ dependent, symmetry }: DporOptions): Explorer => ({
  name: 'dpor',
  complete: true,
  explore: async function* (world) {
    const nodes: Node[] = []
    const steps: Step[] = []
    const order = new Order(dependent)
    let pending = await world.start([])
    let sleep = new Map<number, Step>()
    for (;;) {
      while (pending.length > 0 && !steps.at(-1)?.idle) {
        const awake = pending.filter(({ actor }) => !sleep.has(actor))
        if (awake.length === 0) break
        const chosen = goOn(awake, currentOf(steps)).actor
        nodes.push({ pending, backtrack: new Set([chosen]), sleep })
        pending = await advance(chosen)
      }
      const preemptions = countPreemptions(nodes, steps)
      yield { steps: [...steps], preemptions, ending: pending.length === 0 ? await world.finish() : null }
      const next = retreat()
      if (next === null) return
      pending = await world.start(steps)
      pending = await advance(next)
    }

    async function advance(actor: number): Promise<readonly Pending[]> {
      const taken = await world.step(actor)
      const node = nodes.at(-1) as Node
      steps.push(taken.step)
      for (const position of order.push(taken.step)) planReversal(nodes, steps, order, position)
      // Who could go on and now cannot may never do so in this execution: no race would show that it could have come first.
      for (const { actor: other } of node.pending)
        if (other !== actor && !node.sleep.has(other) && !taken.pending.some((it) => it.actor === other))
          node.backtrack.add(other)
      sleep = new Map([...node.sleep].filter(([, asleep]) => !dependent(asleep, taken.step)))
      return taken.pending
    }

    /** Goes back to the last point with an actor left to try; that actor, or null where there is none. */
    function retreat(): number | null {
      for (let node = nodes.at(-1); node; node = nodes.at(-1)) {
        const tried = steps.pop() as Step
        order.pop()
        putToSleep(world, node, tried, steps, symmetry)
        const { backtrack } = node
        const left = node.pending.filter(({ actor }) => backtrack.has(actor) && !node.sleep.has(actor))
        if (left.length > 0) return goOn(left, currentOf(steps)).actor
        nodes.pop()
      }
      return null
    }
  },
})

const countPreemptions = (nodes: readonly Node[], steps: readonly Step[]): number =>
  nodes.filter(({ pending }, i) => preempts(pending, currentOf(steps.slice(0, i)), steps[i] as Step)).length

/** The last step races with the one at `position`: sees to it that the point before that one also goes the other way. */
const planReversal = (nodes: readonly Node[], steps: readonly Step[], order: Order, position: number): void => {
  const { backtrack, sleep, pending } = nodes[position] as Node
  const initials = order.initials(position)
  if (initials.some((actor) => backtrack.has(actor) || sleep.has(actor))) return
  const ready = pending.filter(({ actor }) => initials.includes(actor))
  backtrack.add(goOn(ready, currentOf(steps.slice(0, position))).actor)
}

/** What was tried here need not be tried again, nor, by symmetry, what differs from it by a name only. */
const putToSleep = <E>(world: World<E>, node: Node, tried: Step, before: readonly Step[], symmetry: boolean): void => {
  node.sleep.set(tried.actor, tried)
  if (!symmetry) return
  const { reply, last, stock } = tried
  for (const other of node.pending) {
    if (!node.sleep.has(other.actor) && interchangeable(world, before, tried.actor, other.actor))
      node.sleep.set(other.actor, { ...other, reply, last, stock })
  }
}
