import { thousands } from './numbers.js'

/** Sentences by their English form, in which `{0}`, `{1}` stand for what is filled in. */
export type Sentences = Readonly<Record<string, string>>

let sentences: Sentences | null = null

/** Chooses the language of everything said from now on; null is English. Called once, before anything is said. */
export const speak = (chosen: Sentences | null): void => {
  sentences = chosen
}

/**
 * A text for people in the language chosen: `` say`${n} users` ``. What is filled in may stand elsewhere in the other
 * language; a sentence that has no other form is said in English.
 */
export const say = (parts: TemplateStringsArray, ...values: readonly unknown[]): string => {
  const found = sentences?.[keyOf(parts)]
  if (found !== undefined) return found.replace(/\{(\d+)\}/g, (_, position) => String(values[Number(position)]))
  return parts.reduce((text, part, i) => text + String(values[i - 1]) + part)
}

/** How a sentence is called in the table of sentences. A template's parts are one object, however often it is said. */
const keyOf = (parts: TemplateStringsArray): string => {
  const known = keys.get(parts)
  if (known !== undefined) return known
  const key = parts.reduce((all, part, i) => `${all}{${i - 1}}${part}`)
  keys.set(parts, key)
  return key
}

const keys = new WeakMap<TemplateStringsArray, string>()

/** The same for one of our own words that is data: an outcome, a verdict, a summary. The word itself where it has no other form. */
export const word = (english: string): string => sentences?.[english] ?? english

/** `50 throttled`; in Chinese the word comes first. */
export const tallied = (n: number, english: string): string =>
  sentences === null ? `${n} ${english}` : `${word(english)} ${n}`

/** `1 unit`, `2,000 units`; Chinese counts with measure words: `1 件`. `many` where it is not `one` with an s. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  sentences?.[`{0} ${one}`]?.replace('{0}', thousands(n)) ?? `${thousands(n)} ${n === 1 ? one : many}`
