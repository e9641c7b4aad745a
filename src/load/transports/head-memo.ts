import type { ResponseHead } from './response-head.js'

/** A head as it came, to be known again by its bytes. */
interface KnownHead {
  readonly bytes: Buffer
  readonly length: number
  readonly head: ResponseHead
  /** Of the whole response. */
  readonly total: number
}

/** For answers that differ in length; the Date in them changes every second. */
const MOST = 8

/** Heads read before. A server answers with the same few for a second on end: comparing bytes is cheaper than reading them. */
export class HeadMemo {
  readonly #known: KnownHead[] = []
  #oldest = 0

  /** The head that these bytes begin with, where they are one whole response of a kind seen before. */
  match(bytes: Buffer, length: number): KnownHead | null {
    for (const known of this.#known) {
      if (known.total === length && bytes.compare(known.bytes, 0, known.length, 0, known.length) === 0) return known
    }
    return null
  }

  /** Remembers the head of a response that came whole and alone; of an ordinary one only. */
  learn(response: Buffer, head: ResponseHead): void {
    if (head.framing.kind !== 'length' || head.contentEncoding !== '') return
    const length = response.length - head.framing.bytes
    this.#known[this.#oldest] = {
      bytes: Buffer.from(response.subarray(0, length)),
      length,
      head,
      total: response.length,
    }
    this.#oldest = (this.#oldest + 1) % MOST
  }
}
