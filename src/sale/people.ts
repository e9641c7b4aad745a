import { thousands } from '../language/numbers.js'
import { count, say } from '../language/say.js'
import { nameSome } from './names.js'

/** Some users by name, and how many there are. */
export interface Named {
  readonly users: readonly string[]
  readonly inAll: number
}

/** What a sale did to people. */
export interface People {
  /** Who were told that they won; null where there is no run. */
  readonly told: number | null
  /** Whose order was accepted, who heard no decision, and for whom nothing is recorded. */
  readonly waiting: number
  /** Told that they won, though there was nothing for them, or nothing is recorded. */
  readonly sorry: Named
  readonly twice: Named
  /** Refused what was there. */
  readonly refused: Named
  /** Told what no order of the purchases explains, and in none of the others. */
  readonly contradicted: Named
}

/** Units of a sale. */
export interface Units {
  readonly initial: number
  readonly recorded: number
  /** Null where it is not known. */
  readonly remaining: number | null
}

/** `53 people were told they won`. */
export const toldText = (told: number): string => say`${count(told, 'person was', 'people were')} told they won`

/**
 * The verdict in a sentence for whoever answers to the customers: `50 units; 53 people were told they won; 3 to apologise to:
 * ann, bob and eve.` It says nothing that a rule does not say more exactly.
 */
export const managerSentence = (
  verdict: 'pass' | 'fail' | 'inconclusive',
  { initial, recorded, remaining }: Units,
  { told, waiting, sorry, twice, refused, contradicted }: People,
): string => {
  const parts = [
    count(initial, 'unit'),
    told === null ? say`${count(recorded, 'unit')} recorded; what people were told is not known` : toldText(told),
    ...(waiting > 0 ? [say`${count(waiting, 'person waits', 'people wait')} for a decision`] : []),
    ...named(sorry, (n, names) => say`${n} to apologise to: ${names}`),
    ...named(twice, (n, names) => say`${n} won twice: ${names}`),
    ...named(refused, (n, names) => say`${n} refused what was there: ${names}`),
    ...named(contradicted, (n, names) => say`${n} told what cannot be true: ${names}`),
    verdict === 'fail' && remaining !== null ? say`${thousands(remaining)} left in stock` : '',
    verdict === 'pass' && told !== null ? goodNews(told, remaining) : '',
    verdict === 'inconclusive' ? say`whether that is right cannot be told` : '',
  ]
  return say`${parts.filter(Boolean).join(say`; `)}.`
}

const named = ({ users, inAll }: Named, text: (n: number, names: string) => string): string[] =>
  inAll === 0 ? [] : [text(inAll, nameSome(users, inAll))]

const goodNews = (told: number, remaining: number | null): string => {
  if (remaining === null) return say`nothing speaks against it`
  return told === 0
    ? say`${thousands(remaining)} left in stock`
    : say`each of them is recorded; ${thousands(remaining)} left in stock`
}
