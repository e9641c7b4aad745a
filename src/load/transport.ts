import type { Outcome } from '../sale/outcome.js'

/** One attempt about to be made. */
export interface Shot {
  readonly userIndex: number
  readonly copy: number
  readonly user: string
  readonly quantity: number
}

/** What came back. Times in microseconds on the engine's clock. A failed attempt is data, never an exception. */
export interface Answer {
  readonly sentAtUs: number
  readonly doneAtUs: number
  /** Time spent connecting for this attempt; 0 on an open connection. */
  readonly connectUs: number
  readonly reply: Reply
}

/** A response over HTTP; a result told by a strategy; or a failure, before (`not_sent`) or after (`unknown`) sending. */
export type Reply =
  | {
      readonly kind: 'http'
      readonly status: number
      readonly body: Buffer
      readonly contentType: string
      /** Which step on the way to the purchase answered so, and let it go no further; absent for the purchase itself. */
      readonly step?: string
    }
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly note: string }
  | { readonly kind: 'failed'; readonly outcome: 'unknown' | 'not_sent'; readonly note: string }

/** A way to make purchases. Slots 0..n-1 each make one attempt at a time. */
export interface Transport {
  /** Gets ready for `n` concurrent attempts. Rejects with a SeckillError where the target is out of reach. */
  open(n: number): Promise<void>
  /** Prepares an attempt and holds it; it leaves on {@link release}. */
  arm(slot: number, shot: Shot): Promise<Answer>
  /** Lets every armed attempt go. */
  release(): void
  send(slot: number, shot: Shot): Promise<Answer>
  /** Ends what is still under way (it becomes `unknown`) and frees everything. */
  close(): Promise<void>
}
