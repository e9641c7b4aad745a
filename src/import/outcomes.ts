import { parseJsonPath } from '../history/json-path.js'
import { jsonOrText } from '../history/outcome-rules.js'
import { say } from '../language/say.js'
import { DOCUMENT_MESSAGES } from '../sale/http-contract.js'
import type { Draft } from './draft.js'
import { escaped, literalOf } from './piece.js'
import type { PlanElement } from './plan.js'

type Rule = Record<string, unknown>

/** What assertions on answers say of outcomes: what has to stand in an answer is a sale, unless it is one of the document's refusals. */
export const outcomesOf = (draft: Draft): Rule[] =>
  draft.assertions.flatMap((element) => KINDS[element.tag]?.(element, draft) ?? [])

const BITS = { matches: 1, contains: 2, not: 4, equals: 8, substring: 16, or: 32 } as const

const KINDS: Readonly<Record<string, (element: PlanElement, draft: Draft) => Rule[]>> = {
  ResponseAssertion: (element, draft) => {
    const { props } = element
    const { notes, variables } = draft
    const drop = (why: string): Rule[] => {
      notes.add('dropped', element, why)
      return []
    }
    const type = Number(props.text('Assertion.test_type')) || BITS.contains
    // As JMeter spells it.
    const patterns = props
      .texts('Asserion.test_strings')
      .map((text) => literalOf(variables.resolve(text, element)) ?? '')
    if (patterns.length === 0 || patterns.includes(''))
      return drop(say`it asks for nothing that an outcome could be told by`)
    if ((type & BITS.not) !== 0)
      return drop(say`an answer that must not say this is a refusal, but of which kind? Write it under outcomes`)
    const field = props.text('Assertion.test_field').replace(/^Assertion\./, '')
    if (field === 'response_code') return ofStatus(patterns, drop)
    if (field !== 'response_data' && field !== 'response_data_as_document')
      return drop(say`only body and status of an answer tell an outcome`)
    if ((type & BITS.or) !== 0 || patterns.length === 1)
      return patterns.flatMap((pattern) => ofText(pattern, type, drop))
    const all = patterns.map((pattern) => `(?=[\\s\\S]*${(type & BITS.contains) !== 0 ? pattern : quoted(pattern)})`)
    return ofText(`^${all.join('')}`, BITS.contains, drop)
  },
  JSONPathAssertion: (element, { notes }) => {
    const { props } = element
    const path = props.text('JSON_PATH').trim()
    if (
      parseJsonPath(path)?.rest !== '' ||
      props.flag('INVERT') ||
      (props.flag('JSONVALIDATION') && props.flag('ISREGEX'))
    ) {
      notes.add('dropped', element, say`only a value at a simple path ($.data.code) tells an outcome`)
      return []
    }
    const equals = props.flag('JSONVALIDATION') ? { equals: jsonOrText(props.text('EXPECTED_VALUE')) } : {}
    return [{ json: path, ...equals, is: 'sold' }]
  },
}

type Drop = (why: string) => Rule[]

/** What a status says beyond doubt. */
const SAYING: Readonly<Record<string, string>> = { 201: 'sold', 202: 'queued', 429: 'throttled' }

const ofStatus = (patterns: readonly string[], drop: Drop): Rule[] =>
  patterns.flatMap((status) =>
    SAYING[status] === undefined
      ? drop(
          say`status ${status} alone does not say that somebody bought; if it does here: { status: ${status}, is: sold }`,
        )
      : [{ status: Number(status), is: SAYING[status] }],
  )

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const unicode = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))

const ofText = (written: string, type: number, drop: Drop): Rule[] => {
  // Whoever had no decoder wrote what the wire shows.
  const pattern = unicode(written)
  const literal = (type & (BITS.substring | BITS.equals)) !== 0
  const source =
    (type & BITS.equals) !== 0
      ? `^${quoted(pattern)}$`
      : (type & BITS.matches) !== 0
        ? `^(?:${pattern})$`
        : literal
          ? quoted(pattern)
          : pattern
  let regex: RegExp
  try {
    regex = new RegExp(source)
  } catch {
    return drop(say`its pattern is none in JavaScript`)
  }
  const known = Object.entries(DOCUMENT_MESSAGES).filter(([, message]) => regex.test(message))
  if (known.length > 1)
    return drop(say`it allows several outcomes: which one, the rules for the document’s messages tell`)
  const is = known[0]?.[0] ?? 'sold'
  const plain = (type & BITS.substring) !== 0 || (type === BITS.contains && !/[\\^$.*+?()[\]{}|]/.test(pattern))
  return plain ? [{ text: escaped(pattern), is }] : [{ regex: escaped(`/${source.replace(/(?<!\\)\//g, '\\/')}/`), is }]
}
