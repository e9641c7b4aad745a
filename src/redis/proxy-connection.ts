import type { Socket } from 'node:net'
import { say } from '../language/say.js'
import { Outbox } from './outbox.js'
import { type CommandKind, kindOf } from './proxied-command.js'
import { FrameScanner, RespError } from './resp.js'
import { wordsOf } from './resp-values.js'

/** One thing that a client asked of Redis through the proxy. */
export interface Passage {
  /** Number of the client's connection, from 1. */
  readonly connection: number
  readonly kind: CommandKind
  /** In capitals. */
  readonly name: string
  readonly args: readonly string[]
  /** With EXEC: the commands that it runs. */
  readonly queued: readonly Passage[]
  /** In a transaction that is not yet executed: Redis only notes it. */
  readonly isQueued: boolean
  /** As it was sent. */
  readonly frame: Buffer
}

/** What a proxy does with what goes through it; all of it optional. */
export interface ProxyHooks {
  /** A client sent it; what it sent before may still be held. */
  arrived?(passage: Passage): void
  /** Holds a step back until the promise resolves, and what its connection sends after it until it is answered. */
  hold?(step: Passage): Promise<void> | null
  sent?(passage: Passage): void
  replied?(passage: Passage, frame: Buffer): void
  /** A client ended its side; it may still read what it waits for. */
  ended?(connection: number): void
  /** From here on a connection goes through unseen, and why. */
  unseen?(connection: number, why: string): void
  /** A connection ended; what it still waited for was executed or not. */
  closed?(connection: number, unanswered: readonly Passage[]): void
}

/** Where the reply side turns to bytes: everything before has been answered. */
const UNSEEN = null

/**
 * One client and its own connection to Redis. Every command is cut out of the stream, goes to Redis in the order in which it
 * came, and its reply goes back in that order, byte for byte.
 */
export class ProxyConnection {
  readonly #number: number
  readonly #client: Socket
  readonly #upstream: Socket
  readonly #hooks: ProxyHooks
  readonly #requests = new FrameScanner('request')
  readonly #replies = new FrameScanner('reply')
  readonly #toRedis: Outbox
  readonly #toClient: Outbox
  /** Sent, not yet answered, in order. */
  readonly #waiting: (Passage | typeof UNSEEN)[] = []
  #head = 0
  /** Cut out of the stream before their turn; only where somebody wants to know of them. */
  readonly #ahead: Passage[] = []
  #queued: Passage[] | null = null
  /** A step is being held, or has been and is not answered yet. */
  #held: Passage | null = null
  #skipNext = false
  #requestsUnseen = false
  #repliesUnseen = false
  #clientEnded = false
  #over = false

  constructor(number: number, client: Socket, upstream: Socket, hooks: ProxyHooks) {
    this.#number = number
    this.#client = client
    this.#upstream = upstream
    this.#hooks = hooks
    this.#toRedis = new Outbox(upstream, client)
    this.#toClient = new Outbox(client, upstream)
    client.on('data', (chunk) => this.#guard(() => this.#request(chunk)))
    upstream.on('data', (chunk) => this.#guard(() => this.#reply(chunk)))
    client.on('end', () => {
      this.#clientEnded = true
      this.#hooks.ended?.(this.#number)
      this.#pump()
    })
    upstream.on('end', () => client.end())
    for (const socket of [client, upstream]) {
      socket.setNoDelay()
      socket.on('error', (error: NodeJS.ErrnoException) => this.close(error.code === 'ECONNRESET'))
      socket.on('close', () => this.close(false))
    }
  }

  /** Cuts both sides; with a reset where the one who cut did. */
  close(reset: boolean): void {
    if (this.#over) return
    this.#over = true
    // A unix socket knows no reset, and one that is not connected yet has nobody to tell.
    for (const socket of [this.#client, this.#upstream])
      reset && socket.remoteFamily !== undefined ? socket.resetAndDestroy() : socket.destroy()
    const unanswered = this.#waiting.slice(this.#head).filter((passage) => passage !== UNSEEN)
    this.#hooks.closed?.(this.#number, unanswered)
  }

  /** Who speaks something else than RESP is let through unseen: Redis tells them. */
  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof RespError)) throw error
      this.#goUnseen(say`no RESP: ${error.message}`)
      this.#turnReplies()
    }
  }

  #request(chunk: Buffer): void {
    if (this.#requestsUnseen) this.#toRedis.add(chunk)
    else this.#requests.push(chunk)
    this.#pump()
  }

  /** Sends on all that may go. */
  #pump(): void {
    while (!this.#requestsUnseen && this.#held === null) {
      const passage = this.#ahead.shift() ?? this.#cut()
      if (passage === null) break
      this.#take(passage)
    }
    if (this.#held !== null && this.#hooks.arrived !== undefined) this.#lookAhead()
    this.#toRedis.flush()
    if (this.#clientEnded && this.#held === null) this.#upstream.end()
  }

  /** The next command; null until more comes. Empty ones are dropped: Redis answers nothing to them. */
  #cut(): Passage | null {
    for (let frame = this.#requests.next(); frame !== null; frame = this.#requests.next()) {
      const words = wordsOf(frame)
      if (words.length === 0) continue
      const passage = this.#passageOf(words, frame)
      this.#hooks.arrived?.(passage)
      return passage
    }
    return null
  }

  #lookAhead(): void {
    try {
      for (let passage = this.#cut(); passage !== null; passage = this.#cut()) this.#ahead.push(passage)
    } catch (error) {
      // It is met again when its turn comes.
      if (!(error instanceof RespError)) throw error
    }
  }

  #take(passage: Passage): void {
    const wait = passage.kind === 'step' && !passage.isQueued ? (this.#hooks.hold?.(passage) ?? null) : null
    if (wait === null) {
      this.#send(passage)
      return
    }
    this.#held = passage
    void wait.then(() => {
      if (this.#over) return
      this.#send(passage)
      this.#toRedis.flush()
    })
  }

  #passageOf([word = '', ...args]: readonly string[], frame: Buffer): Passage {
    const name = word.toUpperCase()
    const kind = kindOf(name, args)
    const endsQueue = name === 'EXEC' || name === 'DISCARD' || name === 'RESET'
    const queue = this.#queued
    const passage: Passage = {
      connection: this.#number,
      kind,
      name,
      args,
      queued: name === 'EXEC' ? (queue ?? []) : [],
      isQueued: queue !== null && !endsQueue && name !== 'WATCH',
      frame,
    }
    if (name === 'MULTI') this.#queued = []
    else if (endsQueue) this.#queued = null
    else if (passage.isQueued) queue?.push(passage)
    return passage
  }

  #send(passage: Passage): void {
    this.#toRedis.add(passage.frame)
    this.#hooks.sent?.(passage)
    if (passage.kind === 'silent') this.#skipNext = true
    else if (this.#skipNext) this.#skipNext = false
    else this.#waiting.push(passage)
    if (passage.kind === 'streaming') this.#goUnseen(passage.name)
  }

  #goUnseen(why: string): void {
    if (this.#requestsUnseen) return
    this.#requestsUnseen = true
    this.#hooks.unseen?.(this.#number, why)
    for (const { frame } of this.#ahead.splice(0)) this.#toRedis.add(frame)
    this.#toRedis.add(this.#requests.rest())
    this.#toRedis.flush()
    this.#waiting.push(UNSEEN)
  }

  #reply(chunk: Buffer): void {
    if (this.#repliesUnseen) this.#toClient.add(chunk)
    else this.#cutReplies(chunk)
    this.#toClient.flush()
    if (this.#held === null) this.#pump()
  }

  #cutReplies(chunk: Buffer): void {
    this.#replies.push(chunk)
    while (this.#waiting[this.#head] !== UNSEEN) {
      const frame = this.#replies.next()
      if (frame === null) return
      this.#toClient.add(frame)
      // RESP3 tells things out of turn.
      if (frame[0] !== 0x3e) this.#answer(frame)
    }
    this.#turnReplies()
  }

  #turnReplies(): void {
    this.#repliesUnseen = true
    this.#toClient.add(this.#replies.rest())
    this.#toClient.flush()
  }

  #answer(frame: Buffer): void {
    const passage = this.#waiting[this.#head]
    // Redis says that it is full, or protected, before anybody asks.
    if (!passage) return
    if (++this.#head > 1_000) {
      this.#waiting.splice(0, this.#head)
      this.#head = 0
    }
    if (passage === this.#held) this.#held = null
    this.#hooks.replied?.(passage, frame)
  }
}
