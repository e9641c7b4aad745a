import type { Run } from '../../history/run.js'
import type { Cases } from './cases.js'
import type { Purchases } from './commit.js'
import type { Span } from './spans.js'
import { claimOf, type Entries, each, KIND, ofKinds, type Place, placeOf, type Testimony } from './testimony.js'

/**
 * Adds every refusal that came before the units it claims can have been gone. `since`: by these units, when they can have been;
 * `around`: what to show beside the first one.
 */
export const addPremature = (
  { runs, spans, refusals }: Testimony,
  since: ReadonlyMap<number, number>,
  around: (us: number) => Place[],
  cases: Cases,
): void => {
  if (![...refusals].some(([units, { doneUs }]) => doneUs < (since.get(units) as number))) return
  let first = true
  each(runs, (kind, run, row) => {
    if (kind !== KIND.refused) return
    const doneUs = (spans[run] as Span).doneUs(row)
    if (doneUs >= (since.get(claimOf(runs[run] as Run, row)) as number)) return
    const shown = first ? around(doneUs) : []
    first = false
    cases.add('premature-refusal', () => [{ run, row }, ...shown])
  })
}

const SHOWN = 3

/** The purchases that began last before a moment, and those that began first after it. */
export const neighbours = (entries: Entries, { entry, us }: Purchases, moment: number): Place[] => {
  const later = us.findIndex((each) => each > moment)
  const middle = later === -1 ? us.length : later
  const around = entry.subarray(Math.max(0, middle - SHOWN), middle + SHOWN)
  return Array.from(around, (i) => placeOf(entries, i))
}

/** A purchase behind the refusals of the same user. */
export const withOwnRefusals = (entries: Entries, entry: number): Place[] => {
  const user = entries.starts.findIndex((start) => start > entry) - 1
  const [from, to] = [entries.starts[user] as number, entries.starts[user + 1] as number]
  return [...ofKinds(entries, from, to, KIND.refused), entry].map((i) => placeOf(entries, i))
}

const NAMED = 20

/** Those sold when the stock was already gone. */
export const lastOf = (entries: Entries, inOrder: Uint32Array, stock: number): Place[] => {
  let sold = 0
  const beyond = inOrder.filter((i) => {
    sold += entries.quantity[i] as number
    return sold > stock
  })
  return Array.from(beyond.subarray(0, NAMED), (i) => placeOf(entries, i))
}
