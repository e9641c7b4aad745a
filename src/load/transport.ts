import type { Outcome } from '../sale/outcome.js'

/** One attempt about to be made. */
export interface Shot {
  readonly userIndex: number
  readonly copy: number
  readonly user: string
  readonly quantity: number
  /** What the steps before the purchase captured. */
  readonly captured?: Readonly<Record<string, string>>
}

/** What came back. Times in microseconds on the engine's clock. A failed attempt is data, never an exception. */
export interface Answer {
  readonly sentAtUs: number
  readonly doneAtUs: number
  /** Time spent connecting for this attempt; 0 on an open connection. */
  readonly connectUs: number
  readonly reply: Reply
}

/**
 * A response over HTTP; a text, as Redis replies; a result told by a strategy; or a failure, before (`not_sent`) or after (`unknown`) sending.
 * A body may lie in a buffer that the next answer is read into: whoever wants to keep it copies it.
 */
export type Reply =
  | HttpReply
  | { readonly kind: 'text'; readonly note: string }
  | {
      readonly kind: 'outcome'
      readonly outcome: Outcome
      readonly note: string
      /** What an accepted order is called, where it is decided later. */
      readonly ticket?: string
    }
  | { readonly kind: 'failed'; readonly outcome: 'unknown' | 'not_sent'; readonly note: string }

export interface HttpReply {
  readonly kind: 'http'
  readonly status: number
  readonly body: Buffer
  readonly contentType: string
  /** By name in lower case; of these the socket transport keeps Retry-After alone. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Which step on the way to the purchase answered so, and let it go no further; absent for the purchase itself. */
  readonly step?: string
}

/**
 * Takes the answer to one attempt; an Error is a bug, and ends the run. It is called back rather than awaited: a promise for
 * each would show in what an attempt costs.
 */
export type Done = (answer: Answer | Error) => void

/** A way to make purchases. Slots 0..n-1 each make one attempt at a time. */
export interface Transport {
  /**
   * Gets ready for `n` concurrent attempts, and sends nothing; a transport that can has the connections of the first
   * `connected` slots made then. Rejects with a SeckillError where the target is out of reach.
   */
  open(n: number, connected?: number): Promise<void>
  /** Makes an attempt. `done` is called once, and never before this has returned. */
  send(slot: number, shot: Shot, done: Done): void
  /** Ends what is still under way (it becomes `unknown`, or `not_sent`) and frees everything. */
  close(): Promise<void>
  /** The same purchases at another server, for a rehearsal; absent where there is nothing to rehearse. */
  twinAt?(origin: string): Transport
}

/** A transport that can hold attempts back at the last moment. */
export interface GatedTransport extends Transport {
  /**
   * Connects, and sends all but the last byte. Resolves once that is done and the attempt waits for {@link release};
   * where it could not be, `done` has been called and it resolves with false.
   */
  arm(slot: number, shot: Shot, done: Done): Promise<boolean>
  /** Lets every armed attempt go, one right after the other. */
  release(): void
}
