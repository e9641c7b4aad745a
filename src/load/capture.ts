import { usageError } from '../errors.js'
import { readAnswer } from '../history/answer.js'
import { parseJsonPath, valueAt } from '../history/json-path.js'
import { say } from '../language/say.js'
import type { HttpReply } from './transport.js'

/** Takes a text out of an answer; undefined where it holds none. */
export type Capture = (reply: HttpReply) => string | undefined

const forms = () =>
  say`write 'json:$.data.token', 'header:authorization', 'cookie:JSESSIONID' or 'regex:/name="csrf" value="([^"]+)"/'`
const SOURCE = /^(json|header|cookie|regex):(.+)$/s

/**
 * Compiles what is to be taken out of an answer: `json:$.path` (a text, number or boolean), `header:NAME`, `cookie:NAME` as Set-Cookie gives it,
 * `regex:/…/i` over the decoded body (its first group, else all of the match). Throws a usage error.
 */
export const compileCapture = (source: string): Capture => {
  const [, kind, operand = ''] = SOURCE.exec(source) ?? []
  const capture = kind === undefined ? undefined : KINDS[kind as keyof typeof KINDS](operand)
  if (capture === undefined) throw usageError(say`${JSON.stringify(source)} captures nothing`, forms())
  return capture
}

const all = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

const KINDS = {
  json: (operand: string): Capture | undefined => {
    const { path, rest } = parseJsonPath(operand) ?? { path: [], rest: operand }
    if (rest !== '') return undefined
    return ({ body, contentType }) => {
      const value = valueAt(readAnswer(body, contentType).json, path)
      return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined
    }
  },
  header: (operand: string): Capture | undefined => {
    const name = operand.toLowerCase()
    return ({ headers }) => all(headers?.[name])[0]
  },
  cookie: (operand: string): Capture | undefined => {
    return ({ headers }) => {
      const cookies = all(headers?.['set-cookie']).map((line) => line.split(';', 1)[0]!.trim())
      return cookies.find((cookie) => cookie.startsWith(`${operand}=`))?.slice(operand.length + 1)
    }
  },
  regex: (operand: string): Capture | undefined => {
    const [, pattern = operand, flags = ''] = /^\/(.+)\/([imsu]*)$/s.exec(operand) ?? []
    try {
      const regex = new RegExp(pattern, flags)
      return ({ body, contentType }) => {
        const found = regex.exec(readAnswer(body, contentType).text)
        return found?.[1] ?? found?.[0]
      }
    } catch {
      return undefined
    }
  },
} as const satisfies Record<string, (operand: string) => Capture | undefined>

/** Captures by the placeholder that each fills. */
export type Captures = Readonly<Record<string, string>>

/** All captures of one answer; the name of the first that finds nothing in place of them. */
export const compileCaptures = (
  captures: Captures,
): ((reply: HttpReply) => { readonly values: Readonly<Record<string, string>> } | { readonly missing: string }) => {
  const compiled = Object.entries(captures).map(([name, source]) => [name, compileCapture(source)] as const)
  return (reply) => {
    const values: Record<string, string> = {}
    for (const [name, capture] of compiled) {
      const value = capture(reply)
      if (value === undefined) return { missing: name }
      values[name] = value
    }
    return { values }
  }
}
