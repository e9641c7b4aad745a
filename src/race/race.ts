import { type SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { Outcome } from '../sale/outcome.js'
import { bounded, type Stop, Stopped } from './bounds.js'
import { Deaths } from './deaths.js'
import type { Execution } from './explorer.js'
import { replay } from './explorers/walks.js'
import type { Ending, RaceRule, Violation } from './judge.js'
import { breaks, type Found, minimize, replayAlike } from './minimize.js'
import { explorerOf, type OpenWorld, ordersOf, type SearchPlan, search } from './search.js'
import type { Setting } from './setting.js'
import { Deviation, Obstacle, type World } from './world.js'

export interface RacePlan extends SearchPlan {
  readonly settings: readonly Setting[]
  /** Go on after a violation, to find every rule that breaks. */
  readonly keepGoing: boolean
  readonly budgetMs: number
  /** In each order one process may die, between two of its steps. */
  readonly crash: boolean
  /** One order instead of a search: who goes on at each step. */
  readonly replay: readonly number[] | null
}

export interface RaceControl {
  /** Milliseconds, monotonic. */
  readonly now: () => number
  readonly signal?: AbortSignal
  readonly onProgress?: (schedules: number) => void
}

/** One order of steps that breaks rules, as small as it was found. */
export interface Counterexample extends Found {
  /** The rules it is shown for: others that it breaks too may have a smaller example. */
  readonly violations: readonly Violation[]
}

export interface SettingResult {
  readonly setting: Setting
  readonly schedules: number
  /** Orders that the executions stand for; null where symmetry or a random walk leaves them uncounted. */
  readonly orders: number | null
  readonly exhausted: boolean
  /** Broken rules. */
  readonly broken: readonly RaceRule[]
}

export interface RaceResult {
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** Every setting was explored to the end (within the bound on preemptions, where there is one). */
  readonly exhaustive: boolean
  readonly schedules: number
  /** Searches broken off because what followed had been seen. */
  readonly blocked: number
  readonly settings: readonly SettingResult[]
  readonly counterexamples: readonly Counterexample[]
  /** Executions and milliseconds until the first violation; null without one. */
  readonly firstAt: number | null
  readonly firstAtMs: number | null
  readonly elapsedMs: number
  readonly stopped: Stop | null
  /** Units were there for a buyer, and nobody was told in any order that he got some: no rule was put to the test. */
  readonly neverSold: boolean
}

/** Explores the settings in turn, and shrinks what it finds. Rejects with RedisFailure where Redis is in trouble. */
export const explore = async (openWorld: OpenWorld, plan: RacePlan, control: RaceControl): Promise<RaceResult> => {
  const tally = new Tally(plan, control)
  for (const setting of plan.settings) {
    if (tally.over) break
    await tally.search(openWorld, setting)
  }
  return tally.result(openWorld)
}

/** Answers that say that something was got. */
const GOT: ReadonlySet<Outcome> = new Set(['sold', 'queued', 'replayed'])

const couldSell = ({ buyers, stock }: Setting): boolean => buyers.some(({ quantity }) => quantity <= stock)

class Tally {
  readonly #plan: RacePlan
  readonly #control: RaceControl
  readonly #startedMs: number
  readonly #settings: SettingResult[] = []
  readonly #found = new Map<RaceRule, Found>()
  readonly #odd: Counterexample[] = []
  #schedules = 0
  #blocked = 0
  #firstAt: number | null = null
  #firstAtMs: number | null = null
  #stopped: Stop | null = null
  #sold = false

  constructor(plan: RacePlan, control: RaceControl) {
    this.#plan = plan
    this.#control = control
    this.#startedMs = control.now()
  }

  get over(): boolean {
    return this.#stopped !== null || (this.#firstAt !== null && !this.#plan.keepGoing)
  }

  async search(openWorld: OpenWorld, setting: Setting): Promise<void> {
    const plan = this.#plan
    const explorer = plan.replay === null ? explorerOf(plan) : replay(plan.replay)
    const broken = new Set<RaceRule>()
    const deaths = new Deaths()
    const countsOrders = !(plan.explorer === 'dpor' && plan.symmetry) && explorer.complete
    const before = this.#schedules
    let orders = 0
    let exhausted = false
    const searchOne = (one: Setting, world: World<Ending>) =>
      search(
        bounded(world, () => this.#reasonToStop()),
        explorer,
        (execution) => {
          const { steps, ending } = execution
          if (one.death === undefined) deaths.note(steps)
          // Where nobody died, the order was counted before.
          const counts =
            one.death === undefined || plan.replay !== null || steps.some(({ event }) => event.kind === 'die')
          if (countsOrders && counts && ending !== null) orders += ordersOf(steps, plan)
          return this.#visit(one, execution, broken)
        },
      )
    try {
      const world = openWorld(setting)
      exhausted = await searchOne(setting, world)
      const places = plan.crash && plan.replay === null ? deaths.places(world.actors, plan.symmetry) : []
      for (const death of places) {
        if (this.over) exhausted = false
        if (!exhausted) break
        const dying = { ...setting, death }
        exhausted = await searchOne(dying, openWorld(dying))
      }
    } catch (error) {
      if (error instanceof Stopped) this.#stopped = error.stop
      else if (!(error instanceof Deviation)) throw error
      else if (plan.replay !== null) throw misfit(error)
      else {
        this.#deviated(setting, error)
        broken.add('nondeterminism')
      }
    }
    const schedules = this.#schedules - before
    this.#settings.push({ setting, schedules, exhausted, orders: countsOrders ? orders : null, broken: [...broken] })
  }

  #visit(setting: Setting, execution: Execution<Ending>, broken: Set<RaceRule>): boolean {
    const { now, onProgress } = this.#control
    if (execution.ending === null) this.#blocked++
    else this.#schedules++
    for (const { rule } of execution.ending?.violations ?? []) {
      broken.add(rule)
      this.#firstAt ??= this.#schedules
      this.#firstAtMs ??= now() - this.#startedMs
      if (!this.#found.has(rule)) this.#found.set(rule, { setting, execution })
    }
    this.#sold ||= execution.ending?.outcomes.some((outcome) => outcome !== null && GOT.has(outcome)) ?? false
    onProgress?.(this.#schedules)
    this.#stopped = this.#reasonToStop()
    return !this.over
  }

  #reasonToStop(): Stop | null {
    const { now, signal } = this.#control
    if (signal?.aborted) return 'interrupted'
    return now() - this.#startedMs >= this.#plan.budgetMs ? 'budget' : null
  }

  #deviated(setting: Setting, { message }: Deviation): void {
    this.#firstAt ??= this.#schedules
    if (this.#odd.length > 0) return
    const hint = say`the purchase decides by something outside Redis and ctx: a clock, a random number, state that is shared`
    const violation = { rule: 'nondeterminism', message: say`the same steps led elsewhere: ${message}`, hint } as const
    const execution = { steps: [], preemptions: 0, ending: null }
    this.#odd.push({ setting, execution, violations: [violation] })
  }

  async result(openWorld: OpenWorld): Promise<RaceResult> {
    const shown = await this.#smallest(openWorld)
    const counterexamples = [...this.#odd, ...shown]
    const exhaustive =
      this.#settings.length === this.#plan.settings.length && this.#settings.every((it) => it.exhausted)
    const neverSold =
      !this.#sold && this.#settings.some(({ schedules, setting }) => schedules > 0 && couldSell(setting))
    return {
      verdict: counterexamples.length > 0 ? 'fail' : exhaustive && !neverSold ? 'pass' : 'inconclusive',
      ...{ exhaustive, neverSold },
      ...{ schedules: this.#schedules, blocked: this.#blocked },
      ...{ firstAt: this.#firstAt, firstAtMs: this.#firstAtMs },
      ...{ settings: this.#settings, counterexamples, stopped: this.#stopped },
      elapsedMs: this.#control.now() - this.#startedMs,
    }
  }

  /** One small example for each broken rule; an example that shows several is kept once. */
  async #smallest(openWorld: OpenWorld): Promise<Counterexample[]> {
    const shown: Counterexample[] = []
    for (const [rule, found] of this.#found) {
      const earlier = shown.findIndex(({ execution }) => breaks(execution, rule))
      if (earlier >= 0) {
        const { execution, violations, ...rest } = shown[earlier] as Counterexample
        shown[earlier] = { ...rest, execution, violations: [...violations, ...of(execution, rule)] }
        continue
      }
      try {
        const small = this.#plan.replay === null ? await minimize(openWorld, found, rule) : found
        await replayAlike(openWorld, small)
        shown.push({ ...small, violations: of(small.execution, rule) })
      } catch (error) {
        // What was found is found, though nothing smaller can be looked for.
        if (error instanceof Obstacle || error instanceof Stopped)
          shown.push({ ...found, violations: of(found.execution, rule) })
        else if (error instanceof Deviation) this.#deviated(found.setting, error)
        else throw error
      }
    }
    return shown
  }
}

const of = ({ ending }: Execution<Ending>, rule: RaceRule): Violation[] =>
  ending?.violations.filter((violation) => violation.rule === rule) ?? []

/** An order is made here for the first time: where it leads nowhere, it was made for something else. */
const misfit = ({ message }: Deviation): SeckillError =>
  usageError(
    say`the order to replay does not fit what races: ${message}`,
    say`name users, stock and quantities as race printed them, --lock-expiry for an x and --crash for a -`,
  )
