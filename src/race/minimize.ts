import { say } from '../language/say.js'
import { bounded } from './bounds.js'
import { earlier, withOneLess } from './deaths.js'
import type { Step } from './events.js'
import type { Execution } from './explorer.js'
import { exhaustive } from './explorers/exhaustive.js'
import { replay } from './explorers/walks.js'
import type { Ending, RaceRule } from './judge.js'
import { type OpenWorld, search } from './search.js'
import type { Setting } from './setting.js'
import { Deviation } from './world.js'

/** An execution that breaks a rule, and where. */
export interface Found {
  readonly setting: Setting
  readonly execution: Execution<Ending>
}

/** Orders to look at for a smaller example, per setting: a shallow race shows within some dozens. */
const MOST_EXECUTIONS = 400
const REPLAYS = 3

/** The smallest example of a broken rule that a bounded search finds: no death where none is needed, fewest buyers, then preemptions, then steps. */
export const minimize = async (openWorld: OpenWorld, found: Found, rule: RaceRule): Promise<Found> => {
  for (const setting of withOneLess(found.setting)) {
    const smaller = await smallest(openWorld, setting, rule)
    if (smaller !== null) return minimize(openWorld, smaller, rule)
  }
  const same = await smallest(openWorld, found.setting, rule)
  return same ?? found
}

const smallest = async (openWorld: OpenWorld, setting: Setting, rule: RaceRule): Promise<Found | null> => {
  for (const each of earlier(setting)) {
    const found = await smallestIn(openWorld, each, rule)
    if (found !== null) return found
  }
  return null
}

const smallestIn = async (openWorld: OpenWorld, setting: Setting, rule: RaceRule): Promise<Found | null> => {
  let best: Execution<Ending> | null = null
  let seen = 0
  await search(bounded(openWorld(setting)), exhaustive(), (execution) => {
    if (best !== null && execution.preemptions > best.preemptions) return false
    if (breaks(execution, rule) && (best === null || execution.steps.length < best.steps.length)) best = execution
    return ++seen < MOST_EXECUTIONS
  })
  return best && { setting, execution: best }
}

export const breaks = ({ ending }: Execution<Ending>, rule: RaceRule): boolean =>
  ending?.violations.some((violation) => violation.rule === rule) ?? false

/** Makes an execution three times over. Rejects with {@link Deviation} where it once ends otherwise. */
export const replayAlike = async (openWorld: OpenWorld, { setting, execution }: Found): Promise<void> => {
  const { steps } = execution
  for (let i = 0; i < REPLAYS; i++) {
    await search(openWorld(setting), replay(choicesOf(steps)), ({ ending }) => {
      if (ending?.fingerprint === execution.ending?.fingerprint) return true
      throw new Deviation(steps.length - 1, say`a replay ended otherwise`)
    })
  }
}

/** Who went on at each step. */
const choicesOf = (steps: readonly Step[]): number[] => steps.map(({ actor }) => actor)
