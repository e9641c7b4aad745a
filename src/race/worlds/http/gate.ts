import { say } from '../../../language/say.js'
import { mayBlock } from '../../../redis/proxied-command.js'
import type { Passage, ProxyHooks } from '../../../redis/proxy-connection.js'
import { decodeReply, type RespValue } from '../../../redis/resp-values.js'
import { commandText } from '../../../redis/trace.js'
import { isMetaKey } from '../../../sale/keys.js'

/** A step of an instance that waits at the gate. */
export interface HeldStep {
  readonly passage: Passage
  /** Milliseconds, monotonic. */
  readonly sinceMs: number
  /** Lets it go to Redis; resolves with the reply, rejects where the connection ended first. */
  release(): Promise<RespValue>
}

/** A held step that lost its connection. */
interface GivenUp {
  readonly passage: Passage
  readonly heldMs: number
  /** The same bytes came again, on another connection. */
  resent: boolean
}

interface Waiting {
  resolve(reply: RespValue): void
  reject(error: Error): void
}

/** What a gate noticed beside the steps that it held. */
export interface Notice {
  /** Commands that read with a wait of their own, such as XREADGROUP BLOCK: consumers, which run on unheld. */
  readonly blocking: Set<string>
  /** Connections that went on unseen, and why. */
  readonly unseen: Set<string>
}

/** The gate between one instance of a shop and Redis: open, everything passes; shut, each step waits until it is released. */
export class Gate {
  readonly held: HeldStep[] = []
  readonly notice: Notice = { blocking: new Set(), unseen: new Set() }
  /** Something arrived, or a connection ended. */
  onChange: () => void = () => {}
  /** Steps whose connection the shop gave up while they were held: what follows is not to be trusted. */
  readonly givenUp: GivenUp[] = []
  /** A step came to a shut gate; it is held once those before it on its connection are answered. */
  onArrival: (passage: Passage) => void = () => {}
  readonly hooks: ProxyHooks
  #shut = false
  readonly #waiting = new Map<Passage, Waiting>()
  readonly #background = new Set<string>()
  /** Connections of a shop that reads the meta of sales: our own, which looks anew now and then whether its sale is there. */
  readonly #guards = new Set<number>()

  constructor() {
    this.hooks = {
      arrived: (passage) => {
        if (readsMeta(passage)) this.#guards.add(passage.connection)
        if (this.#shut && passage.kind === 'step' && !passage.isQueued && !this.#isFree(passage))
          this.onArrival(passage)
      },
      hold: (passage) => (this.#shut && !this.#isFree(passage) ? this.#hold(passage) : null),
      replied: (passage, frame) => this.#answer(passage, frame),
      unseen: (_, why) => void this.notice.unseen.add(why),
      ended: (connection) => this.#giveUp(connection),
      closed: (connection) => this.#leave(connection),
    }
  }

  shut(): void {
    this.#shut = true
    this.givenUp.length = 0
  }

  /** Commands that the shop sends while nobody buys: they are never held. */
  letPass(commands: Iterable<string>): void {
    for (const command of commands) this.#background.add(command)
  }

  /** Lets everything go, what is held included. */
  open(): void {
    this.#shut = false
    for (const step of this.held.splice(0)) step.release().catch(() => {})
  }

  /** Why an execution is not to be trusted; null while it is. */
  get perturbed(): string | null {
    const [first] = this.givenUp
    if (first === undefined) return null
    const again = first.resent ? say` and sent it again` : ''
    return say`the shop gave up the connection while ${first.passage.name} was held for ${Math.round(first.heldMs)} ms${again}: a timeout of its Redis client is too short`
  }

  /** It is nobody's purchase, or not to be held. */
  #isFree(passage: Passage): boolean {
    const blocks = mayBlock(passage.name, passage.args)
    if (blocks) this.notice.blocking.add(passage.name)
    return blocks || this.#isOurs(passage) || (this.#background.size > 0 && this.#background.has(commandText(passage)))
  }

  /** Not of a purchase: a look at the meta, and at the types of the keys that it names. */
  #isOurs(passage: Passage): boolean {
    return readsMeta(passage) || (passage.name === 'TYPE' && this.#guards.has(passage.connection))
  }

  #hold(passage: Passage): Promise<void> {
    for (const lost of this.givenUp) lost.resent ||= lost.passage.frame.equals(passage.frame)
    return new Promise((pass) => {
      this.held.push({
        passage,
        sinceMs: performance.now(),
        release: () => {
          const at = this.held.findIndex((step) => step.passage === passage)
          if (at >= 0) this.held.splice(at, 1)
          const replied = new Promise<RespValue>((resolve, reject) => this.#waiting.set(passage, { resolve, reject }))
          pass()
          return replied
        },
      })
      this.onChange()
    })
  }

  #answer(passage: Passage, frame: Buffer): void {
    this.#waiting.get(passage)?.resolve(decodeReply(frame))
    this.#waiting.delete(passage)
  }

  #leave(connection: number): void {
    this.#giveUp(connection)
    for (const [passage, { reject }] of this.#waiting) {
      if (passage.connection !== connection) continue
      reject(new Error(say`the connection ended before the reply to ${passage.name}`))
      this.#waiting.delete(passage)
    }
    this.onChange()
  }

  /** What was sent is sent: Redis gets it, as it would without a gate. */
  #giveUp(connection: number): void {
    for (const step of this.held.filter(({ passage }) => passage.connection === connection)) {
      this.givenUp.push({ passage: step.passage, heldMs: performance.now() - step.sinceMs, resent: false })
      step.release().catch(() => {})
    }
  }
}

const readsMeta = ({ name, args: [key = ''] }: Passage): boolean => name === 'HGETALL' && isMetaKey(key)
