import { NotHttp } from './response-head.js'
import { MAX_HEAD_BYTES } from './response-limits.js'

const CR = 13
const LF = 10

/** Takes the chunks of a body apart, however they are cut. RFC 9112, section 7.1. */
export class ChunkedDecoder {
  #state: 'size' | 'data' | 'data_end' | 'trailer' | 'done' = 'size'
  /** The line that is being read: a size with its extensions, or a trailer. */
  #line = ''
  #left = 0
  #trailerBytes = 0

  /**
   * Reads bytes from `from` to `end`, hands data to `take`; where it stopped, which is `end` or, once {@link done}, earlier.
   * Throws {@link NotHttp}.
   */
  read(bytes: Buffer, from: number, end: number, take: (from: number, to: number) => void): number {
    let at = from
    while (at < end && this.#state !== 'done') {
      if (this.#state === 'data') {
        const upTo = Math.min(end, at + this.#left)
        take(at, upTo)
        this.#left -= upTo - at
        at = upTo
        if (this.#left === 0) this.#state = 'data_end'
      } else at = this.#readLine(bytes, at, end)
    }
    return at
  }

  get done(): boolean {
    return this.#state === 'done'
  }

  #readLine(bytes: Buffer, from: number, end: number): number {
    const lf = bytes.indexOf(LF, from)
    const upTo = lf < 0 || lf >= end ? end : lf + 1
    if (this.#line.length + upTo - from > MAX_HEAD_BYTES) throw new NotHttp('a line between chunks without end')
    this.#line += bytes.toString('latin1', from, upTo)
    if (!this.#line.endsWith('\n')) return upTo
    if (this.#line.charCodeAt(this.#line.length - 2) !== CR) throw new NotHttp('not HTTP/1.1: a bare line feed')
    const line = this.#line.slice(0, -2)
    this.#line = ''
    this.#takeLine(line)
    return upTo
  }

  #takeLine(line: string): void {
    if (this.#state === 'data_end') {
      if (line !== '') throw new NotHttp('not HTTP/1.1: a chunk longer than it said')
      this.#state = 'size'
    } else if (this.#state === 'size') {
      const size = /^([\da-f]{1,12})(?:[ \t]*;.*)?$/is.exec(line)?.[1]
      if (size === undefined) throw new NotHttp('not HTTP/1.1: a bad chunk size')
      this.#left = Number.parseInt(size, 16)
      this.#state = this.#left === 0 ? 'trailer' : 'data'
    } else {
      this.#trailerBytes += line.length
      if (this.#trailerBytes > MAX_HEAD_BYTES) throw new NotHttp('trailers without end')
      if (line === '') this.#state = 'done'
    }
  }
}
