import type { Step } from './events.js'
import type { Death, Setting } from './setting.js'
import type { Actor } from './world.js'

/**
 * Where processes can die: between any two steps that some order lets them take. With the place given, a death is a step
 * like others, so every search of a place is as sound as one without deaths; all places together are all orders with at
 * most one death.
 */
export class Deaths {
  readonly #places = new Map<string, Death>()

  /** Takes note of an order without a death. */
  note(steps: readonly Step[]): void {
    const taken = new Map<number, number>()
    for (const { actor, event, wokenBy } of steps) {
      const after = taken.get(actor) ?? 0
      taken.set(actor, after + 1)
      // Before its first step a process has done nothing; nor has one that waits for work.
      const idles = wokenBy !== undefined && event.kind !== 'sleep'
      if (after > 0 && !idles && event.kind !== 'expire') this.#places.set(`${actor} ${after}`, { actor, after })
    }
  }

  /** The places; with symmetry one of those that differ by the names of processes only. */
  places(actors: readonly Actor[], symmetry: boolean): Death[] {
    const isFirst = ({ actor }: Death) => {
      const alike = actors[actor]?.alike ?? null
      return alike === null || actors.findIndex((other) => other.alike === alike) === actor
    }
    return [...this.#places.values()].filter((death) => !symmetry || isFirst(death))
  }
}

/** Smaller settings to look for a broken rule in: without the death, with fewer workers, with fewer buyers. */
export const withOneLess = (setting: Setting): Setting[] => {
  const { buyers, office, death, ...rest } = setting
  const kept = office && { office }
  const living = death === undefined ? [] : [{ ...rest, ...kept, buyers }]
  const fewer =
    office === undefined || office.workers === 1
      ? []
      : [{ ...rest, buyers, office: { ...office, workers: office.workers - 1 }, ...withoutWorker(setting) }]
  const others =
    buyers.length === 1
      ? []
      : buyers.map((_, i) => ({ ...rest, ...kept, buyers: buyers.toSpliced(i, 1), ...withoutBuyer(setting, i) }))
  return [...living, ...fewer, ...others]
}

/** The relay moves up where the last worker goes; what that one did, the first may do. */
const withoutWorker = ({ buyers, office, death }: Setting): { death?: Death } => {
  if (death === undefined || office === undefined) return {}
  const last = buyers.length + office.workers
  if (death.actor < last) return { death }
  return { death: { ...death, actor: death.actor === last ? buyers.length + 1 : death.actor - 1 } }
}

const withoutBuyer = ({ death }: Setting, i: number): { death?: Death } => {
  if (death === undefined || death.actor === i) return {}
  return { death: death.actor > i ? { ...death, actor: death.actor - 1 } : death }
}

/** The same setting with the death as early as may be: fewer steps show the same. */
export const earlier = ({ death, ...setting }: Setting): Setting[] =>
  death === undefined
    ? [setting]
    : Array.from({ length: death.after }, (_, i) => ({ ...setting, death: { ...death, after: i + 1 } }))
