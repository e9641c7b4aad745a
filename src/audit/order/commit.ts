import { Curve } from './curve.js'

/** Where duplicates come first, a buyer's own refusals come before the purchase. */
export interface Wait {
  /** The purchase cannot take effect before. */
  readonly fromUs: number
  /** Nor before so many units are sold, since the refusals have to be true. */
  readonly sold: number
  /** By then it has to be over. */
  readonly untilUs: number
}

/** Purchases that certainly took effect, in the order in which they may. */
export interface Purchases {
  readonly entry: Uint32Array
  /** From when on each may take effect. */
  readonly us: Float64Array
  readonly units: Float64Array
  /** What holds some of them back, by entry. */
  readonly waits: ReadonlyMap<number, Wait>
}

/**
 * Lets every purchase take effect as early as it may: stock is then as low as it can be at all times, which no refusal minds.
 * `late`: the entries of those that could not in time.
 */
export const commit = ({ entry, us, units, waits }: Purchases): { curve: Curve; late: number[] } => {
  if (waits.size === 0) return { curve: new Curve(us, units), late: [] }
  const times: number[] = []
  const gains: number[] = []
  const late: number[] = []
  /** Positions of those held back, the one that waits for most first. */
  const held: number[] = []
  let sold = 0
  const waitOf = (i: number) => waits.get(entry[i] as number)
  const soldFor = (i: number) => waitOf(i)?.sold ?? 0
  const take = (i: number, at: number) => {
    times.push(at)
    gains.push(units[i] as number)
    sold += units[i] as number
    if (at > (waitOf(i)?.untilUs ?? Number.POSITIVE_INFINITY)) late.push(entry[i] as number)
  }
  for (let i = 0; i < us.length; i++) {
    if (soldFor(i) > sold) held.splice(held.filter((other) => soldFor(other) > soldFor(i)).length, 0, i)
    else take(i, us[i] as number)
    for (let last = held.at(-1); last !== undefined && soldFor(last) <= sold; last = held.at(-1)) {
      held.pop()
      take(last, us[i] as number)
    }
  }
  return { curve: new Curve(Float64Array.from(times), gains), late: [...late, ...held.map((i) => entry[i] as number)] }
}
