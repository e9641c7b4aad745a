import { createHash } from 'node:crypto'
import { type AtomicUnit, type Command, RedisFailure, type Reply } from '../../../redis/port.js'
import type { Passage } from '../../../redis/proxy-connection.js'
import { RespErrorReply, type RespValue } from '../../../redis/resp-values.js'

/** Renames what differs from one execution to the next, so that they can be compared. */
export type Rename = (text: string) => string

/** What a shop sent, as a step: scripts with their keys, EXEC with its commands. */
export const unitOf = (passage: Passage, rename: Rename): AtomicUnit => {
  const { name, args, queued } = passage
  if (name === 'EXEC') return { kind: 'transaction', commands: queued.map((command) => commandOf(command, rename)) }
  const code = scriptName(name, args[0])
  const count = Number(args[1])
  if (code === null || !Number.isInteger(count)) return commandOf(passage, rename)
  const keys = args.slice(2, 2 + count).map(rename)
  return {
    kind: 'script',
    script: { name: code, keys: keys.map((_, i) => `key${i + 1}`), lua: '' },
    keys,
    args: args.slice(2 + count).map(rename),
  }
}

const commandOf = ({ name, args }: Passage, rename: Rename): Command => ({
  kind: 'command',
  name,
  args: args.map(rename),
})

/** EVAL and EVALSHA of one script are one and the same step. */
const scriptName = (name: string, code = ''): string | null => {
  if (name === 'EVAL' || name === 'EVAL_RO') return createHash('sha1').update(code).digest('hex').slice(0, 8)
  if (name === 'EVALSHA' || name === 'EVALSHA_RO') return code.slice(0, 8).toLowerCase()
  return name === 'FCALL' || name === 'FCALL_RO' ? `function ${code}` : null
}

/** A reply as strategies in-process get it. */
export const replyOf = (value: RespValue, rename: Rename): Reply | RedisFailure => {
  if (value instanceof RespErrorReply) {
    const [prefix = ''] = value.message.split(' ')
    return new RedisFailure('refused', value.message, prefix)
  }
  return plain(value, rename)
}

const plain = (value: RespValue, rename: Rename): Reply => {
  if (Array.isArray(value)) return value.map((each) => plain(each, rename))
  if (value instanceof RespErrorReply) return value.message
  if (value === null || typeof value === 'number') return value
  return typeof value === 'string' ? rename(value) : String(value)
}
