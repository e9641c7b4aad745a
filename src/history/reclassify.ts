import { outcomeOfStatus } from '../sale/http-contract.js'
import { outcomeCode } from '../sale/outcome.js'
import { answerOf } from './answer.js'
import { documentRules, type OutcomeRule } from './outcome-rules.js'
import type { Run } from './run.js'

/** The run as other rules would have told it, from the answers that its log kept. Answers without a response stay as they are. */
export const reclassify = (run: Run, rules: readonly OutcomeRule[]): Run => {
  if (rules.length === 0) return run
  const all = [...rules, ...documentRules]
  const codes = new Map<number, number>()
  for (const { id, status, sample } of run.groups) {
    if (status === 0) continue
    const answer = answerOf(sample)
    const outcome = all.find((rule) => rule.matches(status, answer))?.outcome ?? outcomeOfStatus(status)
    codes.set(id, outcomeCode(outcome))
  }
  const { attempts } = run
  const outcomes = attempts.outcome.map((code, row) => codes.get(attempts.group[row] as number) ?? code)
  return { ...run, attempts: Object.assign(attempts.head(attempts.length), { outcome: outcomes }) }
}
