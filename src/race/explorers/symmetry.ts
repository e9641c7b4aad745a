import type { Step } from '../events.js'
import type { World } from '../world.js'

/**
 * Whether, after these steps, two buyers differ by nothing but their names: alike from the start, told the same replies,
 * neither of them has left a mark, and nobody got an answer between their requests. Then whatever begins with a step of
 * the one is, but for names, what begins with a step of the other.
 */
export const interchangeable = (
  { actors }: Pick<World<unknown>, 'actors'>,
  steps: readonly Step[],
  a: number,
  b: number,
): boolean => {
  const alike = actors[a]?.alike ?? null
  if (alike === null || alike !== actors[b]?.alike) return false
  const [ofA, ofB] = [a, b].map((actor) => steps.filter((step) => step.actor === actor)) as [Step[], Step[]]
  if (
    ofA.length !== ofB.length ||
    !ofA.every(({ reply }, i) => JSON.stringify(reply) === JSON.stringify(ofB[i]?.reply))
  )
    return false
  if (ofA.some((step) => marks(step, actors[a]?.marks)) || ofB.some((step) => marks(step, actors[b]?.marks)))
    return false
  const [from, to] = [ofA, ofB].map(([first]) => (first ? steps.indexOf(first) : -1)).sort((x, y) => x - y) as [
    number,
    number,
  ]
  return !steps.slice(from + 1, to).some(({ last }) => last)
}

const marks = ({ event, accesses }: Step, names: readonly string[] = []): boolean => {
  if (accesses.every(({ mode }) => mode === 'r')) return false
  const text = JSON.stringify(event)
  return names.some((name) => text.includes(name))
}
