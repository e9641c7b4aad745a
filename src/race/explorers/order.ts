import type { Dependence, Step } from '../events.js'

/** How many steps of each actor precede a step, itself included. */
type Clock = Map<number, number>

/** The steps of an execution, and which of them must precede which whatever the order: a vector clock for each. */
export class Order {
  readonly #dependent: Dependence
  readonly #steps: Step[] = []
  readonly #clocks: Clock[] = []

  constructor(dependent: Dependence) {
    this.#dependent = dependent
  }

  /** Adds a step. The positions of earlier steps that it races with: dependent, nothing between, and it could go first. */
  push(step: Step): number[] {
    const clock: Clock = new Map()
    const races: number[] = []
    for (let i = this.#steps.length - 1; i >= 0; i--) {
      const earlier = this.#steps[i] as Step
      const same = earlier.actor === step.actor
      if (this.#covers(clock, i) || !(same || this.#dependent(earlier, step))) continue
      for (const [actor, count] of this.#clocks[i] as Clock) {
        clock.set(actor, Math.max(count, clock.get(actor) ?? 0))
      }
      if (!same && this.#couldWakeWithout(step, i)) races.push(i)
    }
    clock.set(step.actor, (clock.get(step.actor) ?? 0) + 1)
    this.#steps.push(step)
    this.#clocks.push(clock)
    return races
  }

  pop(): void {
    this.#steps.pop()
    this.#clocks.pop()
  }

  /** Who can go first, if the last step is to come before the one at `position`: any of them leads there. */
  initials(position: number): number[] {
    const end = this.#steps.length - 1
    const sequence = this.#steps.flatMap((_, i) =>
      i > position && (i === end || !this.#precedes(position, i)) ? [i] : [],
    )
    const firsts = sequence.filter((i) => !sequence.some((k) => k < i && this.#precedes(k, i)))
    return firsts.map((i) => (this.#steps[i] as Step).actor)
  }

  /** In how many orders the same steps can be taken without swapping dependent ones. */
  linearizations(): number {
    const lanes = new Map<number, number[]>()
    for (const [i, { actor }] of this.#steps.entries()) lanes.set(actor, [...(lanes.get(actor) ?? []), i])
    const actors = [...lanes.keys()]
    const memo = new Map<string, number>()
    const count = (taken: readonly number[]): number => {
      const key = taken.join()
      const known = memo.get(key)
      if (known !== undefined) return known
      const ready = actors.flatMap((actor, lane) => {
        const i = lanes.get(actor)?.[taken[lane] as number]
        if (i === undefined) return []
        const clock = this.#clocks[i] as Clock
        const free = actors.every((other, k) => other === actor || (clock.get(other) ?? 0) <= (taken[k] as number))
        return free ? [taken.with(lane, (taken[lane] as number) + 1)] : []
      })
      const total = ready.length === 0 ? 1 : ready.reduce((sum, next) => sum + count(next), 0)
      memo.set(key, total)
      return total
    }
    return count(actors.map(() => 0))
  }

  #couldWakeWithout({ wokenBy }: Step, position: number): boolean {
    return (
      wokenBy === undefined || wokenBy.some((by) => by < position || (by > position && !this.#precedes(position, by)))
    )
  }

  #precedes(i: number, j: number): boolean {
    return i < j && this.#covers(this.#clocks[j] as Clock, i)
  }

  #covers(clock: Clock, i: number): boolean {
    const { actor } = this.#steps[i] as Step
    return (clock.get(actor) ?? 0) >= ((this.#clocks[i] as Clock).get(actor) as number)
  }
}
