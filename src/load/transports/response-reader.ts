import { ChunkedDecoder } from './chunked.js'
import { NotHttp, parseHead, type ResponseHead } from './response-head.js'
import { KEPT_BODY_BYTES, MAX_HEAD_BYTES, READ_BODY_BYTES } from './response-limits.js'

const HEAD_END = Buffer.from('\r\n\r\n')
const PROTOCOL = 'HTTP/1.'

/** Reads one response of any shape, cut anywhere, in bounded memory. */
export class ResponseReader {
  readonly #method: string
  #held: Buffer | null = null
  #head: ResponseHead | null = null
  #chunked: ChunkedDecoder | null = null
  #kept: Buffer[] = []
  #keptBytes = 0
  #readBytes = 0
  #state: 'reading' | 'done' | 'cut' = 'reading'

  constructor(method: string) {
    this.#method = method
  }

  /** The final head, once it is there. */
  get head(): ResponseHead | null {
    return this.#head
  }

  /** Bytes of the body so far. */
  get readBytes(): number {
    return this.#readBytes
  }

  /** `cut`: the body is longer than anybody reads, and the connection is of no more use. */
  get state(): 'reading' | 'done' | 'cut' {
    return this.#state
  }

  /** What is kept of the body. */
  body(): Buffer {
    return this.#kept.length === 1 ? this.#kept[0]! : Buffer.concat(this.#kept)
  }

  /** Reads on; how many of the bytes belong to this response. Throws {@link NotHttp}. */
  read(bytes: Buffer): number {
    let at = 0
    if (this.#head === null) {
      const held = this.#held?.length ?? 0
      const all = this.#held === null ? bytes : Buffer.concat([this.#held, bytes])
      const bodyAt = this.#readHead(all, Math.max(0, held - HEAD_END.length + 1))
      if (bodyAt === null) return bytes.length
      at = bodyAt - held
    }
    return this.#readBody(bytes, at)
  }

  /** The connection has ended: whether that makes it whole. */
  end(): boolean {
    if (this.#head?.framing.kind === 'until_close') this.#state = 'done'
    return this.#state !== 'reading'
  }

  /** Where the body begins; null while the head is not whole. Interim heads (1xx) are passed over. */
  #readHead(all: Buffer, searched: number): number | null {
    let begin = 0
    let from = searched
    for (;;) {
      const end = all.indexOf(HEAD_END, from)
      if ((end < 0 ? all.length : end) - begin > MAX_HEAD_BYTES) throw new NotHttp('a head without end')
      if (end < 0) {
        const start = all.toString('latin1', begin, begin + PROTOCOL.length)
        if (!PROTOCOL.startsWith(start)) throw new NotHttp('not HTTP/1.1')
        // A copy: the bytes lie in a buffer that is read into again.
        this.#held = Buffer.from(all.subarray(begin))
        return null
      }
      const head = parseHead(all.toString('latin1', begin, end), this.#method)
      begin = end + HEAD_END.length
      from = begin
      if (head.status === 101) throw new NotHttp('an upgrade that nobody asked for')
      if (head.status < 200) continue
      this.#head = head
      if (head.framing.kind === 'chunked') this.#chunked = new ChunkedDecoder()
      if (head.framing.kind === 'length' && head.framing.bytes === 0) this.#state = 'done'
      return begin
    }
  }

  #readBody(bytes: Buffer, from: number): number {
    if (this.#state !== 'reading') return from
    let at = bytes.length
    if (this.#chunked !== null) {
      at = this.#chunked.read(bytes, from, bytes.length, (start, end) => this.#keep(bytes, start, end))
      if (this.#chunked.done) this.#state = 'done'
    } else {
      const { framing } = this.#head!
      if (framing.kind === 'length') {
        at = Math.min(at, from + framing.bytes - this.#readBytes)
        this.#keep(bytes, from, at)
        if (this.#readBytes === framing.bytes) this.#state = 'done'
      } else this.#keep(bytes, from, at)
    }
    if (this.#state === 'reading' && this.#readBytes > READ_BODY_BYTES) this.#state = 'cut'
    return at
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    this.#readBytes += to - from
    const room = Math.min(KEPT_BODY_BYTES - this.#keptBytes, to - from)
    if (room <= 0) return
    this.#kept.push(Buffer.from(bytes.subarray(from, from + room)))
    this.#keptBytes += room
  }
}
