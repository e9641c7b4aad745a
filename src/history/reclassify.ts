import { outcomeOfStatus } from '../sale/http-contract.js'
import { type Outcome, outcomeCode } from '../sale/outcome.js'
import { type AnswerText, answerOf } from './answer.js'
import type { AnswerGroup } from './attempt.js'
import { maskAnswer } from './mask-answer.js'
import { documentRules, type OutcomeRule } from './outcome-rules.js'
import type { Run } from './run.js'

export interface Reclassified {
  readonly run: Run
  /** Attempts that these rules cannot decide from what was kept; they became `unknown`. */
  readonly undecided: number
}

/**
 * The run as other rules would have told it, from the answers that its log kept; what was never answered stays as it is. A
 * group stands for many answers: where a rule asks for what may differ between them (ids, counts, what was cut off), the
 * sample decides nothing, and its attempts become `unknown`.
 */
export const reclassify = (run: Run, rules: readonly OutcomeRule[]): Reclassified => {
  if (rules.length === 0) return { run, undecided: 0 }
  const { attempts } = run
  const sizes = new Map<number, number>()
  for (const group of attempts.group) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const codes = new Map<number, number>()
  let undecided = 0
  for (const group of run.groups) {
    if (group.status === 0) continue
    const size = sizes.get(group.id) ?? 0
    const outcome = decide(group, rules, size === 1)
    if (outcome === undefined) undecided += size
    codes.set(group.id, outcomeCode(outcome ?? 'unknown'))
  }
  const outcomes = attempts.outcome.map((code, row) => codes.get(attempts.group[row] as number) ?? code)
  return { run: { ...run, attempts: Object.assign(attempts.head(attempts.length), { outcome: outcomes }) }, undecided }
}

/** Stand-ins for whatever the answers of a group differ in. */
const FILLERS = ['0', '9182736455']

const decide = ({ status, sample, cut }: AnswerGroup, rules: readonly OutcomeRule[], alone: boolean) => {
  const byStatus = rules.every(({ kind }) => kind === 'status')
  if (cut && !byStatus) return undefined
  const outcomeOf = (answer: AnswerText): Outcome =>
    [...rules, ...documentRules].find((rule) => rule.matches(status, answer))?.outcome ?? outcomeOfStatus(status)
  const answer = answerOf(sample)
  const outcome = outcomeOf(answer)
  const agrees = (filler: string) => outcomeOf(withOther(answer, filler)) === outcome
  return alone || FILLERS.every(agrees) ? outcome : undefined
}

/** An answer that would have fallen into the same group. */
const withOther = ({ text, json }: AnswerText, filler: string): AnswerText => {
  const other = maskAnswer(text).replaceAll('#', filler)
  return typeof json === 'string' ? { raw: JSON.stringify(other), text: other, json: other } : answerOf(other)
}
