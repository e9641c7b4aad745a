import { say } from '../../../language/say.js'
import type { Command, RedisPort } from '../../../redis/port.js'
import type { StockPart } from '../../../sale/final-state.js'
import type { StockPlace } from '../../../sale/layout.js'
import { quoteRaw, wholeNumber, whyUnreadable } from '../raw.js'

/** Units left under a stock place, or why they cannot be told. */
export type StockReading =
  | {
      readonly remaining: number
      readonly stockProblem: null
      readonly lowestPart?: StockPart
      /** Why it cannot be told after all, once something is recorded. */
      readonly unlessRecorded?: string
    }
  | { readonly remaining: null; readonly stockProblem: string }

/** Reads and writes one kind of stock. */
export interface StockReader<P extends StockPlace> {
  /** Never long on the server: it is called many times a second while a run goes on. Rejects with a RedisFailure. */
  read(redis: RedisPort, place: P): Promise<StockReading>
  /** Takes the stock away, and nothing else that its keys may hold. */
  clear(place: P): Command[]
  /** Writes `units` where {@link clear} left nothing; absent where {@link fill} does. */
  write?(place: P, units: number): Command[]
  /** Adds the elements `from` to `from + count - 1` to a collection of units. */
  fill?(key: string, from: number, count: number): Command
}

export const left = (remaining: number): StockReading => ({ remaining, stockProblem: null })
export const unreadable = (stockProblem: string): StockReading => ({ remaining: null, stockProblem })

/** Numbers as Redis gave them (null: absent), made one by `units`; `names` says where each of them lies. */
export const numbersLeft = (
  texts: readonly (string | null)[],
  names: readonly string[],
  units: (numbers: number[]) => number,
): StockReading => {
  for (const [i, text] of texts.entries()) {
    if (text === null) return unreadable(say`there is no ${names[i]}`)
    if (!Number.isNaN(wholeNumber(text))) continue
    return unreadable(say`${names[i]} holds ${quoteRaw(text)}: ${whyUnreadable(text, say`a whole number`)}`)
  }
  return left(units(texts.map((text) => wholeNumber(text as string))))
}

/** The same of a stock spread over several counters, with the lowest of them. */
export const partsLeft = (texts: readonly (string | null)[], names: readonly string[]): StockReading => {
  const reading = numbersLeft(texts, names, (parts) => parts.reduce((sum, part) => sum + part, 0))
  if (reading.remaining === null) return reading
  const parts = texts.map((text, i): StockPart => ({ name: names[i] as string, units: Number(text) }))
  return { ...reading, lowestPart: parts.reduce((lowest, part) => (part.units < lowest.units ? part : lowest)) }
}

/** Spreads units over `parts` as evenly as they go. */
export const spread = (units: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, i) => Math.floor(units / parts) + (i < units % parts ? 1 : 0))
