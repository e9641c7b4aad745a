import { say } from '../language/say.js'
/**
 * The Redis wire protocol, RESP2, RESP3 and inline commands, as far as a proxy needs it: where a frame ends, and what is in
 * it. https://redis.io/docs/latest/develop/reference/protocol-spec
 */

/** Bytes that are no RESP; the stream cannot be followed any further. */
export class RespError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RespError'
  }
}

/** A line longer than Redis itself takes for an inline command, or that any reply has. */
const MAX_LINE = 64 * 1024
/** What Redis takes: proto-max-bulk-len, and elements of one command. */
const MAX_BULK = 512 * 1024 * 1024
const MAX_ELEMENTS = 2 ** 31 - 1

const LF = 10
const CR = 13
const MINUS = 45
const ZERO = 48

const code = (char: string): number => char.charCodeAt(0)
const BULK = new Set(['$', '!', '='].map(code))
const LINE = new Set(['+', '-', ':', ',', '#', '(', '_'].map(code))
/** Values that an aggregate of n elements holds; an attribute is followed by the value that it describes. */
const AGGREGATE = new Map<number, (n: number) => number>([
  [code('*'), (n) => n],
  [code('~'), (n) => n],
  [code('>'), (n) => n],
  [code('%'), (n) => 2 * n],
  [code('|'), (n) => 2 * n + 1],
])
const ARRAY = code('*')

/** The whole number that stands between two positions, as lengths are written. */
export const integerIn = (bytes: Buffer, from: number, to: number): number => {
  const negative = bytes[from] === MINUS
  let value = 0
  for (let i = negative ? from + 1 : from; i < to; i++) {
    const digit = (bytes[i] as number) - ZERO
    if (digit < 0 || digit > 9) throw new RespError(say`${quote(bytes.subarray(from, to))} is no length`)
    value = value * 10 + digit
  }
  if (from === to) throw new RespError(say`a length is missing`)
  return negative ? -value : value
}

const quote = (bytes: Buffer): string => JSON.stringify(bytes.subarray(0, 40).toString('latin1'))

/**
 * Cuts a stream into frames, each a view of the bytes as they came. Linear in the input however it is split: bytes are kept
 * once, and a frame that is not complete is scanned on, not again. A frame stays valid after later calls.
 */
export class FrameScanner {
  readonly #side: 'request' | 'reply'
  #bytes: Buffer = Buffer.alloc(0)
  #start = 0
  #end = 0
  /** How far the frame that starts at `#start` is understood, and searched for the end of a line. */
  #at = 0
  #searched = 0
  /** Values still to come in that frame. */
  #open = 1
  /** Where it ends at the earliest, counted from `#start`. */
  #atLeast = 0

  constructor(side: 'request' | 'reply') {
    this.#side = side
  }

  push(chunk: Buffer): void {
    const kept = this.#end - this.#start
    if (kept === 0) {
      this.#bytes = chunk
      this.#move(0, chunk.length)
      return
    }
    const size = kept + chunk.length
    if (this.#bytes.length - this.#end < chunk.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(2 * size, this.#atLeast))
      this.#bytes.copy(grown, 0, this.#start, this.#end)
      this.#bytes = grown
      this.#move(0, kept)
    }
    chunk.copy(this.#bytes, this.#end)
    this.#end += chunk.length
  }

  /** The next complete frame; null until more is pushed. Throws {@link RespError}. */
  next(): Buffer | null {
    while (this.#open > 0) if (!this.#value()) return null
    const frame = this.#bytes.subarray(this.#start, this.#at)
    this.#start = this.#at
    this.#searched = this.#at
    this.#open = 1
    this.#atLeast = 0
    return frame
  }

  /** What is left of an incomplete frame; the scanner is empty then. */
  rest(): Buffer {
    const rest = this.#bytes.subarray(this.#start, this.#end)
    this.#start = this.#end
    return rest
  }

  #move(start: number, end: number): void {
    this.#at += start - this.#start
    this.#searched += start - this.#start
    this.#start = start
    this.#end = end
  }

  /** Takes in one value, or the head of an aggregate; false while it is incomplete. */
  #value(): boolean {
    const at = this.#at
    if (at >= this.#end) return false
    const lineEnd = this.#lineEnd()
    if (lineEnd < 0) return false
    const bytes = this.#bytes
    const type = bytes[at] as number
    const isCommand = this.#side === 'request' && at === this.#start
    if (isCommand && type !== ARRAY) return this.#took(lineEnd + 1, 0)
    if (bytes[lineEnd - 1] !== CR) throw new RespError(say`a line ends without CR`)
    if (LINE.has(type)) return this.#took(lineEnd + 1, 0)
    if (BULK.has(type)) return this.#bulk(integerIn(bytes, at + 1, lineEnd - 1), lineEnd + 1)
    const held = AGGREGATE.get(type)
    if (held === undefined) throw new RespError(say`${quote(bytes.subarray(at, lineEnd - 1))} begins no value`)
    const elements = integerIn(bytes, at + 1, lineEnd - 1)
    if (elements > MAX_ELEMENTS) throw new RespError(say`an array of ${elements} elements`)
    return this.#took(lineEnd + 1, held(Math.max(elements, 0)))
  }

  #took(end: number, held: number): true {
    this.#at = end
    this.#searched = end
    this.#open += held - 1
    return true
  }

  #bulk(length: number, from: number): boolean {
    if (length > MAX_BULK) throw new RespError(say`a string of ${length} bytes`)
    if (length < 0) return this.#took(from, 0)
    const end = from + length + 2
    if (end > this.#end) {
      this.#atLeast = end - this.#start
      return false
    }
    if (this.#bytes[end - 2] !== CR || this.#bytes[end - 1] !== LF)
      throw new RespError(say`a string is longer than it says`)
    return this.#took(end, 0)
  }

  /** Where the line that begins at `#at` ends; -1 while it is incomplete. */
  #lineEnd(): number {
    const bytes = this.#bytes
    let i = this.#searched
    while (i < this.#end && bytes[i] !== LF) i++
    this.#searched = i
    if (i - this.#at > MAX_LINE) throw new RespError(say`a line of more than ${MAX_LINE} bytes`)
    return i < this.#end ? i : -1
  }
}
