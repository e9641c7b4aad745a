import type { Run } from '../../history/run.js'
import type { PerUser } from '../../sale/sale.js'
import { withOpen } from './at-best.js'
import { Cases, type Disorder } from './cases.js'
import { commit } from './commit.js'
import type { Curve } from './curve.js'
import { addPremature, lastOf, neighbours, withOwnRefusals } from './evidence.js'
import { firstMissed, type Need } from './possible.js'
import { boughtBy } from './purchases.js'
import { type Place, type Testimony, testimonyOf } from './testimony.js'
import type { Recorded } from './user.js'

/** What is to be explained: the answers of some runs. */
export interface OrderQuestion {
  readonly runs: readonly Run[]
  /** Units before the first run. */
  readonly stock: number
  readonly perUser: PerUser
  /** Units that left the stock by hands that no run knows: they may have gone before anything else. */
  readonly soldElsewhere: number
  /** What stands recorded for the user of an attempt. */
  recordedOf(place: Place): Recorded
}

export interface OrderAnswer {
  readonly disorders: readonly Disorder[]
  /** The most that can have been sold, over time. */
  readonly sold: Curve
  /** Answers that the order had to explain: without any, nothing was tested. */
  readonly claims: number
  /** No contradiction was found, but some answers allow more explanations than could be tried. */
  readonly undecided: boolean
}

/**
 * Whether some order of purchases and refusals, each at one moment between its start and its answer, explains every answer.
 *
 * Stock only falls and buyers are only added. So purchases never stand in each other's way as long as their sum is in stock,
 * and a refusal that is true stays true: if any order explains everything, then so does the one in which every purchase
 * takes effect at its start and every refusal at its end. That one is checked: O(n log n), whatever the concurrency.
 */
export const checkOrder = (question: OrderQuestion): OrderAnswer => {
  const { runs, stock, perUser, recordedOf, soldElsewhere } = question
  const soldFor = (units: number) => stock - soldElsewhere - units + 1
  const testimony = testimonyOf(runs)
  const { entries, refusals, claims } = testimony
  const cases = new Cases()
  const { certain, open, mild, crude } = boughtBy(entries, { perUser, recordedOf, soldFor }, cases)
  const { curve, late } = commit(certain)
  for (const entry of late) cases.add('refused-buyer', () => withOwnRefusals(entries, entry))

  const room = stock - certain.units.reduce((sum, units) => sum + units, 0)
  if (room < 0) cases.add('oversell', () => lastOf(entries, certain.entry, stock))
  const atBest = withOpen(curve, open)
  /** By the units that a refusal claims are not there: when that could first have been so. */
  const since = new Map<number, number>()
  for (const units of refusals.keys()) {
    since.set(units, Math.max(atBest.reaches(soldFor(units)), curve.reaches(soldFor(units) - Math.max(0, room))))
  }
  addPremature(testimony, since, (us) => neighbours(entries, certain, us), cases)
  if (cases.all().length > 0) return { disorders: cases.all(), sold: atBest, claims, undecided: false }

  const needs = needsOf(refusals, soldFor)
  const missed = crude ? undefined : open.length === 0 ? null : firstMissed(curve, open, needs, stock)
  if (typeof missed === 'number') {
    const need = needs[missed]
    if (need) cases.add('premature-refusal', () => [need.place])
    else cases.add('oversell', () => [])
  }
  return {
    disorders: cases.all(),
    sold: atBest,
    claims,
    undecided: missed === undefined || (mild && missed === null),
  }
}

/** What refusals demand, in order of time, without those that follow from an earlier one. */
const needsOf = (refusals: Testimony['refusals'], soldFor: (units: number) => number): (Need & { place: Place })[] => {
  const all = [...refusals].map(([units, { doneUs, place }]) => ({ us: doneUs, sold: soldFor(units), place }))
  all.sort((a, b) => a.us - b.us || b.sold - a.sold)
  let most = 0
  return all.filter(({ sold }) => {
    if (sold <= most) return false
    most = sold
    return true
  })
}
