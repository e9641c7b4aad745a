import { milliseconds } from '../../language/numbers.js'
import { say } from '../../language/say.js'
import { type Check, fail, ok, redisCheck, unknown, warn } from '../check.js'
import { isProblem } from '../facts.js'

const SLOW_MS = 5

/** Whether it answers, and how soon. */
export const connection: Check = {
  ...{ id: 'connection', about: 'redis' },
  look: ({ redis: { found } }) => {
    if (isProblem(found)) return fail(found.message, found.hint ?? null, found.exitCode)
    const { roundTripsMs } = found
    const middleMs = roundTripsMs[Math.floor(roundTripsMs.length / 2)]
    if (middleMs === undefined)
      return fail(
        say`it accepts connections, and does not answer PING`,
        say`see its log; ask for an ACL rule that allows PING`,
      )
    const message = say`answers in ${milliseconds(middleMs)} (median of ${roundTripsMs.length}), ${milliseconds(roundTripsMs.at(-1) as number)} at most`
    return middleMs < SLOW_MS
      ? ok(message)
      : warn(message, say`every command of a purchase waits as long: move closer to Redis, or do it in one script`)
  },
}

const TESTED = ['Redis', 'Valkey']
/** Streams, and HSET of several fields. */
const OLDEST = 5

export const server: Check = redisCheck('server', ({ flavour }, { kind }) => {
  if (flavour === null) return unknown(say`the server does not tell what it is (INFO)`)
  const told = `${flavour.name} ${flavour.version}`
  const message = kind === 'cluster' ? say`${told}, told by one node of the cluster` : told
  if (!TESTED.includes(flavour.name))
    return warn(
      message,
      say`seckill is tested on Redis and Valkey: run seckill race --redis URL there before you trust it`,
    )
  const [major] = flavour.version.split('.')
  return flavour.name === 'Redis' && Number(major) < OLDEST
    ? warn(message, say`it lacks streams and has had no fixes for years: take Redis 6.2 or newer, or Valkey`)
    : ok(message)
})

/** Nine of ten connections taken. */
const CROWDED = 0.9

export const clients: Check = redisCheck('clients', ({ clients: told }) => {
  if (told === null) return unknown(say`the server does not tell its clients (INFO clients, CONFIG GET maxclients)`)
  const message = say`${told.connected} of ${told.most} connections are taken`
  return told.connected >= told.most * CROWDED
    ? warn(message, say`a shop that opens more is refused: raise maxclients, or close idle clients`)
    : ok(message)
})

export const scripts: Check = redisCheck('scripts', ({ scriptsRefused }) => {
  if (scriptsRefused === null) return unknown(say`the server did not answer EVAL`)
  if (scriptsRefused === '') return ok(say`EVAL is allowed`)
  return warn(
    say`EVAL is refused: ${scriptsRefused}`,
    say`list-lua, counter-lua, counter-batch and counter-lock need it: ask for an ACL rule that allows it, or use counter-watch`,
  )
})
