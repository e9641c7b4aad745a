import type { Piece } from './piece.js'

/** A named value of a request. */
export interface Field {
  readonly name: string
  readonly pieces: readonly Piece[]
  /** In JSON, without quotes around it. */
  readonly bare?: boolean
}

/** A text whose percent signs encode something, as what they encode. */
export const decoded = (text: string): string => {
  if (!/%[0-9a-f]{2}|\+/i.test(text) || text.includes('${')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** How the fields of a request are written. */
export type Write = (field: Field) => string
