import { publicArgs } from './proxied-command.js'
import type { Passage, ProxyHooks } from './proxy-connection.js'
import { decodeReply, replyText, wordText } from './resp-values.js'

/** One command that went through a proxy, fit to be shown: passwords are taken out. */
export interface TracedCommand {
  readonly connection: number
  readonly command: string
  readonly kind: Passage['kind']
  /** As redis-cli would show it, on one line; null where none came. */
  readonly reply: string | null
  /** When it went to Redis, on the clock of the tracer. */
  readonly sentAtUs: number
  /** Until the reply; null where none came. */
  readonly elapsedUs: number | null
}

/** Hooks that tell of every command once it is answered, or once its connection ended without an answer. */
export const tracing = (
  nowUs: () => number,
  tell: (traced: TracedCommand) => void,
): Pick<ProxyHooks, 'sent' | 'replied' | 'closed'> => {
  const sentAtUs = new WeakMap<Passage, number>()
  const trace = (passage: Passage, frame: Buffer | null) => {
    const sent = sentAtUs.get(passage) ?? nowUs()
    tell({
      connection: passage.connection,
      command: commandText(passage),
      kind: passage.kind,
      reply: frame === null ? null : replyText(decodeReply(frame)),
      sentAtUs: sent,
      elapsedUs: frame === null ? null : nowUs() - sent,
    })
  }
  return {
    sent: (passage) => void sentAtUs.set(passage, nowUs()),
    replied: trace,
    closed: (_, unanswered) => {
      for (const passage of unanswered) trace(passage, null)
    },
  }
}

/** `HSET a_users alice 1`; a transaction with what it runs: `EXEC {SET a 1; INCR a}`. */
export const commandText = ({ name, args, queued }: Passage): string => {
  const words = [name, ...publicArgs(name, args).map((word) => wordText(word))].join(' ')
  return queued.length === 0 ? words : `${words} {${queued.map(commandText).join('; ')}}`
}
