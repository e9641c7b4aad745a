import type { PerUser } from '../../sale/sale.js'
import type { Cases } from './cases.js'
import type { Purchases, Wait } from './commit.js'
import type { Alternatives } from './possible.js'
import { type Entries, KIND, type Place, placeOf } from './testimony.js'
import { type Recorded, storyOf } from './user.js'

/** What the users' own answers say about who bought. */
export interface Bought {
  readonly certain: Purchases
  /** Users who may have bought one thing or another, or nothing. */
  readonly open: readonly Alternatives[]
  /** Some answers were judged more mildly than they might be: too many explanations, or too intricate ones. */
  readonly mild: boolean
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
  const sure: number[] = []
  const waits = new Map<number, Wait>()
  const open: Alternatives[] = []
  let mild = false
  for (let user = 0; user + 1 < starts.length; user++) {
    const [from, to] = [starts[user] as number, starts[user + 1] as number]
    if (to - from === 1 && kind[from] === KIND.sold) {
      sure.push(from)
      continue
    }
    const recorded = options.recordedOf(placeOf(entries, from))
    const story = storyOf(entries, from, to, options.perUser, recorded)
    if ('contradiction' in story) cases.add(story.contradiction, () => story.entries.map((i) => placeOf(entries, i)))
    const undecided = 'undecided' in story
    const sold = () => range(from, to).filter((i) => kind[i] === KIND.sold)
    const choices = 'choices' in story ? story.choices : [sold()]
    const [choice = [], ...others] = choices
    if (others.length === 0) sure.push(...choice)
    else open.push(choices.map((each) => each.map((i) => ({ us: sentUs[i] as number, units: quantity[i] as number }))))
    const refused = range(from, to).filter((i) => kind[i] === KIND.refused)
    const bought = choices.some((each) => each.length > 0)
    const intricate = refused.length > 0 && bought && (others.length > 0 || options.perUser.orders > 1)
    mild ||= undecided || intricate
    const only = choice[0]
    if (refused.length > 0 && only !== undefined && !intricate && !recorded.before && 'choices' in story) {
      waits.set(only, waitOf(entries, only, refused, range(from, to), options))
    }
  }
  // How long a purchase has to wait depends on what the others bought: with open ones, nobody is held back.
  const held = open.length === 0 ? waits : new Map<number, Wait>()
  return { certain: inOrder(entries, sure, held), open, mild: mild || held.size < waits.size }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

const waitOf = (
  { kind, quantity, sentUs, doneUs }: Entries,
  purchase: number,
  refused: readonly number[],
  all: readonly number[],
  { soldFor }: BoughtOptions,
): Wait => {
  const told = all.filter((i) => kind[i] === KIND.duplicate || kind[i] === KIND.replayed)
  const isSold = kind[purchase] === KIND.sold
  const ends = [...told, ...(isSold ? [purchase] : [])].map((i) => doneUs[i] as number)
  return {
    fromUs: Math.max(...[purchase, ...refused].map((i) => sentUs[i] as number)),
    sold: Math.max(...refused.map((i) => soldFor(quantity[i] as number))),
    untilUs: Math.min(...ends, Number.POSITIVE_INFINITY),
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
