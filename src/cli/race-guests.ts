import { randomInt } from 'node:crypto'
import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { Field } from '../load/template.js'
import type { Shot } from '../load/transport.js'
import type { Guests } from '../race/worlds/http/guests.js'
import type { RedisPort } from '../redis/port.js'
import { userNamer, userNaming } from '../sale/usernames.js'
import type { SaleFile } from '../sale-file/load.js'
import { sessionsOf, type WaysIn, waysIn } from './let-in.js'

/** Guests as a buyer needs them. */
export interface GuestsAtDoor extends Guests {
  /** A purchase of a user, who has been let in: the shop finds a session, if it wants one. */
  enter(user: string, quantity: number): Promise<Shot>
}

/** How users of a race are called and let in. */
export interface GuestList {
  readonly ways: WaysIn
  /** With their sessions in this Redis. */
  open(redis: RedisPort): Promise<GuestsAtDoor>
}

/** Numbers of ten digits are found in keys and values only where they stand for a user. */
const FIRST = 1_000_000_000
const DIGITS_END = 10 * FIRST

/**
 * As the sale file says. Never the names of an earlier call: what a shop keeps outside Redis may know those. Errors: usage,
 * where users have to log in.
 */
export const guestList = async (file: SaleFile | null): Promise<GuestList> => {
  const seed = randomInt(2 ** 31)
  const form = file?.load?.usernames ?? 'random'
  // Those of a file would be used up after a few executions.
  const naming = userNaming(form.startsWith('@') ? 'random' : form, seed)
  const ways = await waysIn({ seed, naming, columns: {} }, file)
  if (ways.way.login !== undefined)
    throw usageError(
      say`race logs nobody in: it needs new users for each order`,
      say`let them in by users.redis or users.jwt`,
    )
  return { ways, open: (redis) => openGuests(ways, userNamer(naming), redis) }
}

const openGuests = async (ways: WaysIn, nameOf: (index: number) => string, redis: RedisPort): Promise<GuestsAtDoor> => {
  const [sessionOf, { removeSession, writeSession }, { fieldsOf }] = await Promise.all([
    sessionsOf(ways),
    import('../store/sessions.js'),
    import('../load/fields.js'),
  ])
  const { way, stages } = ways
  const fields = fieldsOf(stages.login)
  const secrets = [...(way.redis ? ['token'] : []), ...(way.jwt ? ['jwt'] : [])]
  let next = randomInt(FIRST, DIGITS_END / 2)
  const inside = new Map<string, { readonly shot: Shot; copies: number }>()
  const guestOf = (user: string, userIndex: number) => {
    const guest = inside.get(user) ?? { shot: { userIndex, copy: 0, quantity: 1, user }, copies: 0 }
    inside.set(user, guest)
    return guest
  }
  return {
    newUser: () => {
      const userIndex = next++
      return guestOf(nameOf(userIndex), userIndex).shot.user
    },
    secretsOf: (user) => {
      const { shot } = guestOf(user, next++)
      return Object.fromEntries(secrets.map((name) => [name, (fields[name] as Field)(shot)]))
    },
    enter: async (user, quantity) => {
      const guest = guestOf(user, next++)
      const copy = guest.copies++
      if (copy === 0 && sessionOf && way.redis) await writeSession(redis, sessionOf(guest.shot), way.redis.ttlSeconds)
      return { ...guest.shot, copy, quantity }
    },
    leave: async () => {
      const gone = [...inside.values()].map(({ shot }) => shot)
      inside.clear()
      if (sessionOf) await Promise.all(gone.map((shot) => removeSession(redis, sessionOf(shot))))
      return gone.map(({ user }) => user)
    },
  }
}
