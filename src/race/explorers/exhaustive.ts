import { currentOf, goOn, type Pending, preempts, type Step } from '../events.js'
import type { Execution, Explorer } from '../explorer.js'
import type { World } from '../world.js'

/** Orders still to be tried: the steps up to where they part from what was tried, and who goes on there. */
interface Task {
  readonly known: readonly Step[]
  readonly next: number | null
}

/**
 * Every order, those with the fewest preemptions first (iterative context bounding, Musuvathi and Qadeer, PLDI 2007).
 * Each execution is made once: what needs one preemption more than its parent waits in the next round.
 */
export const exhaustive = (maxPreemptions = Number.POSITIVE_INFINITY): Explorer => ({
  name: 'exhaustive',
  complete: true,
  explore: async function* (world) {
    let round: (Task | undefined)[] = [{ known: [], next: null }]
    for (let preemptions = 0; round.length > 0 && preemptions <= maxPreemptions; preemptions++) {
      const nextRound: Task[] = []
      const later = (task: Task, preempting: boolean) => (preempting ? nextRound : round).push(task)
      for (let i = 0; i < round.length; i++) {
        const task = round[i] as Task
        round[i] = undefined
        yield { ...(await follow(world, task, later)), preemptions }
      }
      round = nextRound
    }
  },
})

const follow = async <E>(
  world: World<E>,
  { known, next }: Task,
  later: (task: Task, preempting: boolean) => void,
): Promise<Omit<Execution<E>, 'preemptions'>> => {
  const steps = [...known]
  let pending: readonly Pending[] = await world.start(known)
  let forced = next
  while (pending.length > 0 && !steps.at(-1)?.idle) {
    const current = currentOf(steps)
    const chosen = forced ?? goOn(pending, current).actor
    if (forced === null) {
      const others = pending.filter(({ actor }) => actor !== chosen)
      for (const other of others) later({ known: [...steps], next: other.actor }, preempts(pending, current, other))
    }
    forced = null
    const taken = await world.step(chosen)
    steps.push(taken.step)
    pending = taken.pending
  }
  return { steps, ending: pending.length === 0 ? await world.finish() : null }
}
