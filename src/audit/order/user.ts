import type { PerUser } from '../../sale/sale.js'
import { type Entries, KIND, ofKinds } from './testimony.js'

/** The entries of a user that took effect, in some explanation of what the user was told. */
export type Choice = readonly number[]

/** Why no choice explains a user's answers. */
export type Contradiction = 'double-purchase' | 'early-duplicate' | 'phantom-duplicate'

export type UserStory =
  /** What may have taken effect: one of these, none better than another. */
  | { readonly choices: readonly Choice[] }
  | { readonly contradiction: Contradiction; readonly entries: readonly number[] }
  /** More ways than are worth trying. */
  | { readonly undecided: true }

/** What stands recorded for a user. */
export interface Recorded {
  /** Units recorded in the end; null where that is not known. */
  readonly units: number | null
  /** The user held a record already before the runs, or may have. */
  readonly before: boolean
}

const MAX_CHOICES = 4_096

/**
 * Every purchase takes effect at its start in the canonical order, hence a choice explains a "told before" if enough of it
 * began by that answer's end. Sold entries are in every choice; open ones may be.
 */
export const storyOf = (entries: Entries, from: number, to: number, limit: PerUser, recorded: Recorded): UserStory => {
  const of = (...kinds: number[]) => ofKinds(entries, from, to, ...kinds)
  const sold = of(KIND.sold)
  const open = of(KIND.open, KIND.replayed)
  // Bought before the runs, or elsewhere: whatever the user was told, that may explain it.
  const elsewhere = (recorded.units ?? 0) > 0 && sold.length + open.length === 0
  const freely = recorded.before || elsewhere
  if (!freely && !within(entries, sold, limit)) return { contradiction: 'double-purchase', entries: sold }
  const possible = subsets(open, freely ? limit.orders : limit.orders - sold.length)
  if (possible === null) return { undecided: true }
  const all = possible.map((some) => [...sold, ...some])
  if (freely) return { choices: undominated(entries, all) }
  const allowed = all.filter((choice) => within(entries, choice, limit))
  const fitting = allowed.filter((choice) => unitsOf(entries, choice) === recorded.units)
  // A record that no choice makes up is another rule's matter.
  const candidates = fitting.length > 0 ? fitting : allowed
  const told = of(KIND.duplicate, KIND.replayed)
  const choices = candidates.filter((choice) => told.every((i) => explains(entries, choice, i, limit)))
  if (choices.length > 0) return { choices: undominated(entries, choices) }
  const culprit =
    told.find((i) => !candidates.some((choice) => explains(entries, choice, i, limit))) ?? (told[0] as number)
  const later = sold.filter((i) => (entries.sentUs[i] as number) > (entries.doneUs[culprit] as number))
  return later.length > 0
    ? { contradiction: 'early-duplicate', entries: [culprit, ...later] }
    : { contradiction: 'phantom-duplicate', entries: [culprit, ...sold, ...open] }
}

const unitsOf = ({ quantity }: Entries, choice: Choice): number =>
  choice.reduce((sum, i) => sum + (quantity[i] as number), 0)

/** A first purchase is always within the limit: whether its quantity is, another rule says. */
const within = (entries: Entries, choice: Choice, { orders, units }: PerUser): boolean =>
  choice.length <= orders && (choice.length <= 1 || unitsOf(entries, choice) <= units)

/** Whether a "told before" is true when the entries of this choice take effect at their start. */
const explains = (entries: Entries, choice: Choice, told: number, { orders, units }: PerUser): boolean => {
  const { kind, quantity, sentUs, doneUs } = entries
  const earlier = choice.filter((i) => (sentUs[i] as number) <= (doneUs[told] as number))
  if (kind[told] === KIND.replayed) return earlier.length > 0
  // A limit that nobody stated may be any.
  const beyond = units === Number.POSITIVE_INFINITY || unitsOf(entries, earlier) + (quantity[told] as number) > units
  return earlier.length >= orders || (earlier.length > 0 && beyond)
}

/** Subsets of at most `size` elements; null where there are too many. */
const subsets = (elements: readonly number[], size: number): number[][] | null => {
  let found: number[][] = [[]]
  for (const element of elements) {
    found = [...found, ...found.filter((some) => some.length < size).map((some) => [...some, element])]
    if (found.length > MAX_CHOICES) return null
  }
  return found
}

/** Of choices of the same units, an earlier one explains whatever a later one does. */
const undominated = (entries: Entries, choices: readonly Choice[]): Choice[] => {
  const kept: Choice[] = []
  for (const choice of choices) {
    if (kept.some((other) => dominates(entries, other, choice))) continue
    for (let i = kept.length - 1; i >= 0; i--) if (dominates(entries, choice, kept[i] as Choice)) kept.splice(i, 1)
    kept.push(choice)
  }
  return kept
}

const dominates = (entries: Entries, a: Choice, b: Choice): boolean => {
  const { sentUs } = entries
  const by = (choice: Choice, us: number) =>
    unitsOf(
      entries,
      choice.filter((i) => (sentUs[i] as number) <= us),
    )
  return (
    unitsOf(entries, a) === unitsOf(entries, b) &&
    b.every((i) => by(a, sentUs[i] as number) >= by(b, sentUs[i] as number))
  )
}
