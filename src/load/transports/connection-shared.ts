import type { ConnectQueue } from './connect-queue.js'
import type { ResponseMemo } from './response-memo.js'
import type { SendQueue } from './send-queue.js'

/** What all connections of a transport share. */
export interface Shared {
  readonly method: string
  readonly nowUs: () => number
  /** Every connection reads into it: what was read is dealt with before the next read. */
  readonly buffer: Buffer
  readonly responses: ResponseMemo
  readonly connects: ConnectQueue
  readonly sends: SendQueue
  /** An answer is being handed on: requests that it gives rise to take their turn in `sends`. */
  answering: boolean
  /** The server answers before it has the whole request: then all but the last byte may have bought. */
  answersEarly: boolean
}
