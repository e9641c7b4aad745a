import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { didYouMean } from '../sale/nearest.js'
import type { Shot } from './transport.js'

type Encode = (text: string) => string

/** What a placeholder stands for. */
export interface Field {
  (shot: Shot): string
  /** It gives letters, digits, dots and hyphens of ASCII only: the same, however they are encoded. */
  readonly isPlain?: boolean
}

/** Placeholders by name. */
export type Fields = Readonly<Record<string, Field>>

/** A template cut at its placeholders: text as it is, and functions of the shot. */
export type Parts = readonly (string | Field)[]

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/
const NUMBER_ALONE = /^\{\{\s*(quantity|index)\s*\}\}$/

export const hasPlaceholder = (text: string): boolean => PLACEHOLDER.test(text)

/** The names of all placeholders in a text. */
export const placeholdersIn = (text: string): string[] =>
  [...text.matchAll(new RegExp(PLACEHOLDER, 'g'))].map(([, name]) => name as string)

/** How the texts of one place are read. */
export interface Place {
  /** Names it in the usage error that an unknown placeholder causes. */
  readonly where: string
  readonly fields: Fields
  readonly encode: Encode
  /** For what stands between placeholders; default `encode`. */
  readonly literal?: Encode
}

/** Cuts `text` at its placeholders. */
export const parseTemplate = (text: string, { where, fields, encode, literal = encode }: Place): Parts =>
  // A split by a pattern with one group gives texts and placeholder names in turn.
  text.split(PLACEHOLDER).map((piece, i) => {
    if (i % 2 === 0) return literal(piece)
    const field = fieldNamed(piece, where, fields)
    if (field.isPlain) return field
    return (shot: Shot) => encode(field(shot))
  })

const fieldNamed = (name: string, where: string, fields: Fields): Field => {
  if (Object.hasOwn(fields, name)) return fields[name]!
  const known = Object.keys(fields)
  throw usageError(
    say`unknown placeholder {{${name}}} in ${where}${didYouMean(name, known)}`,
    say`known: ${known.map((each) => `{{${each}}}`).join(say`, `)}`,
  )
}

/** One function that writes the parts one after the other. */
export const renderer = (parts: Parts): Field => {
  const merged: (string | Field)[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part
    else merged.push(part)
  }
  const [first = ''] = merged
  if (merged.length <= 1) return typeof first === 'string' ? () => first : first
  return (shot) => {
    let text = ''
    for (const part of merged) text += typeof part === 'string' ? part : part(shot)
    return text
  }
}

/** By character code, what a form leaves as it is. */
const UNRESERVED = Array.from({ length: 128 }, (_, code) => /[\w.-]/.test(String.fromCharCode(code)))

/** A pattern would do, at several times the price, for every field of every request. */
const isUnreserved = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (UNRESERVED[text.charCodeAt(i)] !== true) return false
  return true
}

/** As in a form: `application/x-www-form-urlencoded`. Half surrogates become U+FFFD. */
export const formEncode: Encode = (text) =>
  isUnreserved(text) ? text : new URLSearchParams([['', text]]).toString().slice(1)

/** For a path or a query. */
export const urlEncode: Encode = (text) => formEncode(text).replaceAll('+', '%20')

const jsonEscape: Encode = (text) => JSON.stringify(text).slice(1, -1)

/** JSON with placeholders in its strings; a value that is exactly `{{quantity}}` or `{{index}}` becomes a number. */
export const jsonParts = (value: unknown, fields: Fields, where = say`the JSON body`): Parts => {
  const place = { where, fields, encode: jsonEscape }
  const inside = (part: unknown) => jsonParts(part, fields, where)
  if (typeof value === 'string') {
    const parts = parseTemplate(value, place)
    return NUMBER_ALONE.test(value) ? parts : ['"', ...parts, '"']
  }
  if (Array.isArray(value)) return ['[', ...value.flatMap((item, i) => [...comma(i), ...inside(item)]), ']']
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([name, member], i) => [
      ...comma(i),
      '"',
      ...parseTemplate(name, place),
      '":',
      ...inside(member),
    ])
    return ['{', ...members, '}']
  }
  return [JSON.stringify(value) ?? 'null']
}

const comma = (i: number): string[] => (i === 0 ? [] : [','])
