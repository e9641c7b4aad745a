import { say } from '../../language/say.js'
import { mix32 } from '../../sale/permutation.js'
import { currentOf, goOn, type Pending, preempts, type Step } from '../events.js'
import type { Execution, Explorer } from '../explorer.js'
import { Deviation, type World } from '../world.js'

/** Who goes on, out of those who are ready. */
type Choose = (pending: readonly Pending[], steps: readonly Step[]) => number

/** One execution, from the start. */
export const walk = async <E>(world: World<E>, choose: Choose): Promise<Execution<E>> => {
  const steps: Step[] = []
  let preemptions = 0
  let pending = await world.start([])
  while (pending.length > 0) {
    const chosen = choose(pending, steps)
    const next = pending.find(({ actor }) => actor === chosen)
    if (next === undefined) throw idler(world, chosen, steps.length)
    if (preempts(pending, currentOf(steps), next)) preemptions++
    const taken = await world.step(chosen)
    steps.push(taken.step)
    pending = taken.pending
  }
  return { steps, preemptions, ending: await world.finish() }
}

const idler = ({ actors }: Pick<World<unknown>, 'actors'>, actor: number, position: number): Deviation =>
  new Deviation(position, say`${actors[actor]?.name ?? say`the expiry`} has nothing to do there`)

/** Whole numbers below `below`, the same for the same seed. */
const numbersFrom = (seed: number): ((below: number) => number) => {
  let drawn = 0
  const salt = mix32(seed >>> 0) ^ mix32(seed / 2 ** 32)
  return (below) => mix32(salt + mix32(++drawn)) % below
}

/** Walks at random, for ever: for what is too large to be exhausted. */
export const random = (seed: number): Explorer => ({
  name: 'random',
  complete: false,
  explore: async function* (world) {
    const draw = numbersFrom(seed)
    for (;;) yield await walk(world, (pending) => (pending[draw(pending.length)] as Pending).actor)
  },
})

/** Bugs of depth 3 need three steps in one order; deeper ones are rare (Burckhardt et al., ASPLOS 2010). */
const DEPTH = 3

/**
 * Probabilistic concurrency testing: random priorities, and DEPTH − 1 random steps at which whoever moves falls behind all
 * others. Finds a bug of that depth with probability 1/(n·k²) in each run of n actors and k steps.
 */
export const pct = (seed: number): Explorer => ({
  name: 'pct',
  complete: false,
  explore: async function* (world) {
    const draw = numbersFrom(seed)
    let longest = 1
    for (;;) {
      const priority = new Map(world.actors.map((_, actor) => [actor, 1 + draw(2 ** 20)]))
      const drops = new Set(Array.from({ length: DEPTH - 1 }, () => draw(longest)))
      const execution = await walk(world, (pending, steps) => {
        const ranked = [...pending].sort((a, b) => (priority.get(b.actor) ?? 0) - (priority.get(a.actor) ?? 0))
        const [first] = ranked as [Pending]
        if (drops.has(steps.length)) priority.set(first.actor, -steps.length)
        return first.actor
      })
      longest = Math.max(longest, execution.steps.length)
      yield execution
    }
  },
})

/** One given order; where it ends early, with the fewest preemptions from there. Throws a Deviation where it does not fit. */
export const replay = (choices: readonly number[]): Explorer => ({
  name: 'replay',
  complete: false,
  explore: async function* (world) {
    const execution = await walk(
      world,
      (pending, steps) => choices[steps.length] ?? goOn(pending, currentOf(steps)).actor,
    )
    const { length } = execution.steps
    if (choices.length > length) throw idler(world, choices[length] as number, length)
    yield execution
  },
})
