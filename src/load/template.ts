import { usageError } from '../errors.js'
import { didYouMean } from '../sale/nearest.js'
import type { Shot } from './transport.js'

const FIELDS = {
  user: (shot: Shot) => shot.user,
  quantity: (shot: Shot) => String(shot.quantity),
  index: (shot: Shot) => String(shot.userIndex),
} as const

type Encode = (text: string) => string

/** A template cut at its placeholders: text as it is, and functions of the shot. */
export type Parts = readonly (string | ((shot: Shot) => string))[]

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/
const NUMBER_ALONE = /^\{\{\s*(quantity|index)\s*\}\}$/

export const hasPlaceholder = (text: string): boolean => PLACEHOLDER.test(text)

/** Cuts `text`; `where` names it in the usage error that an unknown placeholder causes. */
export const parseTemplate = (text: string, where: string, encode: Encode, literal: Encode = encode): Parts =>
  // A split by a pattern with one group gives texts and placeholder names in turn.
  text.split(PLACEHOLDER).map((piece, i) => (i % 2 === 0 ? literal(piece) : field(piece, where, encode)))

const field = (name: string, where: string, encode: Encode): ((shot: Shot) => string) => {
  if (!Object.hasOwn(FIELDS, name)) {
    const known = Object.keys(FIELDS)
    throw usageError(
      `unknown placeholder {{${name}}} in ${where}${didYouMean(name, known)}`,
      `known: ${known.map((each) => `{{${each}}}`).join(', ')}`,
    )
  }
  const read = FIELDS[name as keyof typeof FIELDS]
  return (shot) => encode(read(shot))
}

/** One function that writes the parts one after the other. */
export const renderer = (parts: Parts): ((shot: Shot) => string) => {
  const merged: (string | ((shot: Shot) => string))[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part
    else merged.push(part)
  }
  return (shot) => {
    let text = ''
    for (const part of merged) text += typeof part === 'string' ? part : part(shot)
    return text
  }
}

const UNRESERVED = /^[\w.-]*$/

/** As in a form: `application/x-www-form-urlencoded`. Half surrogates become U+FFFD. */
export const formEncode: Encode = (text) =>
  UNRESERVED.test(text) ? text : new URLSearchParams([['', text]]).toString().slice(1)

/** For a path or a query. */
export const urlEncode: Encode = (text) => formEncode(text).replaceAll('+', '%20')

const jsonEscape: Encode = (text) => JSON.stringify(text).slice(1, -1)

/** JSON with placeholders in its strings; a value that is exactly `{{quantity}}` or `{{index}}` becomes a number. */
export const jsonParts = (value: unknown): Parts => {
  if (typeof value === 'string') {
    const parts = parseTemplate(value, 'the JSON body', jsonEscape)
    return NUMBER_ALONE.test(value) ? parts : ['"', ...parts, '"']
  }
  if (Array.isArray(value)) return ['[', ...value.flatMap((item, i) => [...comma(i), ...jsonParts(item)]), ']']
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([name, member], i) => [
      ...comma(i),
      '"',
      ...parseTemplate(name, 'the JSON body', jsonEscape),
      '":',
      ...jsonParts(member),
    ])
    return ['{', ...members, '}']
  }
  return [JSON.stringify(value) ?? 'null']
}

const comma = (i: number): string[] => (i === 0 ? [] : [','])
