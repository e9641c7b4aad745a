import type { Percentiles } from '../history/histogram.js'
import { thousands } from '../language/numbers.js'
import { say, word } from '../language/say.js'
import { OUTCOMES, type Outcome } from '../sale/outcome.js'

type ByOutcome<T> = Partial<Readonly<Record<Outcome, T>>>

/** What became of attempts that were told "queued". */
export interface Followed {
  readonly queued: number
  readonly undecided: number
  /** Of the undecided those that nobody asked after, and requests that asked; null where the log does not tell. */
  readonly notFollowed: number | null
  readonly polls: number | null
  /** What was decided. */
  readonly outcomes: ByOutcome<number>
  /** From the planned send to the decision; all 0 where nothing was decided. */
  readonly decisionMs: Percentiles
  readonly decisionByOutcome: ByOutcome<Percentiles>
}

interface FollowedRow {
  readonly name: string
  readonly count: number
  /** Null where there is no time. */
  readonly at: Percentiles | null
}

export const decidedIn = ({ queued, undecided }: Pick<Followed, 'queued' | 'undecided'>): number => queued - undecided

/** A row for each stretch of the way: until accepted, until decided, until each decision; `acceptance` is the response time of the queued. */
export const followedRows = (followed: Followed, acceptance: Percentiles | undefined): FollowedRow[] => {
  const { queued, undecided, outcomes, decisionMs, decisionByOutcome } = followed
  const decided = decidedIn(followed)
  return [
    { name: say`until accepted`, count: queued, at: acceptance ?? null },
    { name: say`until decided`, count: decided, at: decided === 0 ? null : decisionMs },
    ...Object.entries(outcomes).map(([outcome, n]) => ({
      ...{ name: say`decided: ${word(outcome)}`, count: n, at: decisionByOutcome[outcome as Outcome] ?? null },
    })),
    ...(undecided > 0 ? [{ name: say`undecided`, count: undecided, at: null }] : []),
  ]
}

/** By outcome: how many were answered so, how many decided so, and how it is in the end, where the undecided are still queued. */
export const outcomesInTheEnd = (
  answered: ByOutcome<number>,
  { outcomes, undecided }: Pick<Followed, 'outcomes' | 'undecided'>,
): { readonly outcome: Outcome; readonly answered: number; readonly decided: number; readonly end: number }[] =>
  OUTCOMES.filter((outcome) => answered[outcome] ?? outcomes[outcome]).map((outcome) => {
    const [before, after] = [answered[outcome] ?? 0, outcomes[outcome] ?? 0]
    return { outcome, answered: before, decided: after, end: outcome === 'queued' ? undecided : before + after }
  })

/** How many, and what is missing; a sentence each, without its full stop. `complete`: the log has its end. */
export const followedTexts = (followed: Followed, complete: boolean, interrupted: boolean): string[] => {
  const { queued, undecided, notFollowed, polls } = followed
  if (queued === 0) return [say`nothing was queued`]
  const told = say`${thousands(queued)} queued, ${thousands(decidedIn(followed))} decided, ${thousands(undecided)} undecided`
  return [
    polls === null ? told : say`${told}; ${thousands(polls)} polls, which are in no other figure`,
    ...(notFollowed
      ? [say`nobody asked after ${thousands(notFollowed)} of them: no ticket in the answer, or too many open at once`]
      : []),
    ...(complete ? [] : [say`the log has no end: decisions that came later are missing`]),
    ...(interrupted && undecided > 0 ? [say`interrupted: nobody asked after the undecided any more`] : []),
  ]
}
