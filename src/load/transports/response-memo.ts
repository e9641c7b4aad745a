import type { ResponseHead } from './response-head.js'

/** A response taken apart. */
interface Parts {
  readonly head: ResponseHead
  readonly body: Buffer
}

/** A response as it came, to be known again by its bytes. */
interface Known extends Parts {
  readonly bytes: Buffer
  readonly headLength: number
}

/** For answers that differ in length; the Date in them changes every second. */
const MOST = 8

/** Responses read before. A server gives the same few for a second on end: comparing bytes is cheaper than reading them. */
export class ResponseMemo {
  readonly #known: Known[] = []
  #oldest = 0

  /** The parts of these bytes, where they are one whole response with a head seen before. */
  match(bytes: Buffer, length: number): Parts | null {
    for (const known of this.#known) {
      if (known.bytes.length !== length) continue
      if (beginAlike(bytes, known.bytes, length)) return known
      const { head, headLength } = known
      if (beginAlike(bytes, known.bytes, headLength)) return { head, body: bytes.subarray(headLength, length) }
    }
    return null
  }

  /** Remembers a response that came whole and alone; an ordinary one only. */
  learn(response: Buffer, head: ResponseHead): void {
    if (head.framing.kind !== 'length' || head.contentEncoding !== '') return
    const headLength = response.length - head.framing.bytes
    const bytes = Buffer.from(response)
    this.#known[this.#oldest] = { bytes, headLength, head, body: bytes.subarray(headLength) }
    this.#oldest = (this.#oldest + 1) % MOST
  }
}

const beginAlike = (a: Buffer, b: Buffer, length: number): boolean => a.compare(b, 0, length, 0, length) === 0
