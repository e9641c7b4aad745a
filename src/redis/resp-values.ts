import { isUtf8 } from 'node:buffer'
import { say } from '../language/say.js'
import { integerIn, RespError } from './resp.js'

/** A reply as data. Maps and attributes are lists of their entries one after the other; sets and pushes are lists. */
export type RespValue = string | number | bigint | boolean | null | RespErrorReply | readonly RespValue[]

/** An error reply, which may also stand inside an array. */
export class RespErrorReply {
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}

const MAX_DEPTH = 100
const LF = 10

/** The value of a complete reply frame (see FrameScanner). Throws RespError where it is nested deeper than 100. */
export const decodeReply = (frame: Buffer): RespValue => new Reader(frame).value(0)

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(depth: number): RespValue {
    if (depth > MAX_DEPTH) throw new RespError(say`a reply nested deeper than ${MAX_DEPTH}`)
    const type = String.fromCharCode(this.#bytes[this.#at] as number)
    const from = this.#at + 1
    const end = this.#bytes.indexOf(LF, from) - 1
    this.#at = end + 2
    switch (type) {
      case '+':
        return textOf(this.#bytes.subarray(from, end))
      case '-':
        return new RespErrorReply(textOf(this.#bytes.subarray(from, end)))
      case ':':
        return wholeNumber(this.#line(from, end))
      case '(':
        return BigInt(this.#line(from, end))
      case ',':
        return Number(this.#line(from, end).replace('inf', 'Infinity'))
      case '#':
        return this.#line(from, end) === 't'
      case '_':
        return null
      case '$':
        return this.#bulk(integerIn(this.#bytes, from, end))
      case '!':
        return new RespErrorReply(this.#bulk(integerIn(this.#bytes, from, end)) ?? '')
      case '=':
        // Three letters name the format: `txt:`.
        return this.#bulk(integerIn(this.#bytes, from, end))?.slice(4) ?? null
      case '|':
        for (let i = 2 * integerIn(this.#bytes, from, end); i > 0; i--) this.value(depth + 1)
        return this.value(depth)
      default: {
        const length = integerIn(this.#bytes, from, end)
        if (length < 0) return null
        return Array.from({ length: type === '%' ? 2 * length : length }, () => this.value(depth + 1))
      }
    }
  }

  #line(from: number, to: number): string {
    return this.#bytes.toString('latin1', from, to)
  }

  #bulk(length: number): string | null {
    if (length < 0) return null
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length + 2
    return textOf(bytes)
  }
}

const wholeNumber = (text: string): number | bigint => {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** UTF-8 as text; other bytes one character each, so that nothing is lost to a replacement character. */
const textOf = (bytes: Buffer): string => (isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1'))

/** The words of a request frame: the name of the command as sent, and its arguments. Empty for an empty command. */
export const wordsOf = (frame: Buffer): string[] => {
  if (frame[0] === 0x2a) return (decodeReply(frame) as RespValue[] | null)?.map((word) => String(word)) ?? []
  return inlineWords(frame.toString('utf8').trim())
}

const INLINE_WORD = /"((?:\\.|[^"\\])*)"|'((?:\\'|[^'])*)'|(\S+)/g
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }

const inlineWords = (line: string): string[] =>
  [...line.matchAll(INLINE_WORD)].map(([, double, single, plain]) => {
    if (double !== undefined)
      return double.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, escaped: string) => unescaped(escaped))
    return single?.replaceAll("\\'", "'") ?? (plain as string)
  })

const unescaped = (escaped: string): string =>
  escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16)) : (ESCAPES[escaped] ?? escaped)

const PLAIN_WORD = /^[^\s"'\\\p{C}]+$/u

/** An argument as it may be typed into redis-cli: quoted where need be, cut after `max` characters. */
export const wordText = (word: string, max = 80): string => {
  const cut = word.length > max ? `${word.slice(0, max)}…` : word
  return PLAIN_WORD.test(cut) ? cut : JSON.stringify(cut)
}

/** A reply in redis-cli's manner, on one line. */
export const replyText = (value: RespValue, max = 80): string => {
  if (value === null) return '(nil)'
  if (value instanceof RespErrorReply) return `(error) ${value.message}`
  if (Array.isArray(value)) return listText(value, max)
  return typeof value === 'string' ? wordText(value, max) : String(value)
}

const listText = (values: readonly RespValue[], max: number): string => {
  const shown: string[] = []
  let length = 0
  for (const value of values) {
    const text = replyText(value, max)
    length += text.length + 2
    if (length > max) return `[${[...shown, `… ${values.length} in all`].join(', ')}]`
    shown.push(text)
  }
  return `[${shown.join(', ')}]`
}
