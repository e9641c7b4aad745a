/** A send later than this after its planned moment, connecting apart, is late. */
export const LATE_US = 10_000

/** When attempt `n` (from 0) is due, in µs since the start; Infinity where it never is. Pure: the clock is the caller's. */
export type Schedule = (n: number) => number

/** A stage of an open load: attempts per second from `from` to `to`, evenly rising or falling. */
export interface Stage {
  readonly from: number
  readonly to: number
  /** Infinity for the last one, which has no end of its own. */
  readonly seconds: number
}

/**
 * The open model: stages one after the other, each attempt at its own moment. The n-th is due when the area under the rate
 * reaches n, so that a second holds exactly as many as its rate says and none of them coincide.
 */
export const openSchedule = (stages: readonly Stage[]): Schedule => {
  const spans: { readonly stage: Stage; readonly beginS: number; readonly begins: number }[] = []
  let beginS = 0
  let begins = 0
  for (const stage of stages) {
    spans.push({ stage, beginS, begins })
    beginS += stage.seconds
    begins += stage.from === stage.to ? stage.from * stage.seconds : ((stage.from + stage.to) / 2) * stage.seconds
  }
  const inAll = begins
  let current = 0
  return (n) => {
    if (n >= inAll) return Number.POSITIVE_INFINITY
    // Asked in rising order, as a rule.
    if (n < spans[current]!.begins) current = 0
    while (current + 1 < spans.length && n >= spans[current + 1]!.begins) current++
    const { stage, beginS: at, begins: before } = spans[current]!
    return (at + secondsTo(n - before, stage)) * 1e6
  }
}

/** Seconds until `count` attempts of a stage are due: the root of from·t + (to − from)/(2·seconds)·t² = count. */
const secondsTo = (count: number, { from, to, seconds }: Stage): number => {
  if (from === to) return count / from
  if (count === 0) return 0
  const slope = (to - from) / seconds
  // The form that loses no digits where the slope is small.
  return (2 * count) / (from + Math.sqrt(from * from + 2 * slope * count))
}

/** Every `of`-th attempt of a schedule, beginning with the `index`-th: a worker's share. */
export const shareOf =
  (schedule: Schedule, index: number, of: number): Schedule =>
  (n) =>
    schedule(n * of + index)

/** How many attempts are due before `untilUs`; `limit` where that is fewer. */
export const dueBefore = (schedule: Schedule, untilUs: number, limit: number): number => {
  let low = 0
  let high = limit
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (schedule(middle) < untilUs) low = middle + 1
    else high = middle
  }
  return low
}
