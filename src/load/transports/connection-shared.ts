import type { TcpNetConnectOpts } from 'node:net'
import type { ConnectQueue } from './connect-queue.js'
import type { HeadMemo } from './head-memo.js'

/** What all connections of a transport share. */
export interface Shared {
  readonly where: TcpNetConnectOpts
  readonly method: string
  readonly nowUs: () => number
  /** Every connection reads into it: what was read is dealt with before the next read. */
  readonly buffer: Buffer
  readonly heads: HeadMemo
  readonly connects: ConnectQueue
  /** The server answers before it has the whole request: then all but the last byte may have bought. */
  answersEarly: boolean
}
