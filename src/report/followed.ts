import type { Percentiles } from '../history/histogram.js'
import type { FollowFacts } from '../history/run.js'
import { thousands } from '../language/numbers.js'
import { say, word } from '../language/say.js'
import { OUTCOMES, type Outcome } from '../sale/outcome.js'

type ByOutcome<T> = Partial<Readonly<Record<Outcome, T>>>
type OrNull<T> = { readonly [K in keyof T]: T[K] | null }

/** What became of attempts that were told "queued"; what following them took is null where a log does not tell. */
export interface Followed extends OrNull<FollowFacts> {
  readonly queued: number
  readonly undecided: number
  /** What was decided. */
  readonly outcomes: ByOutcome<number>
  /** From the planned send until told "queued"; null where nobody was. */
  readonly acceptanceMs: Percentiles | null
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

/** A row for each stretch of the way: until accepted, until decided, until each decision. */
export const followedRows = (followed: Followed): FollowedRow[] => {
  const { queued, undecided, outcomes, acceptanceMs, decisionMs, decisionByOutcome } = followed
  const decided = decidedIn(followed)
  return [
    { name: say`until accepted`, count: queued, at: acceptanceMs },
    { name: say`until decided`, count: decided, at: decided === 0 ? null : decisionMs },
    ...Object.entries(outcomes).map(([outcome, n]) => ({
      ...{ name: say`decided: ${word(outcome)}`, count: n, at: decisionByOutcome[outcome as Outcome] ?? null },
    })),
    ...(undecided > 0 ? [{ name: say`undecided`, count: undecided, at: null }] : []),
  ]
}

/** What attempts came to in the end: those that were queued count by their decision. In the vocabulary's order. */
export const outcomesInTheEnd = (
  answered: ByOutcome<number>,
  followed: Pick<Followed, 'outcomes'> | null | undefined,
): [Outcome, number][] => {
  const decided = followed?.outcomes ?? {}
  const all = Object.values(decided).reduce((sum, n) => sum + n, 0)
  return OUTCOMES.map((outcome): [Outcome, number] => [
    outcome,
    (answered[outcome] ?? 0) + (decided[outcome] ?? 0) - (outcome === 'queued' ? all : 0),
  ]).filter(([, n]) => n > 0)
}

/** By outcome: how many were answered so, how many decided so, and how it is in the end. */
export const outcomeRows = (
  answered: ByOutcome<number>,
  followed: Pick<Followed, 'outcomes'>,
): { readonly outcome: Outcome; readonly answered: number; readonly decided: number; readonly end: number }[] => {
  const end = new Map(outcomesInTheEnd(answered, followed))
  return OUTCOMES.filter((outcome) => answered[outcome] ?? followed.outcomes[outcome]).map((outcome) => ({
    ...{ outcome, answered: answered[outcome] ?? 0, decided: followed.outcomes[outcome] ?? 0 },
    end: end.get(outcome) ?? 0,
  }))
}

/** How many were asked after, and how often; a sentence each, without its full stop. */
export const followedTexts = ({ polls, throttled, notFollowed, ...followed }: Followed): string[] => {
  const { queued, undecided } = followed
  const told = say`${thousands(queued)} queued, ${thousands(decidedIn(followed))} decided, ${thousands(undecided)} undecided`
  return [
    !polls ? told : say`${told}; ${thousands(polls)} polls, which are in no other figure`,
    ...(throttled ? [say`${thousands(throttled)} polls were told to come later`] : []),
    ...(notFollowed
      ? [say`nobody asked after ${thousands(notFollowed)} of them: no ticket in the answer, or too many open at once`]
      : []),
  ]
}

/** What the decisions of a run lack, because it or its log was cut short; a sentence each. `complete`: the log has its end. */
export const lackTexts = ({ undecided }: Followed, complete: boolean, interrupted: boolean): string[] => [
  ...(complete ? [] : [say`the log has no end: decisions that came later are missing`]),
  ...(interrupted && undecided > 0 ? [say`interrupted: nobody asked after the undecided any more`] : []),
]
