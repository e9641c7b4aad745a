/**
 * What became of one purchase attempt, as the person who tried it knows it.
 * The run log stores the position in this list: append only.
 */
export const OUTCOMES = [
  'sold',
  'already_bought',
  'replayed',
  'insufficient_stock',
  'sold_out',
  'not_open',
  'rejected',
  'queued',
  'throttled',
  'error',
  'unknown',
  'not_sent',
] as const

export type Outcome = (typeof OUTCOMES)[number]

const CODE_BY_OUTCOME = new Map(OUTCOMES.map((outcome, code) => [outcome, code]))

/** The number that stands for an outcome in a run log. */
export const outcomeCode = (outcome: Outcome): number => CODE_BY_OUTCOME.get(outcome) as number

/** The outcome of this name, as the list's own string: those are compared, with every answer, by identity. */
export const outcomeNamed = (name: string): Outcome | undefined => OUTCOMES.find((outcome) => outcome === name)

export const isOutcome = (value: string): value is Outcome => CODE_BY_OUTCOME.has(value as Outcome)

/** The attempt may have bought something. */
export const mayHaveBought = (outcome: Outcome): boolean =>
  outcome === 'sold' || outcome === 'replayed' || outcome === 'queued' || outcome === 'unknown'

/** The shop's own purchase logic saw the attempt: what was throttled or never sent puts no rule to the test. */
export const reachesSale = (outcome: Outcome): boolean => outcome !== 'throttled' && outcome !== 'not_sent'

/** The shop said no because of its stock or its records: an answer that the audit can hold it to. */
export const isRefusal = (outcome: Outcome): boolean =>
  outcome === 'already_bought' || outcome === 'insufficient_stock' || outcome === 'sold_out'
