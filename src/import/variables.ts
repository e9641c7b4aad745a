import { say } from '../language/say.js'
import { parseExpression, type Reference } from './expression.js'
import type { Noted, Notes } from './note.js'
import { type DrawnPiece, envName, joined, literalOf, type Piece, textPiece } from './piece.js'

/** What a name stands for: a text with references of its own, or what is there at run time. */
type Meaning = { readonly text: string } | Piece

/** Variables within variables; more go round in a circle. */
const MAX_DEPTH = 20

/** What `${…}` stands for where a request is made. */
export class Variables {
  readonly #meanings = new Map<string, Meaning>()
  readonly #notes: Notes
  /** Takes names that nothing else explains, while a file of users has columns that only the file names. */
  columnsUnknown = false

  constructor(notes: Notes) {
    this.#notes = notes
  }

  /** A later definition of a name, nearer to the request, wins. */
  define(name: string, meaning: Meaning): void {
    if (name !== '') this.#meanings.set(name, meaning)
  }

  /** Makes known what functions in a text store in variables: `${__Random(1,9,uid)}` gives `${uid}`. */
  learn(text: string): void {
    for (const part of parseExpression(text)) {
      if (typeof part === 'string' || part.args === null) continue
      for (const arg of part.args) this.learn(arg)
      const drawn = drawnBy(part, (arg) => arg)
      if (drawn?.variable !== undefined) this.define(drawn.variable, drawn)
    }
  }

  /** A text as the pieces that it stands for; what nothing explains is noted of `element`. */
  resolve(text: string, element: Noted, depth = 0): Piece[] {
    const parts = parseExpression(text).map((part) =>
      typeof part === 'string' ? [textPiece(part)] : this.#meaningOf(part, element, depth),
    )
    return joined(parts.flat())
  }

  /** A number that a text stands for, with the environment variable that may change it; null where it is none. */
  number(text: string, element: Noted): { readonly value: number; readonly env: Piece | null } | null {
    const pieces = this.resolve(text, element)
    const [only] = pieces
    const fallback = pieces.length === 1 && only?.kind === 'env' ? only.fallback : undefined
    const literal = literalOf(pieces) ?? fallback
    const value = literal === undefined || literal.trim() === '' ? Number.NaN : Number(literal)
    return Number.isFinite(value) ? { value, env: fallback === undefined ? null : (only as Piece) } : null
  }

  #meaningOf(reference: Reference, element: Noted, depth: number): Piece[] {
    const { name, args } = reference
    if (depth > MAX_DEPTH) return [this.#unexplained(name, element)]
    if (args !== null) return this.#called(reference, element, depth)
    const meaning = this.#meanings.get(name)
    if (meaning === undefined)
      return [this.columnsUnknown ? { kind: 'column', name } : this.#unexplained(name, element)]
    if ('kind' in meaning) return [meaning]
    // A password that the plan keeps in a variable is one whatever the field is called that holds it.
    if (SECRET_VARIABLE.test(name)) return [{ kind: 'env', name: envName(name), fallback: undefined }]
    return this.resolve(meaning.text, element, depth + 1)
  }

  #called(reference: Reference, element: Noted, depth: number): Piece[] {
    const { name, args } = reference
    const [first = '', second = '', third = ''] = args as string[]
    const plain = (text: string) => literalOf(this.resolve(text, element, depth + 1))
    const drawn = drawnBy(reference, plain)
    if (drawn !== undefined) return [drawn]
    // Its default is 1, as JMeter has it.
    if (name === '__P') return [{ kind: 'env', name: envName(first), fallback: plain(second || '1') ?? '1' }]
    if (name === '__property') return [{ kind: 'env', name: envName(first), fallback: plain(third || '1') ?? '1' }]
    // A form and a query are encoded here in any case.
    if (name === '__urlencode') return this.resolve(first, element, depth + 1)
    return [this.#unexplained(name, element)]
  }

  #unexplained(name: string, element: Noted): Piece {
    const variable = envName(name.replace(/^__/, ''))
    this.#notes.add(
      'dropped',
      element,
      say`nothing says what $\{${name}\} stands for: set ${variable} in the environment, or write a value`,
    )
    return { kind: 'env', name: variable, fallback: name }
  }
}

const SECRET_VARIABLE = /passw|pwd|secret|token|api_?key/i

const FORMS = {
  __Random: 'number',
  __counter: 'number',
  __threadNum: 'number',
  __RandomString: 'text',
  __UUID: 'uuid',
} as const

/** What a function that draws something draws. */
const drawnBy = ({ name, args }: Reference, plain: (arg: string) => string | undefined): DrawnPiece | undefined => {
  if (!Object.hasOwn(FORMS, name)) return undefined
  const [first = '', second = '', third = ''] = args ?? []
  const [min, max] = [Number(plain(first)), Number(plain(second))]
  const variable = { __Random: third, __RandomString: third, __counter: second }[name]
  return {
    kind: 'drawn',
    form: FORMS[name as keyof typeof FORMS],
    per: name === '__threadNum' ? 'thread' : 'attempt',
    range: name === '__Random' && Number.isFinite(min) && max >= min ? [min, max] : undefined,
    by: name,
    variable: variable || undefined,
  }
}
