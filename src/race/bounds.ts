import { say } from '../language/say.js'
import type { World } from './world.js'

/** Steps of one execution. Purchases make some dozens; one that makes more goes round in circles. */
export const MOST_STEPS = 1_000

/** Why a search ended before it was through; `steps`: an execution went on and on. */
export type Stop = 'budget' | 'interrupted' | 'steps'

/** What `steps` means, for people. */
export const spinsText = () =>
  say`an execution went on for ${MOST_STEPS} steps: a purchase asks again and again without a pause`

/** What a search without any sale means, for people. */
export const neverSoldText = () =>
  say`nobody was told "sold" in any order, though units were there: no rule was put to the test`

export class Stopped extends Error {
  readonly stop: Stop

  constructor(stop: Stop) {
    super(stop === 'steps' ? spinsText() : stop)
    this.name = 'Stopped'
    this.stop = stop
  }
}

/**
 * The same world, in which no execution goes on for ever: a step rejects with {@link Stopped} where there were too many,
 * or where `stop`, asked before each, has a reason.
 */
export const bounded = <E>(world: World<E>, stop: () => Stop | null = () => null): World<E> => {
  let taken = 0
  return {
    actors: world.actors,
    start: (known) => {
      taken = known.length
      return world.start(known)
    },
    step: async (actor) => {
      const reason = taken++ >= MOST_STEPS ? 'steps' : stop()
      if (reason !== null) throw new Stopped(reason)
      return world.step(actor)
    },
    finish: () => world.finish(),
    close: () => world.close(),
  }
}
