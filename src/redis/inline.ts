import { connect, type NetConnectOpts } from 'node:net'
import { say } from '../language/say.js'

/** Sends one inline command and resolves with its reply: text after `+`, `-` or `:`, a bulk string, or whatever else came. */
export type Ask = (line: string) => Promise<string>

/**
 * One connection without a client library, to see whether a server is there and which one. Rejects if it does not answer
 * within `timeoutMs` altogether, or closes.
 */
export const askServer = async <T>(
  address: NetConnectOpts,
  timeoutMs: number,
  use: (ask: Ask) => Promise<T>,
): Promise<T> => {
  const socket = connect({ ...address, signal: AbortSignal.timeout(timeoutMs) } as NetConnectOpts)
  // A failure reaches whoever reads next; between two questions nobody does.
  socket.on('error', () => {})
  const chunks: AsyncIterator<Buffer> = socket[Symbol.asyncIterator]()
  const ask: Ask = async (line) => {
    socket.write(`${line}\r\n`)
    for (let text = ''; ; ) {
      const { value, done } = await chunks.next()
      if (done) throw new Error(say`connection closed`)
      text += value.toString('latin1')
      const reply = replyIn(text)
      if (reply !== undefined) return reply
    }
  }
  try {
    return await use(ask)
  } finally {
    socket.destroy()
  }
}

/** The first reply in a text, undefined while it is incomplete. */
const replyIn = (text: string): string | undefined => {
  if (!/^[+\-:$]/.test(text)) return text
  const end = text.indexOf('\r\n')
  if (end < 0) return undefined
  if (text[0] !== '$') return text.slice(1, end)
  const length = Number(text.slice(1, end))
  return text.length < end + 2 + length + 2 ? undefined : text.slice(end + 2, end + 2 + length)
}
