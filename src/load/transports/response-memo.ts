import type { HttpReply } from '../transport.js'
import { type ResponseHead, replyOf } from './response-head.js'

/** A response taken apart. */
interface Parts {
  readonly head: ResponseHead
  readonly reply: HttpReply
}

/** A response as it came, to be known again by its bytes. */
interface Known extends Parts {
  readonly bytes: Buffer
  readonly words: Uint32Array
  readonly headLength: number
}

/** For answers that differ in length; the Date in them changes every second. */
const MOST = 8
/** Calling the native comparison costs more than comparing so few bytes here, four at a time. */
const FEW_BYTES = 1_024

/**
 * Responses read before, into one buffer all of them. A server gives the same few for a second on end: comparing bytes is
 * cheaper than reading them.
 */
export class ResponseMemo {
  readonly #buffer: Buffer
  readonly #words: Uint32Array
  /** What matched last is first. */
  readonly #known: Known[] = []

  /** What is read lies at the beginning of `buffer`, a multiple of four bytes with a memory of its own. */
  constructor(buffer: Buffer) {
    this.#buffer = buffer
    this.#words = new Uint32Array(buffer.buffer)
  }

  /** The parts of the first `length` bytes, where they are one whole response with a head seen before. */
  match(length: number): Parts | null {
    const known = this.#known
    for (let i = 0; i < known.length; i++) {
      const one = known[i]!
      if (one.bytes.length !== length) continue
      const parts = this.#isSame(one) ? one : this.#withNewBody(one)
      if (parts === null) continue
      known[i] = known[0]!
      known[0] = one
      return parts
    }
    return null
  }

  /** Remembers a response that came whole and alone; an ordinary one only. */
  learn(response: Buffer, head: ResponseHead): void {
    if (head.framing.kind !== 'length' || head.contentEncoding !== '') return
    const headLength = response.length - head.framing.bytes
    const words = new Uint32Array(Math.ceil(response.length / 4))
    const bytes = Buffer.from(words.buffer, 0, response.length)
    response.copy(bytes)
    const known = { bytes, words, headLength, head, reply: replyOf(head, bytes.subarray(headLength)) }
    if (this.#known.length === MOST) this.#known.pop()
    this.#known.unshift(known)
  }

  #isSame({ bytes, words }: Known): boolean {
    const { length } = bytes
    if (length > FEW_BYTES) return this.#beginsAs(bytes, length)
    const whole = length >>> 2
    for (let i = 0; i < whole; i++) if (this.#words[i] !== words[i]) return false
    for (let i = whole << 2; i < length; i++) if (this.#buffer[i] !== bytes[i]) return false
    return true
  }

  #withNewBody({ bytes, head, headLength }: Known): Parts | null {
    if (!this.#beginsAs(bytes, headLength)) return null
    return { head, reply: replyOf(head, this.#buffer.subarray(headLength, bytes.length)) }
  }

  #beginsAs(bytes: Buffer, length: number): boolean {
    return this.#buffer.compare(bytes, 0, length, 0, length) === 0
  }
}
