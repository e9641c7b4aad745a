import { connect, type Socket, type TcpNetConnectOpts } from 'node:net'
import { messageOf, systemCodeOf } from '../../errors.js'
import type { Done, Reply } from '../transport.js'
import type { Shared } from './connection-shared.js'
import { decodeContent } from './content-coding.js'
import { afterNextRead, EARLY_ANSWER } from './next-read.js'
import { type ResponseHead, replyOf } from './response-head.js'
import { ResponseReader } from './response-reader.js'
import { writeAtOnce } from './write-at-once.js'

/** A server that says it drops idle connections after n seconds is believed, and beaten by this. */
const IDLE_MARGIN_US = 1_000_000

/**
 * One keep-alive connection, replaced when it is gone, with at most one exchange on it. Nothing is ever sent twice: a
 * request of which a byte was written counts as delivered.
 */
export class Connection {
  readonly #shared: Shared
  readonly #where: TcpNetConnectOpts
  readonly #settled: () => void
  #socket: Socket | null = null
  #connected = false
  #freshUntilUs = Number.POSITIVE_INFINITY
  #error: string | null = null
  /** Of the exchange under way; null while there is none. */
  #done: Done | null = null
  #text = ''
  #armed: ((armed: boolean) => void) | null = null
  /** All but the last byte. */
  #allButOne = false
  #written = false
  #beganAtUs = 0
  #sentAtUs = 0
  #connectUs = 0
  #reader: ResponseReader | null = null
  /** Tells whoever had it connect ahead. */
  #ahead: () => void = () => {}
  /** Counts the exchanges: a turn to connect may come when its own is over. */
  #exchange = 0

  /** `settled` is called before every `done`. */
  constructor(shared: Shared, where: TcpNetConnectOpts, settled: () => void) {
    this.#shared = shared
    this.#where = where
    this.#settled = settled
  }

  /** Sends a request; with `armed`, all but its last byte, which {@link release} sends. */
  send(text: string, nowUs: number, done: Done, armed: ((armed: boolean) => void) | null = null): void {
    this.#text = text
    this.#done = done
    this.#armed = armed
    this.#allButOne = false
    this.#written = false
    this.#beganAtUs = nowUs
    this.#sentAtUs = nowUs
    this.#connectUs = 0
    if (this.#connected && nowUs < this.#freshUntilUs) this.#write()
    else this.#connectAnew()
  }

  /** Connects ahead of the first exchange; resolves once that is done, or has failed: the exchange then tries again. */
  connectAhead(): Promise<void> {
    return new Promise((resolve) => {
      this.#ahead = resolve
      this.#takeTurn(() => true)
    })
  }

  /** Sends the byte that was held back; nothing where the attempt has failed meanwhile. */
  release(): void {
    if (this.#done !== null && this.#socket !== null) this.#put(this.#text.slice(-1))
  }

  /** Ends the exchange under way, if there is one. */
  giveUp(note: string): void {
    if (this.#done !== null) this.#fail(note)
    else this.#drop()
  }

  /** Sends the request that waits for its turn; nothing where the attempt has failed meanwhile, or connects anew. */
  sendNow(): void {
    if (this.#waits()) this.#put(this.#text)
  }

  /** Sends the last of the request. */
  #put(text: string): void {
    this.#sentAtUs = this.#shared.nowUs()
    this.#written = true
    writeAtOnce(this.#socket!, text)
  }

  /** Connected, with a request of which nothing is sent. */
  #waits(): boolean {
    return this.#connected && this.#done !== null && !this.#written && !this.#allButOne
  }

  #write(): void {
    if (this.#armed !== null) this.#sendAllButOne(this.#socket!, this.#armed)
    else if (this.#shared.answering) this.#shared.sends.add(this)
    else this.sendNow()
  }

  #sendAllButOne(socket: Socket, armed: (armed: boolean) => void): void {
    this.#armed = null
    this.#allButOne = true
    socket.write(this.#text.slice(0, -1), 'latin1', () => afterNextRead(() => armed(this.#socket === socket)))
  }

  #connectAnew(): void {
    this.#drop()
    const exchange = ++this.#exchange
    this.#takeTurn(() => this.#done !== null && this.#exchange === exchange)
  }

  #takeTurn(isWanted: () => boolean): void {
    this.#shared.connects.enter((turnOver) => {
      // A socket there is by now had its turn first, and takes the exchange along.
      const connects = this.#socket === null && isWanted()
      if (connects) this.#connect(turnOver)
      return connects
    })
  }

  #connect(turnOver: () => void): void {
    const socket = connect({
      ...this.#where,
      onread: {
        buffer: this.#shared.buffer,
        callback: (length, bytes) => {
          if (this.#socket === socket) this.#read(bytes as Buffer, length)
          return true
        },
      },
    })
    this.#socket = socket
    socket.once('connect', () => {
      turnOver()
      // What a server says before it is asked must be read before it can pass for an answer.
      afterNextRead(() => {
        if (this.#socket !== socket) return
        this.#connected = true
        this.#ahead()
        if (this.#done === null) return
        this.#sentAtUs = this.#shared.nowUs()
        this.#connectUs = this.#sentAtUs - this.#beganAtUs
        this.#write()
      })
    })
    socket.on('error', (error) => {
      if (this.#socket === socket) this.#error = systemCodeOf(error) ?? messageOf(error)
    })
    const ended = () => {
      if (this.#socket === socket) this.#ended()
    }
    socket.once('end', ended)
    socket.once('close', turnOver).once('close', ended)
  }

  #read(bytes: Buffer, length: number): void {
    // Nobody asked for these bytes, and whatever they are, they would be taken for the next answer.
    if (this.#done === null) this.#drop()
    else if (this.#waits()) this.#connectAnew()
    else if (!this.#written) this.#tooEarly()
    else {
      const known = this.#reader === null ? this.#shared.responses.match(length) : null
      if (known !== null) this.#answer(known.head, known.reply)
      else this.#readOn(bytes.subarray(0, length))
    }
  }

  /** A greeting, or a server that does not wait for the body: the latter may have bought, whatever it says. */
  #tooEarly(): void {
    if (this.#allButOne) this.#shared.answersEarly = true
    this.#fail(EARLY_ANSWER)
  }

  #readOn(bytes: Buffer): void {
    const isFirst = this.#reader === null
    const reader = this.#reader ?? new ResponseReader(this.#shared.method)
    this.#reader = reader
    const used = this.#tryToRead(reader, bytes)
    if (used === null || reader.state === 'reading' || reader.head === null) return
    if (isFirst && used === bytes.length) this.#shared.responses.learn(bytes, reader.head)
    if (reader.state === 'cut' || used < bytes.length) this.#drop()
    this.#answerRead(reader, reader.head)
  }

  /** How many bytes were the answer's; null where it is none. */
  #tryToRead(reader: ResponseReader, bytes: Buffer): number | null {
    try {
      return reader.read(bytes)
    } catch (error) {
      this.#fail(messageOf(error))
      return null
    }
  }

  #ended(): void {
    const reader = this.#reader
    if (this.#done === null) this.#drop()
    else if (this.#waits()) this.#connectAnew()
    else if (this.#error === null && reader?.head && reader.end()) this.#answerRead(reader, reader.head)
    else this.#fail(this.#error ?? 'closed')
  }

  #answerRead(reader: ResponseReader, head: ResponseHead): void {
    this.#answer(head, replyOf(head, decodeContent(reader.body(), head.contentEncoding)))
  }

  #answer({ keepAlive, idleSeconds }: ResponseHead, reply: Reply): void {
    const doneAtUs = this.#shared.nowUs()
    if (!this.#written) this.#shared.answersEarly = true
    if (!keepAlive || !this.#written) this.#drop()
    else if (idleSeconds !== null) this.#freshUntilUs = doneAtUs + idleSeconds * 1e6 - IDLE_MARGIN_US
    this.#settle(reply, doneAtUs)
  }

  #fail(note: string): void {
    const reader = this.#reader
    const inBody = reader?.head ? `, after status ${reader.head.status} and ${reader.readBytes} bytes of the body` : ''
    if (!this.#connected) this.#connectUs = this.#shared.nowUs() - this.#beganAtUs
    const mayHaveBought = this.#written || (this.#allButOne && this.#shared.answersEarly)
    const outcome = mayHaveBought ? 'unknown' : 'not_sent'
    this.#drop()
    this.#armed?.(false)
    this.#armed = null
    this.#settle({ kind: 'failed', outcome, note: note + inBody }, this.#shared.nowUs())
  }

  #settle(reply: Reply, doneAtUs: number): void {
    const done = this.#done!
    this.#done = null
    this.#reader = null
    this.#settled()
    this.#shared.answering = true
    done({ sentAtUs: this.#sentAtUs, doneAtUs, connectUs: this.#connectUs, reply })
    this.#shared.answering = false
  }

  #drop(): void {
    this.#ahead()
    this.#socket?.destroy()
    this.#socket = null
    this.#connected = false
    this.#error = null
    this.#freshUntilUs = Number.POSITIVE_INFINITY
  }
}
