import { SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import { type AtomicUnit, RedisFailure } from './port.js'

/** Error replies that Redis gives before it executes anything, inside scripts too (our scripts' first write meets them). */
const REFUSALS = new Set(
  'OOM READONLY LOADING NOSCRIPT BUSY MISCONF NOAUTH NOPERM CLUSTERDOWN MASTERDOWN TRYAGAIN MOVED ASK CROSSSLOT NOREPLICAS EXECABORT'.split(
    ' ',
  ),
)

/** An error reply to `unit`, as a failure that says whether the unit may have written. */
export const failureOfReply = (unit: AtomicUnit, error: Error): RedisFailure => {
  const prefix = /^-?([A-Z]+)\b/.exec(error.message)?.[1] ?? ''
  const refused = unit.kind === 'command' || REFUSALS.has(prefix)
  return new RedisFailure(refused ? 'refused' : 'partial', error.message, prefix, error)
}

/** What ioredis threw where it was to send `unit`, as a failure that says whether the unit may have been executed. */
export const failureOf = (unit: AtomicUnit, error: Error): RedisFailure => {
  if (error instanceof RedisFailure) return error
  if (error.name === 'ReplyError') return failureOfReply(unit, error)
  // ioredis looks at the slots itself and sends nothing.
  if (/^All (the )?keys in (a|the) pipeline/.test(error.message))
    return new RedisFailure('refused', error.message, 'CROSSSLOT', error)
  // Its words are about a setting, which nobody but us can change.
  if (error.name === 'MaxRetriesPerRequestError')
    return new RedisFailure('unknown', say`the connection is closed`, '', error)
  const neverLeft = error.message.startsWith("Stream isn't writeable")
  return new RedisFailure(neverLeft ? 'not_sent' : 'unknown', error.message, '', error)
}

/** What a command of ours tells its user about a failure, with the exit code that fits. */
export const troubleOf = (failure: RedisFailure, label: string): SeckillError => {
  const make = (...args: ConstructorParameters<typeof SeckillError>) => new SeckillError(...args)
  switch (failure.prefix) {
    case 'LOADING':
      return make(
        'redis_busy',
        say`redis ${label} is still loading its data`,
        say`wait until it has, then try again`,
        failure,
      )
    case 'READONLY':
      return make(
        'redis_busy',
        say`redis ${label} is read-only (a replica?)`,
        say`point --redis at the primary`,
        failure,
      )
    case 'OOM':
      return make(
        'redis_busy',
        say`redis ${label} is out of memory`,
        say`raise maxmemory or free some, then try again`,
        failure,
      )
    case 'MISCONF':
      return make(
        'redis_busy',
        say`redis ${label} refuses writes: its last save failed`,
        say`see its log and disk`,
        failure,
      )
    case 'BUSY':
      return make('redis_busy', say`redis ${label} is busy with a script`, say`wait, or SCRIPT KILL`, failure)
    case 'CLUSTERDOWN':
    case 'MASTERDOWN':
      return make('redis_busy', say`redis ${label} is down: ${failure.message}`, say`wait for its failover`, failure)
    case 'NOAUTH':
      return make('redis_auth', say`redis ${label} wants a password`, passwordHint(), failure)
    case 'WRONGPASS':
      return make('redis_auth', say`redis ${label} refuses this password or user`, passwordHint(), failure)
    case 'NOPERM':
      return make(
        'redis_auth',
        say`redis ${label}: ${failure.message}`,
        say`ask for an ACL rule that allows it`,
        failure,
      )
    case 'WRONGTYPE':
      return make(
        'wrong_type',
        say`redis ${label}: a key holds another type than this sale needs`,
        say`see: seckill status`,
        failure,
      )
    case 'CROSSSLOT':
      return make(
        'unsupported',
        say`redis ${label}: the keys of this sale lie in different slots`,
        say`init with --hash-tag`,
        failure,
      )
  }
  if (failure.kind === 'unknown' || failure.kind === 'not_sent') {
    return make('redis_unreachable', say`redis ${label} cannot be reached: ${failure.message}`, startHint(), failure)
  }
  return make('unexpected', say`redis ${label}: ${failure.message}`, undefined, failure)
}

const startHint = () => say`start one with \`seckill redis start\`, or name another with --redis URL`
const passwordHint = () => say`put it in the URL (redis://user:password@host) or in REDISCLI_AUTH`
