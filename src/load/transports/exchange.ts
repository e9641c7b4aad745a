import type { Dispatcher } from 'undici'
import { systemCodeOf } from '../../errors.js'
import type { Done, HttpReply, Reply } from '../transport.js'
import { decodeContent } from './content-coding.js'
import { EARLY_ANSWER } from './next-read.js'
import { KEPT_BODY_BYTES, READ_BODY_BYTES } from './response-limits.js'

const NEVER_TWICE = new Error('not sent again')

/** One request and what comes of it. Settles exactly once; what undici tells afterwards is ignored. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #nowUs: () => number
  readonly #done: Done
  readonly #dispatchAgain: () => void
  #settled = false
  #held: boolean
  #mayBeStale = true
  #controller: Dispatcher.DispatchController | null = null
  #sentAtUs: number
  #connectUs = 0
  #status = 0
  #contentType = ''
  #headers: HttpReply['headers']
  #contentEncoding = ''
  #chunks: Buffer[] = []
  #keptBytes = 0
  #readBytes = 0

  /** `held`: a byte of it waits. `dispatchAgain` is called, at most once, where a connection left over from earlier broke before this request began. */
  constructor(nowUs: () => number, held: boolean, dispatchAgain: () => void, done: Done) {
    this.#held = held
    this.#done = done
    this.#nowUs = nowUs
    this.#dispatchAgain = dispatchAgain
    this.#sentAtUs = nowUs()
  }

  /** The connection that was begun for this exchange is there, or failed. */
  connected(startedAtUs: number): void {
    this.#mayBeStale = false
    this.#connectUs += this.#nowUs() - startedAtUs
  }

  /** The byte that was held back goes now: this is when the request counts as sent. */
  released(): void {
    this.#held = false
    this.#sentAtUs = this.#nowUs()
  }

  /** Ends it from outside. */
  giveUp(note: string): void {
    this.#fail(note)
    this.#controller?.abort(new Error(note))
  }

  /** undici calls this right before it writes; whoever aborts here has sent nothing. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled || this.#controller !== null) controller.abort(NEVER_TWICE)
    else {
      this.#controller = controller
      this.#sentAtUs = this.#nowUs()
    }
  }

  onResponseStart(
    _controller: unknown,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (this.#held) this.giveUp(EARLY_ANSWER)
    this.#status = status
    this.#headers = headers
    this.#contentType = firstOf(headers['content-type'])
    this.#contentEncoding = firstOf(headers['content-encoding']).toLowerCase()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#readBytes += chunk.length
    const room = KEPT_BODY_BYTES - this.#keptBytes
    if (room > 0) {
      this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
      this.#keptBytes += Math.min(chunk.length, room)
    }
    if (this.#readBytes <= READ_BODY_BYTES) return
    this.onResponseEnd()
    controller.abort(new Error('body too large'))
  }

  onResponseEnd(): void {
    const body = decodeContent(Buffer.concat(this.#chunks), this.#contentEncoding)
    this.#settle({ kind: 'http', status: this.#status, contentType: this.#contentType, headers: this.#headers!, body })
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#settled) return
    if (this.#controller === null && this.#mayBeStale) {
      this.#mayBeStale = false
      // Not at once: undici is still emptying its queue.
      queueMicrotask(this.#dispatchAgain)
    } else this.#fail(noteOf(error))
  }

  #fail(note: string): void {
    const inBody = this.#status === 0 ? '' : `, after status ${this.#status} and ${this.#readBytes} bytes of the body`
    this.#settle({
      kind: 'failed',
      outcome: this.#controller === null || this.#held ? 'not_sent' : 'unknown',
      note: note + inBody,
    })
  }

  #settle(reply: Reply): void {
    if (this.#settled) return
    this.#settled = true
    this.#chunks = []
    this.#done({ sentAtUs: this.#sentAtUs, doneAtUs: this.#nowUs(), connectUs: this.#connectUs, reply })
  }
}

const firstOf = (header: string | string[] | undefined): string => (Array.isArray(header) ? header[0] : header) ?? ''

/** A short word for a failure: the system's code where there is one. */
const noteOf = (error: Error): string => {
  const code = systemCodeOf(error)
  if (code === undefined || code === 'UND_ERR_SOCKET') return error.message
  if (code.startsWith('HPE_')) return `not HTTP/1.1 (${code})`
  return code.startsWith('UND_ERR_') ? error.message : code
}
