import { messageOf } from '../../errors.js'
import { say } from '../../language/say.js'
import { connectRedis, type RedisClient } from '../../redis/client.js'
import type { Reply as RedisReply } from '../../redis/port.js'
import type { RedisTarget } from '../../redis/target.js'
import type { RedisRead } from '../redis-poll.js'
import type { Done, Reply, Shot, Transport } from '../transport.js'

export type { RedisTarget }

export interface RedisTransportOptions {
  readonly command: RedisRead
  readonly target: RedisTarget
  readonly timeoutMs: number
  readonly nowUs: () => number
}

/**
 * Polls that read Redis, over one connection of their own: any number under way at once, pipelined. A reply is the text that rules
 * read; nil says nothing yet. Without a reply (an error, a connection that is gone) nothing is known.
 */
export class RedisTransport implements Transport {
  readonly #options: RedisTransportOptions
  #client: RedisClient | null = null

  constructor(options: RedisTransportOptions) {
    this.#options = options
  }

  /** Errors: those of connectRedis. */
  async open(): Promise<void> {
    const { target, timeoutMs } = this.#options
    this.#client = await connectRedis(target, { commandTimeoutMs: timeoutMs })
  }

  send(_slot: number, shot: Shot, done: Done): void {
    const { command, nowUs } = this.#options
    const client = this.#client as RedisClient
    const sentAtUs = nowUs()
    const answer = (reply: Reply) => done({ sentAtUs, doneAtUs: nowUs(), connectUs: 0, reply })
    client.redis.call(command.name, ...command.argsOf(shot)).then(
      (reply) => answer(replyOf(command.name, reply)),
      (error: unknown) =>
        answer({ kind: 'failed', outcome: 'unknown', note: say`redis ${client.label}: ${messageOf(error)}` }),
    )
  }

  async close(): Promise<void> {
    await this.#client?.close()
  }
}

/** What rules read: the text of a reply, several as a JSON array, HGETALL as a JSON object. */
const replyOf = (name: string, reply: RedisReply): Reply => {
  if (typeof reply === 'string' || typeof reply === 'number') return { kind: 'text', note: String(reply) }
  // Nothing is there, or nothing in any place that was asked for.
  if (reply === null || reply.every((one) => one === null)) return { kind: 'outcome', outcome: 'queued', note: 'nil' }
  return { kind: 'text', note: JSON.stringify(name === 'HGETALL' ? fieldsIn(reply) : reply) }
}

const fieldsIn = (reply: readonly RedisReply[]): Record<string, RedisReply> =>
  Object.fromEntries(
    Array.from({ length: reply.length / 2 }, (_, i) => [String(reply[2 * i]), reply[2 * i + 1] as RedisReply]),
  )
