import type { PerUser } from '../../sale/sale.js'
import type { Cases } from './cases.js'
import type { Purchases, Wait } from './commit.js'
import type { Alternatives } from './possible.js'
import { type Entries, KIND, ofKinds, type Place, placeOf } from './testimony.js'
import { type Choice, type Recorded, storyOf } from './user.js'

/** What the users' own answers say about who bought. */
export interface Bought {
  readonly certain: Purchases
  /** Users who may have bought one thing or another, or nothing. */
  readonly open: readonly Alternatives[]
  /** Some refusals of buyers were taken more mildly than they might be. */
  readonly mild: boolean
  /** Of some users only the least and the most that they may have bought are known. */
  readonly crude: boolean
}

export interface BoughtOptions {
  readonly perUser: PerUser
  /** What stands recorded for the user of an attempt. */
  recordedOf(place: Place): Recorded
  /** Units that must have been sold for a refusal of `units` to be true. */
  soldFor(units: number): number
}

/** Asks every user. Those whose answers contradict each other become cases, and count with what they were told "sold". */
export const boughtBy = (entries: Entries, options: BoughtOptions, cases: Cases): Bought => {
  const { starts, kind, quantity, sentUs } = entries
  const { perUser, recordedOf } = options
  const sure: number[] = []
  const waits = new Map<number, Wait>()
  const open: Alternatives[] = []
  let [mild, crude] = [false, false]
  const purchase = (i: number) => ({ us: sentUs[i] as number, units: quantity[i] as number })
  for (let user = 0; user + 1 < starts.length; user++) {
    const [from, to] = [starts[user] as number, starts[user + 1] as number]
    if (to - from === 1 && kind[from] === KIND.sold) {
      sure.push(from)
      continue
    }
    const recorded = recordedOf(placeOf(entries, from))
    const story = storyOf(entries, from, to, perUser, recorded)
    if ('contradiction' in story) cases.add(story.contradiction, () => story.entries.map((i) => placeOf(entries, i)))
    crude ||= 'undecided' in story
    const choices = 'choices' in story ? story.choices : leastAndMost(entries, from, to)
    const [choice = [], ...others] = choices
    const certain = others.length === 0 ? choice : ofKinds(entries, from, to, KIND.sold)
    for (const i of certain) sure.push(i)
    if (others.length > 0) open.push(choices.map((each) => each.filter((i) => kind[i] !== KIND.sold).map(purchase)))
    const refused = ofKinds(entries, from, to, KIND.refused)
    if (refused.length === 0 || recorded.before || !('choices' in story) || choices.every((each) => each.length === 0))
      continue
    if (others.length > 0 || perUser.orders > 1) mild = true
    else for (const i of choice) waits.set(i, waitOf(entries, i, refused, from, to, options))
  }
  // How long a purchase has to wait depends on what the others bought: with open ones, nobody is held back.
  const held = open.length === 0 ? waits : new Map<number, Wait>()
  return { certain: inOrder(entries, sure, held), open, mild: mild || held.size < waits.size, crude }
}

/** Of whom nothing better is known may have bought whatever was not refused. */
const leastAndMost = (entries: Entries, from: number, to: number): Choice[] => {
  const sold = ofKinds(entries, from, to, KIND.sold)
  const most = ofKinds(entries, from, to, KIND.sold, KIND.open, KIND.replayed)
  return most.length > sold.length ? [sold, most] : [sold]
}

const waitOf = (
  entries: Entries,
  purchase: number,
  refused: readonly number[],
  from: number,
  to: number,
  { soldFor }: BoughtOptions,
): Wait => {
  const { kind, quantity, sentUs, doneUs } = entries
  const told = ofKinds(entries, from, to, KIND.duplicate, KIND.replayed)
  const ends = kind[purchase] === KIND.sold ? [...told, purchase] : told
  return {
    fromUs: refused.reduce((last, i) => Math.max(last, sentUs[i] as number), sentUs[purchase] as number),
    sold: refused.reduce((most, i) => Math.max(most, soldFor(quantity[i] as number)), 0),
    untilUs: ends.reduce((first, i) => Math.min(first, doneUs[i] as number), Number.POSITIVE_INFINITY),
  }
}

const inOrder = (entries: Entries, sure: readonly number[], waits: ReadonlyMap<number, Wait>): Purchases => {
  const fromUs = (i: number) => waits.get(i)?.fromUs ?? (entries.sentUs[i] as number)
  const entry = Uint32Array.from(sure).sort((a, b) => fromUs(a) - fromUs(b))
  return {
    entry,
    us: Float64Array.from(entry, fromUs),
    units: Float64Array.from(entry, (i) => entries.quantity[i] as number),
    waits,
  }
}
