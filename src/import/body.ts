import { say } from '../language/say.js'
import type { Draft } from './draft.js'
import { decoded, type Field, type Write } from './field.js'
import { escaped, type Piece, textPiece } from './piece.js'
import type { Props } from './props.js'

export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'form'; readonly fields: readonly Field[] }
  | { readonly kind: 'json'; readonly fields: readonly Field[]; write(write: Write): unknown }

/** Arguments as fields; a name that comes again is noted, since a form of the sale file holds each once. */
export const formFields = (list: readonly Props[], { sampler, variables, notes }: Draft): Field[] => {
  const fields = new Map<string, Field>()
  for (const argument of list) {
    const name = argument.text('Argument.name')
    if (name === '') continue
    const value = argument.text('Argument.value')
    // Not encoded by JMeter because it is so already.
    const plain = argument.flag('HTTPArgument.always_encode') ? value : decoded(value)
    if (fields.has(name)) notes.add('dropped', sampler, say`a second ${name} is not kept: a form holds each name once`)
    else fields.set(name, { name, pieces: variables.resolve(plain, sampler) })
  }
  return [...fields.values()]
}

/** A raw body: JSON, or a form written by hand. */
export const rawBody = (list: readonly Props[], { sampler, variables, notes }: Draft): Body => {
  const text = list.map((argument) => argument.text('Argument.value')).join('')
  if (text.trim() === '') return { kind: 'form', fields: [] }
  const json = jsonBody(variables.resolve(text, sampler))
  if (json !== null) {
    if (text.search(LONG) >= 0)
      notes.add(
        'changed',
        sampler,
        say`numbers of more than 15 digits are sent as texts, so that they stay what they are`,
      )
    return json
  }
  if (/^[\w.[\]-]+=[^=&\n]*(&[\w.[\]-]+=[^=&\n]*)*$/.test(text.trim())) {
    const pairs = text
      .trim()
      .split('&')
      .map((pair) => pair.split('=') as [string, string])
    return {
      kind: 'form',
      fields: pairs.map(([name, value]) => ({ name, pieces: variables.resolve(decoded(value), sampler) })),
    }
  }
  notes.add('dropped', sampler, say`its body is neither JSON nor a form: an empty one is sent`)
  return { kind: 'form', fields: [] }
}

// Private characters stand for pieces while the text around them is parsed.
const [QUOTED, BARE] = ['\ue000', '\ue001']
const MARK = /([\ue000\ue001])(\d+)\1/

/** JSON with references in it, in quotes or bare; null for what is no JSON. */
const jsonBody = (pieces: readonly Piece[]): Body | null => {
  const marked = (mark: string) =>
    pieces.map((piece, i) => (piece.kind === 'text' ? piece.text : `${mark}${i}${mark}`)).join('')
  const document = parsed(marked(QUOTED)) ?? parsed(inQuotes(marked(BARE)))
  if (document === undefined || typeof document !== 'object' || document === null) return null
  const fieldOf = (name: string, value: string): Field => {
    const parts = value.split(new RegExp(MARK, 'g'))
    const found = parts.flatMap((part, i): Piece[] => {
      if (i % 3 === 1) return []
      return i % 3 === 2 ? [pieces[Number(part)] as Piece] : part === '' ? [] : [textPiece(part)]
    })
    return { name, pieces: found, bare: value.startsWith(BARE) }
  }
  const fields: Field[] = []
  const walk = (value: unknown, name: string, change: (field: Field, before: unknown) => unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, name, change))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, key, change)]))
    if (typeof value === 'number') return change({ name, pieces: [textPiece(String(value))], bare: true }, value)
    return typeof value === 'string' ? change(fieldOf(name, value), value) : value
  }
  walk(document, '', (field) => fields.push(field))
  return {
    kind: 'json',
    fields,
    write: (write) =>
      walk(document, '', (field, before) => {
        const written = write(field)
        return typeof before === 'number' && written === escaped(String(before)) ? before : written
      }),
  }
}

/** What stands bare gets quotes: `{"id": 1, "user": …}`. What stands in quotes keeps them, and is no longer bare. */
const inQuotes = (text: string): string =>
  text
    .split(/("(?:[^"\\]|\\.)*")/s)
    .map((part, i) =>
      i % 2 === 1
        ? part.replace(new RegExp(MARK, 'g'), `${QUOTED}$2${QUOTED}`)
        : part.replace(new RegExp(MARK, 'g'), `"${BARE}$2${BARE}"`),
    )
    .join('')

// More digits than a number holds exactly.
const LONG = /([:[,]\s*)(-?\d{16,})(?=\s*[,}\]])/g

const parsed = (text: string): unknown => {
  for (const attempt of [text.replace(LONG, '$1"$2"'), text]) {
    try {
      return JSON.parse(attempt)
    } catch {
      // A number in a text looked like a long one, or this is no JSON.
    }
  }
  return undefined
}
