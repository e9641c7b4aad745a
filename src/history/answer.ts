import { TextDecoder } from 'node:util'

/** An answer as a person reads it. */
export interface AnswerText {
  /** As it came, only its charset decoded and its ends trimmed. */
  readonly raw: string
  /** With `\uXXXX` decoded. Of a JSON string: that string. */
  readonly text: string
  /** The parsed body where it is JSON, else undefined. */
  readonly json: unknown
}

const UTF8 = new TextDecoder()
const CHARSET = /charset\s*=\s*["']?([^\s;"']+)/i

/** One server names one content type over and over, and a decoder costs more than what it decodes. */
let latest = { contentType: '', decoder: UTF8 }

const decoderFor = (contentType: string): TextDecoder => {
  if (contentType !== latest.contentType) latest = { contentType, decoder: newDecoder(contentType) }
  return latest.decoder
}

const newDecoder = (contentType: string): TextDecoder => {
  const charset = CHARSET.exec(contentType)?.[1]
  if (charset === undefined) return UTF8
  try {
    return new TextDecoder(charset)
  } catch {
    return UTF8
  }
}

const hasUtf8Mark = (body: Buffer): boolean => body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf

/** Decodes a whole body in the charset that its content type names; UTF-8 where it names none, or one that nobody knows. */
export const readAnswer = (body: Buffer, contentType: string): AnswerText =>
  answerOf((hasUtf8Mark(body) ? UTF8 : decoderFor(contentType)).decode(body))

/** Reads text whose charset is decoded already, such as the sample of an answer group. */
export const answerOf = (decoded: string): AnswerText => {
  const raw = decoded.trim()
  const json = parseJson(raw)
  if (typeof json === 'string') return { raw, text: json.trim(), json }
  return { raw, text: unescapeUnicode(raw, json !== undefined), json }
}

/** A cheap look first: a thrown SyntaxError costs more than all the rest. */
const MAY_BE_JSON = /^[{["\d-]|^(?:true|false|null)$/

const parseJson = (text: string): unknown => {
  if (!MAY_BE_JSON.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// The second branch takes `\\`, so that an escaped backslash before a `u` is no escape.
const ESCAPE = /\\(?:u([0-9a-f]{4})|[^u])/gi
const MUST_STAY_ESCAPED = /["\\\p{Cc}]/u

/** Decodes `\uXXXX`; JSON stays JSON of the same value. */
const unescapeUnicode = (text: string, isJson: boolean): string =>
  text.replace(ESCAPE, (sequence, hex: string | undefined) => {
    if (hex === undefined) return sequence
    const character = String.fromCharCode(Number.parseInt(hex, 16))
    return isJson && MUST_STAY_ESCAPED.test(character) ? sequence : character
  })
