import { say } from './say.js'

/** Words beside each other: `a, b`; in Chinese with the comma that stands between words. */
export const listed = (words: readonly string[]): string => words.join(say`, `)

/** Clauses of one sentence: `50 units in goods_a, at most 2 a user`; in Chinese with the comma that stands between clauses. */
export const clauses = (parts: readonly string[]): string =>
  parts.slice(1).reduce((all, part) => say`${all}, ${part}`, parts[0] ?? '')

/** Sentences without their full stops: `one thing. Another`. */
export const sentences = (parts: readonly string[]): string =>
  parts.slice(1).reduce((all, part) => say`${all}. ${part}`, parts[0] ?? '')
