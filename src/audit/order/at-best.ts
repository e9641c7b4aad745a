import { Curve } from './curve.js'
import type { Alternatives } from './possible.js'

/** What is sold if everybody who may have bought did, and as much as possible. */
export const withOpen = (curve: Curve, open: readonly Alternatives[]): Curve => {
  if (open.length === 0) return curve
  const steps = open.flatMap(mostOf)
  let before = 0
  for (const [i, us] of curve.us.entries()) {
    const units = curve.units[i] as number
    steps.push({ us, units: units - before })
    before = units
  }
  steps.sort((a, b) => a.us - b.us)
  return new Curve(
    Float64Array.from(steps, ({ us }) => us),
    steps.map(({ units }) => units),
  )
}

/** The most that a user can have bought by each moment, as steps. */
const mostOf = (choices: Alternatives): { us: number; units: number }[] => {
  const moments = [...new Set(choices.flatMap((choice) => choice.map(({ us }) => us)))].sort((a, b) => a - b)
  const boughtBy = (us: number, choice: Alternatives[number]) =>
    choice.reduce((sum, each) => sum + (each.us <= us ? each.units : 0), 0)
  let before = 0
  return moments.map((us) => {
    const most = Math.max(...choices.map((choice) => boughtBy(us, choice)))
    const step = { us, units: most - before }
    before = most
    return step
  })
}
