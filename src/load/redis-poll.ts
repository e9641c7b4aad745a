import { usageError } from '../errors.js'
import { listed } from '../language/lists.js'
import { count, say } from '../language/say.js'
import { type FieldSpec, fieldsOf } from './fields.js'
import { parseTemplate, renderer } from './template.js'
import type { Shot } from './transport.js'

/** A command that reads, for an attempt. */
export interface RedisRead {
  /** In capitals. */
  readonly name: string
  argsOf(shot: Shot): string[]
}

const ANY = Number.POSITIVE_INFINITY

/** Commands that write nothing, wait for nothing and look at no more than the keys they name; and how many arguments each takes. */
const READS: Readonly<Record<string, readonly [number, number]>> = {
  ...{ GET: [1, 1], MGET: [1, ANY], GETRANGE: [3, 3], STRLEN: [1, 1], GETBIT: [2, 2] },
  ...{ HGET: [2, 2], HMGET: [2, ANY], HGETALL: [1, 1], HEXISTS: [2, 2], HLEN: [1, 1], HSTRLEN: [2, 2] },
  ...{ EXISTS: [1, ANY], TYPE: [1, 1], TTL: [1, 1], PTTL: [1, 1] },
  ...{ SISMEMBER: [2, 2], SMISMEMBER: [2, ANY], SCARD: [1, 1] },
  ...{ ZSCORE: [2, 2], ZMSCORE: [2, ANY], ZRANK: [2, 3], ZREVRANK: [2, 3], ZCARD: [1, 1] },
  ...{ LINDEX: [2, 2], LLEN: [1, 1], LPOS: [2, ANY], LRANGE: [3, 3], XLEN: [1, 1], XRANGE: [3, 5] },
  ...{ 'JSON.GET': [1, ANY] },
}

const PREFIX = /^\s*redis:/i

/** Whether the request of a poll is a command of Redis. */
export const isRedisPoll = (request: string): boolean => PREFIX.test(request)

/** `redis:GET order:{{ticket}}` → the command for each attempt; a placeholder is never more than one argument. Throws a usage error. */
export const compileRedisPoll = (request: string, spec: FieldSpec): RedisRead => {
  const bad = (why: string, hint?: string) => usageError(say`--poll ${JSON.stringify(request)}: ${why}`, hint)
  const words = wordsOf(request.replace(PREFIX, ''))
  if (words === null) throw bad(say`a quote that does not end`, say`as in redis-cli: "two words", "a \\" in it"`)
  const [first = '', ...args] = words
  const name = first.toUpperCase()
  if (!Object.hasOwn(READS, name)) {
    const why = first === '' ? say`no command` : say`${first} is none of the commands that only read`
    throw bad(why, say`one of ${listed(Object.keys(READS))}`)
  }
  const [least, most] = READS[name] as readonly [number, number]
  if (args.length < least || args.length > most) {
    const wanted = most === least ? count(least, 'argument') : say`${count(least, 'argument')} or more`
    throw bad(say`${name} takes ${wanted}, not ${args.length}`)
  }
  const place = { where: '--poll', fields: fieldsOf(spec), encode: (text: string) => text }
  const writers = args.map((text) => renderer(parseTemplate(text, place)))
  return { name, argsOf: (shot) => writers.map((write) => write(shot)) }
}

/** A placeholder, a quoted text, or a character. */
const PIECE = /(\{\{[^{}]*\}\})|"((?:\\.|[^"\\])*)"|'((?:\\'|[^'])*)'|(["'])|(\s+)|(.)/gs
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' }

/** The words of a command line as redis-cli reads it; null where a quote does not end. */
const wordsOf = (text: string): string[] | null => {
  const words: string[] = []
  let word: string | null = null
  for (const [, placeholder, double, single, stray, space, character] of text.matchAll(PIECE)) {
    if (stray !== undefined) return null
    if (space !== undefined) {
      if (word !== null) words.push(word)
      word = null
    } else
      word = (word ?? '') + (placeholder ?? character ?? (double === undefined ? unquoted(single!) : unescaped(double)))
  }
  return word === null ? words : [...words, word]
}

const unquoted = (text: string): string => text.replaceAll("\\'", "'")

const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|(.))/gis, (_all, hex: string | undefined, char: string) =>
    hex === undefined ? (ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  )
