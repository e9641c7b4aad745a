import { isDeepStrictEqual } from 'node:util'
import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { DOCUMENT_MESSAGES, QUEUE_ANSWERS, TROUBLE_MESSAGES } from '../sale/http-contract.js'
import { didYouMean } from '../sale/nearest.js'
import { OUTCOMES, type Outcome, outcomeNamed } from '../sale/outcome.js'
import type { AnswerText } from './answer.js'
import { parseJsonPath, valueAt } from './json-path.js'

/** Tells an outcome from an answer. */
export interface OutcomeRule {
  readonly outcome: Outcome
  /** The rule as `--outcome` takes it. */
  readonly source: string
  readonly kind: 'status' | 'text' | 'regex' | 'json'
  matches(status: number, answer: AnswerText): boolean
}

type Test = OutcomeRule['matches']

const forms = () =>
  say`write --outcome OUTCOME='status:409', 'status:5xx', 'text:抢到', 'text=whole answer', 'regex:/…/i' or 'json:$.code=0'`
const RULE = /^([^=]*)=(status|text|regex|json)([:=])(.*)$/s

/**
 * Parses one rule, `OUTCOME=KIND:…`:
 * - `status:409`, `status:5xx`: the HTTP status, or its class
 * - `text:抢到`: the answer contains this text; `text=…`: it is this text
 * - `regex:/…/i`, `regex:…`: the answer matches
 * - `json:$.code=0`, `json:$.data.state="SOLD"`: the value at a path (`$`, `.name`, `['name']`, `[0]`), compared as JSON,
 *   or as text where what follows the `=` is no JSON; `json:$.success`: there is one, other than false, null, 0 and ""
 *
 * The answer is the decoded text, see {@link AnswerText}. Throws a usage error.
 */
export const parseOutcomeRule = (source: string): OutcomeRule => {
  const [, name, kind, sign, operand] = RULE.exec(source) ?? []
  const bad = (why: string) => usageError(say`outcome rule ${JSON.stringify(source)}: ${why}`, forms())
  if (name === undefined || operand === undefined) throw bad(say`not of the form OUTCOME=KIND:…`)
  const outcome = outcomeNamed(name)
  if (outcome === undefined) {
    const hint = didYouMean(name, OUTCOMES) || say`; one of ${OUTCOMES.join(say`, `)}`
    throw usageError(say`outcome rule ${JSON.stringify(source)}: no outcome ${JSON.stringify(name)}${hint}`, forms())
  }
  if (operand === '') throw bad(say`nothing to compare with`)
  const test =
    sign === '=' ? (kind === 'text' ? isText(operand) : undefined) : TESTS[kind as keyof typeof TESTS](operand)
  if (test === undefined)
    throw bad(sign === '=' ? say`${kind} takes a colon` : say`${JSON.stringify(operand)} is no ${kind} test`)
  return { outcome, source, kind: kind as OutcomeRule['kind'], matches: test }
}

const isText = (whole: string): Test => {
  const wanted = whole.trim()
  return (_status, { text }) => text === wanted
}

/** Each gives undefined for an operand that it cannot read. */
const TESTS = {
  status: (operand: string): Test | undefined => {
    if (/^[1-5]xx$/i.test(operand)) return (status) => Math.floor(status / 100) === Number(operand[0])
    return /^[1-5]\d\d$/.test(operand) ? (status) => status === Number(operand) : undefined
  },
  text: (operand: string): Test => {
    return (_status, { text }) => text.includes(operand)
  },
  regex: (operand: string): Test | undefined => {
    const [, pattern = operand, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(operand) ?? []
    // g and y would make a rule remember where it last matched.
    if (!/^[imsu]*$/.test(flags)) return undefined
    try {
      const regex = new RegExp(pattern, flags)
      return (_status, { text }) => regex.test(text)
    } catch {
      return undefined
    }
  },
  json: (operand: string): Test | undefined => {
    const { path, rest } = parseJsonPath(operand) ?? { path: [], rest: 'not a path' }
    if (rest === '') return (_status, { json }) => Boolean(valueAt(json, path))
    if (!rest.startsWith('=')) return undefined
    const wanted = jsonOrText(rest.slice(1))
    return (_status, { json }) => json !== undefined && isDeepStrictEqual(valueAt(json, path), wanted)
  },
} as const satisfies Record<string, (operand: string) => Test | undefined>

export const jsonOrText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What the document's shop says, word for word, and what ours says beyond it: that it never reached Redis is an error to the buyer. */
export const documentRules: readonly OutcomeRule[] = [
  ...Object.entries(DOCUMENT_MESSAGES).map(([outcome, message]) => parseOutcomeRule(`${outcome}=text=${message}`)),
  ...Object.entries(TROUBLE_MESSAGES).map(([outcome, message]) =>
    parseOutcomeRule(`${outcome === 'not_sent' ? 'error' : outcome}=json:$.error=${JSON.stringify(message)}`),
  ),
  ...QUEUE_ANSWERS.map(parseOutcomeRule),
]

/** A rule as the sale file writes it: exactly one of the tests. */
export interface OutcomeRuleObject {
  readonly is: string
  readonly status?: number | string | undefined
  readonly text?: string | undefined
  readonly regex?: string | undefined
  readonly json?: string | undefined
  /** With `json`: any JSON value; without it the value at the path has to be truthy. */
  readonly equals?: unknown
}

/** `{ json: "$.code", equals: 0, is: sold }` and the like → rule. Throws a usage error. */
export const outcomeRuleOf = ({ is, equals, ...tests }: OutcomeRuleObject): OutcomeRule => {
  const given = Object.entries(tests).filter(([, operand]) => operand !== undefined)
  const [kind, operand] = given[0] ?? []
  if (kind === undefined || given.length > 1)
    throw usageError(say`an outcome rule has exactly one of status, text, regex, json`)
  if (equals !== undefined && kind !== 'json') throw usageError(say`equals goes with json`)
  const value = equals === undefined ? '' : `=${JSON.stringify(equals)}`
  return parseOutcomeRule(`${is}=${kind}:${operand}${value}`)
}
