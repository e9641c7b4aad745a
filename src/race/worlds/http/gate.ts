import { mayBlock } from '../../../redis/proxied-command.js'
import type { Passage, ProxyHooks } from '../../../redis/proxy-connection.js'
import { decodeReply, type RespValue } from '../../../redis/resp-values.js'

/** A step of an instance that waits at the gate. */
export interface HeldStep {
  readonly passage: Passage
  /** Lets it go to Redis; resolves with the reply, rejects where the connection ended first. */
  release(): Promise<RespValue>
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
  /** Why an execution is not to be trusted: the shop gave up a connection while its step was held. */
  perturbed: string | null = null
  /** Steps that came since the gate was made, open or shut. */
  arrivals = 0
  readonly hooks: ProxyHooks
  #shut = false
  readonly #waiting = new Map<Passage, Waiting>()

  constructor() {
    this.hooks = {
      hold: (passage) => this.#arrive(passage),
      replied: (passage, frame) => this.#answer(passage, frame),
      unseen: (_, why) => void this.notice.unseen.add(why),
      closed: (connection) => this.#leave(connection),
    }
  }

  shut(): void {
    this.#shut = true
    this.perturbed = null
  }

  /** Lets everything go, what is held included. */
  open(): void {
    this.#shut = false
    for (const step of this.held.splice(0)) step.release().catch(() => {})
  }

  #arrive(passage: Passage): Promise<void> | null {
    if (mayBlock(passage.name, passage.args)) {
      this.notice.blocking.add(passage.name)
      return null
    }
    this.arrivals++
    if (!this.#shut) return null
    return new Promise((pass) => {
      this.held.push({
        passage,
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
    for (const [passage, { reject }] of this.#waiting) {
      if (passage.connection !== connection) continue
      reject(new Error(`the connection ended before the reply to ${passage.name}`))
      this.#waiting.delete(passage)
    }
    const mine = this.held.filter(({ passage }) => passage.connection === connection)
    for (const step of mine) this.held.splice(this.held.indexOf(step), 1)
    if (mine.length > 0) this.perturbed = `the shop gave up the connection while ${mine[0]?.passage.name} was held`
    this.onChange()
  }
}
