import { InvalidArgumentError } from 'commander'
import { say } from '../language/say.js'
import { LIMITS } from '../sale/limits.js'
import { parseDuration, parseShare, parseUnits } from '../sale-file/values.js'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly file?: string
  readonly redis?: string
  readonly sale?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly seed?: number
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly yes?: boolean
  readonly allowRemote?: string
  readonly runsDir?: string
  /** Chosen before the options are parsed: see cli/language.ts. */
  readonly lang?: string
  readonly debug?: boolean
}

/** Parser of a whole number in `min`..`max`. */
export const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(say`It must be a whole number from ${min} to ${max}.`)
  }

/** Parser of whole numbers in `min`..`max`, with commas between them. */
export const wholes =
  (min: number, max: number) =>
  (text: string): number[] =>
    text.split(',').map(whole(min, max))

/** Parser of one of these words, which a shell completes by themselves. */
export const oneOf = <T extends string>(words: readonly T[]) => {
  const parse = (text: string): T => {
    if (words.includes(text as T)) return text as T
    throw new InvalidArgumentError(say`It must be one of: ${words.join(', ')}.`)
  }
  return Object.assign(parse, { words })
}

/** A parser of the sale file's as one of commander's. */
const orInvalid =
  <T>(parse: (text: string) => T | undefined, message: () => string) =>
  (text: string): T => {
    const value = parse(text)
    if (value !== undefined) return value
    throw new InvalidArgumentError(message())
  }

/** `5%` or `0.05` → 0.05. */
export const share = orInvalid(parseShare, () => say`It must be a share such as 5% or 0.05.`)

/** `1`, `2` or `1-2` → the range of units. */
export const quantityRange = orInvalid(
  parseUnits,
  () => say`It must be a number of units such as 1, or a range such as 1-2.`,
)

/** `500ms`, `10s`, `2m` or plain seconds → milliseconds. */
export const durationMs = orInvalid(parseDuration, () => say`It must be a time such as 500ms, 10s or 2m.`)

/** Gathers a repeatable option. */
export const repeat = (text: string, earlier: readonly string[] = []): string[] => [...earlier, text]

export const seed = whole(...LIMITS.seed)
