import type { AnswerGroup, Attempt } from '../history/attempt.js'
import type { Language } from '../language/choose.js'
import { OUTCOMES, outcomeCode } from '../sale/outcome.js'
import type { UserNaming } from '../sale/usernames.js'
import type { Decided, FollowedNews } from './decisions.js'
import type { LoopFacts } from './health.js'
import type { LoadPlan } from './plan.js'
import type { Recipe } from './recipe.js'
import type { LoadShape } from './shape.js'

/** What a worker is made for. Plain data. */
export interface WorkerJob {
  readonly recipe: Recipe
  /** Outcome rules as written, those of the document apart. */
  readonly rules: readonly string[]
  readonly plan: LoadPlan
  readonly shape: LoadShape
  readonly users: UserNaming
  readonly index: number
  readonly of: number
  /** Of the texts that it tells. */
  readonly language: Language
}

/** Times are µs on the clock that all threads share. */
export type ToWorker =
  | { readonly kind: 'fire'; readonly startUs: number; readonly originUs: number }
  | { readonly kind: 'release'; readonly atUs: number }
  | { readonly kind: 'stop' }

export type FromWorker =
  | { readonly kind: 'opened' }
  /** A burst is armed, and waits for its release. */
  | { readonly kind: 'armed' }
  /** Attempts as {@link packAttempts} packs them, and the groups that are new in them; ids are the worker's. */
  | { readonly kind: 'attempts'; readonly packed: Float64Array; readonly groups: readonly AnswerGroup[] }
  /** What came of following; decisions as {@link packDecided} packs them. */
  | ({ readonly kind: 'followed'; readonly packed: Float64Array } & Omit<FollowedNews, 'decided'>)
  | { readonly kind: 'done'; readonly starved: boolean; readonly loop: LoopFacts }
  /** Nothing that was told "queued" is open any more. */
  | { readonly kind: 'settled' }
  | {
      readonly kind: 'failed'
      readonly code: string | null
      readonly message: string
      readonly hint: string | undefined
    }

const FIELDS = 10

/** Ten numbers for each attempt: half of what cloning objects costs. */
export const packAttempts = (attempts: readonly Attempt[]): Float64Array => {
  const packed = new Float64Array(attempts.length * FIELDS)
  let at = 0
  for (const one of attempts) {
    packed[at++] = one.userIndex
    packed[at++] = one.copy
    packed[at++] = one.quantity
    packed[at++] = outcomeCode(one.outcome)
    packed[at++] = one.status
    packed[at++] = one.group
    packed[at++] = one.intendedAtUs
    packed[at++] = one.sentAtUs
    packed[at++] = one.doneAtUs
    packed[at++] = one.connectUs
  }
  return packed
}

/** The attempts again, their groups as `groupOf` names them. */
export function* unpackAttempts(packed: Float64Array, groupOf: (group: number) => number): Generator<Attempt> {
  for (let at = 0; at < packed.length; at += FIELDS) {
    const [userIndex, copy, quantity, outcome, status, group, intendedAtUs, sentAtUs, doneAtUs, connectUs] =
      packed.subarray(at, at + FIELDS) as unknown as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ]
    const times = { intendedAtUs, sentAtUs, doneAtUs, connectUs }
    yield { userIndex, copy, quantity, outcome: OUTCOMES[outcome]!, status, group: groupOf(group), ...times }
  }
}

const DECIDED_FIELDS = 7

/** Seven numbers for each decision. */
export const packDecided = (decided: readonly Decided[]): Float64Array => {
  const packed = new Float64Array(decided.length * DECIDED_FIELDS)
  decided.forEach(({ userIndex, copy, quantity, outcome, intendedAtUs, sentAtUs, decidedAtUs }, i) => {
    const times = [intendedAtUs, sentAtUs, decidedAtUs]
    packed.set([userIndex, copy, quantity, outcomeCode(outcome), ...times], i * DECIDED_FIELDS)
  })
  return packed
}

/** The decisions again. */
export const unpackDecided = (packed: Float64Array): Decided[] =>
  Array.from({ length: packed.length / DECIDED_FIELDS }, (_, i) => {
    const [userIndex, copy, quantity, outcome, intendedAtUs, sentAtUs, decidedAtUs] = packed.subarray(
      i * DECIDED_FIELDS,
      (i + 1) * DECIDED_FIELDS,
    ) as unknown as [number, number, number, number, number, number, number]
    return { userIndex, copy, quantity, outcome: OUTCOMES[outcome]!, intendedAtUs, sentAtUs, decidedAtUs }
  })
