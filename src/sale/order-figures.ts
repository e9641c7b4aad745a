import { clauses } from '../language/lists.js'
import { thousands } from '../language/numbers.js'
import { say } from '../language/say.js'

/** Orders of the sale's own queue, as each of its witnesses counts them. */
export interface OrderFigures {
  /** Buyers who heard that they won after waiting; null without a run. */
  readonly won: number | null
  /** Null where no strategy took units at the door. */
  readonly reserved: number | null
  /** Jobs that sold. */
  readonly jobs: number
  /** Records of their users, no more than they have such orders. */
  readonly recorded: number
  /** Other users who are recorded: they bought without the queue. */
  readonly besides: number
  readonly units: { readonly reserved: number | null; readonly jobs: number; readonly recorded: number }
  readonly refused: number
  readonly givenUp: number
  readonly ofOtherSeedings: number
}

/** `orders in the queue: 50 heard that they won, 50 reserved, 50 sold by jobs, 50 of them recorded; 3 refused`. What is zero beside the four is left out. */
export const orderFiguresText = (figures: OrderFigures): string => {
  const { won, reserved, jobs, recorded, refused, givenUp, ofOtherSeedings, besides } = figures
  const four = [
    ...(won === null ? [] : [say`${thousands(won)} heard that they won`]),
    ...(reserved === null ? [] : [say`${thousands(reserved)} reserved`]),
    say`${thousands(jobs)} sold by jobs`,
    say`${thousands(recorded)} of them recorded`,
  ]
  const others = [
    ...(refused === 0 ? [] : [say`${thousands(refused)} refused`]),
    ...(givenUp === 0 ? [] : [say`${thousands(givenUp)} given up`]),
    ...(ofOtherSeedings === 0 ? [] : [say`${thousands(ofOtherSeedings)} of other seedings`]),
    ...(besides === 0 ? [] : [say`${thousands(besides)} bought without the queue`]),
  ]
  return say`orders in the queue: ${[clauses(four), ...(others.length === 0 ? [] : [clauses(others)])].join(say`; `)}`
}
