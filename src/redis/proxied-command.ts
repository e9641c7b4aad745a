/** Commands that touch no key: a client's handshake, its health checks, and the queueing phase of a transaction. */
const HOUSEKEEPING = new Set(
  `AUTH HELLO SELECT CLIENT PING ECHO INFO COMMAND CONFIG QUIT RESET READONLY READWRITE ASKING ROLE TIME WAIT WAITAOF
  SCRIPT FUNCTION MODULE ACL LATENCY MEMORY SLOWLOG LOLWUT MULTI DISCARD UNWATCH SENTINEL CLUSTER`.split(/\s+/),
)

/** After these a connection no longer speaks in turns. */
const STREAMING = new Set(['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE', 'MONITOR', 'SYNC', 'PSYNC'])

const BLOCKING = new Set('BLPOP BRPOP BLMOVE BRPOPLPUSH BLMPOP BZPOPMIN BZPOPMAX BZMPOP'.split(' '))

export type CommandKind = 'step' | 'housekeeping' | 'streaming' | 'silent'

/**
 * What a command is to a proxy: a `step` that reads or writes keys, `housekeeping`, `streaming` (replies no longer come in
 * turns after it), or `silent` (CLIENT REPLY SKIP: neither it nor the next command is answered).
 */
export const kindOf = (name: string, args: readonly string[]): CommandKind => {
  if (STREAMING.has(name)) return 'streaming'
  if (name === 'CLIENT' && args[0]?.toUpperCase() === 'REPLY') {
    const mode = args[1]?.toUpperCase()
    if (mode === 'OFF') return 'streaming'
    if (mode === 'SKIP') return 'silent'
  }
  return HOUSEKEEPING.has(name) ? 'housekeeping' : 'step'
}

/** Whether Redis may answer a command only after somebody else's. */
export const mayBlock = (name: string, args: readonly string[]): boolean =>
  BLOCKING.has(name) ||
  ((name === 'XREAD' || name === 'XREADGROUP') && args.some((word) => word.toUpperCase() === 'BLOCK'))

const SECRET_ARGS: Readonly<Record<string, (args: readonly string[]) => readonly string[]>> = {
  AUTH: (args) => (args.length > 1 ? [args[0] as string, '***'] : ['***']),
  HELLO: (args) => maskAfter(args, 'AUTH', 2),
  MIGRATE: (args) => maskAfter(maskAfter(args, 'AUTH', 1), 'AUTH2', 2),
  CONFIG: (args) => (args.some((word) => /pass|auth/i.test(word)) ? [...args.slice(0, 2), '***'] : args),
  ACL: (args) => (args[0]?.toUpperCase() === 'SETUSER' ? [...args.slice(0, 2), '***'] : args),
}

/** The argument that stands `distance` after a word, masked. */
const maskAfter = (args: readonly string[], word: string, distance: number): readonly string[] => {
  const at = args.findIndex((arg) => arg.toUpperCase() === word)
  if (at < 0) return args
  return args.map((arg, i) => (i === at + distance ? '***' : arg))
}

/** The arguments, passwords taken out: for whatever is shown or written. */
export const publicArgs = (name: string, args: readonly string[]): readonly string[] =>
  SECRET_ARGS[name]?.(args) ?? args
