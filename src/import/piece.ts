/** A part of a value, as far as the plan tells what will stand there. */
export type Piece = TextPiece | EnvPiece | DrawnPiece | ColumnPiece | CapturedPiece

export interface TextPiece {
  readonly kind: 'text'
  readonly text: string
}

/** A property of the JVM, or something else that only who runs the scenario can say. */
export interface EnvPiece {
  readonly kind: 'env'
  /** Of the environment variable. */
  readonly name: string
  readonly fallback: string | undefined
}

/** What differs from attempt to attempt, or from thread to thread. */
export interface DrawnPiece {
  readonly kind: 'drawn'
  readonly form: 'number' | 'text' | 'uuid'
  readonly per: 'attempt' | 'thread'
  /** Bounds of a number drawn at random, both included. */
  readonly range: readonly [min: number, max: number] | undefined
  /** What it is drawn by: `__Random`, `CounterConfig`. */
  readonly by: string
  /** The variable that holds it, if one does. */
  readonly variable: string | undefined
}

export interface ColumnPiece {
  readonly kind: 'column'
  readonly name: string
}

/** What a request before the purchase took out of its answer. */
export interface CapturedPiece {
  readonly kind: 'captured'
  readonly name: string
}

export const textPiece = (text: string): TextPiece => ({ kind: 'text', text })

/** The text of pieces that are nothing else; undefined where something will stand in between. */
export const literalOf = (pieces: readonly Piece[]): string | undefined =>
  pieces.every((piece) => piece.kind === 'text') ? pieces.map(({ text }) => text).join('') : undefined

/** Neighbouring texts as one. */
export const joined = (pieces: readonly Piece[]): Piece[] => {
  const merged: Piece[] = []
  for (const piece of pieces) {
    const last = merged.at(-1)
    if (piece.kind === 'text' && last?.kind === 'text') merged[merged.length - 1] = textPiece(last.text + piece.text)
    else if (piece.kind !== 'text' || piece.text !== '') merged.push(piece)
  }
  return merged
}

/** `server.host` → `SHOP_SERVER_HOST`: with the prefix, so that it is never `PATH` or `HOME`. */
export const envName = (name: string): string => `SHOP_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`

/** A reference as the sale file writes it; `}` ends a default, whatever it was meant to be. */
export const envReference = ({ name, fallback }: EnvPiece): string =>
  fallback === undefined ? `\${${name}}` : `\${${name}:-${fallback.replaceAll('}', '')}}`

/** A text that the sale file takes as it is. */
export const escaped = (text: string): string => text.replace(/\$(?=\{[A-Za-z_])/g, '$$$$')
