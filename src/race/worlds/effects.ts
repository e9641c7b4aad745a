import { type AtomicUnit, type Command, command, RedisFailure, type Reply } from '../../redis/port.js'
import type { Sale } from '../../sale/sale.js'
import { type Event, isUnit, type Pending, type Step } from '../events.js'
import { type Access, accessesOf, LIFETIMES, mortalKeys } from '../independence.js'
import type { Held } from './lane.js'

/** What a held step touches, or touched where its reply is given. A pause looks at what it waits for. */
export const accessesOfHeld = ({ event, session, awaits }: Held, reply?: Reply | RedisFailure): readonly Access[] =>
  event.kind === 'sleep'
    ? (awaits ?? []).map(({ access }) => ({ ...access, mode: 'r' }))
    : event.kind === 'die'
      ? event.leaves === null
        ? []
        : accessesOf(event.leaves)
      : accessesOf(event, session?.watched, reply)

/** What of an event is to be sent; null where it is nothing. */
export const unitOf = (event: Event, before: readonly Step[]): AtomicUnit | null => {
  if (event.kind === 'expire') return expiryCommand(before)
  if (event.kind === 'die') return event.leaves
  return isUnit(event) ? event : null
}

/** The expiry of every key that these steps may have given a lifetime: removes what has one. */
export const expiryAfter = (steps: readonly Step[], actor: number): Pending => {
  const keys = mortalsOf(steps).map((key): Access => ({ key, part: '*', mode: 'w' }))
  const lifetimes: Access = { key: LIFETIMES, part: '*', mode: 'r' }
  return { actor, event: { kind: 'expire' }, accesses: [...keys, lifetimes], first: false }
}

// Returns how many of the KEYS had a lifetime. The server is asked: what a script or a transaction did is not known here.
const EXPIRE = `local expired = 0
for _, key in ipairs(KEYS) do
  if redis.call('PTTL', key) >= 0 then expired = expired + redis.call('DEL', key) end
end
return expired`

/** The command that stands for it; null while no key can have a lifetime. */
export const expiryCommand = (steps: readonly Step[]): Command | null => {
  const keys = mortalsOf(steps)
  return keys.length === 0 ? null : command('EVAL', EXPIRE, keys.length, ...keys)
}

/** What an expiry touched: where nothing was left to expire, it only looked. */
export const accessesOfExpiry = ({ accesses }: Pending, reply: Reply | RedisFailure): readonly Access[] =>
  reply === null || reply === 0 ? accesses.map((access) => ({ ...access, mode: 'r' })) : accesses

const mortalsOf = (steps: readonly Step[]): string[] => {
  const keys = steps.flatMap(({ event, accesses }) => {
    if (!isUnit(event) || !accesses.some(({ key }) => key === LIFETIMES)) return []
    return mortalKeys(event)
  })
  return [...new Set(keys)]
}

/** Positions of the steps that let a step of `actor` go on: for a pause, others' that changed what it waits for. */
export const wakersOf = (steps: readonly Step[], actor: number, { awaits, gate }: Held): number[] =>
  gate?.(steps) ??
  steps.flatMap((step, i) => {
    const changed = (awaits ?? []).some(({ access, position }) => i > position && changes(step.accesses, access.key))
    return step.actor !== actor && changed ? [i] : []
  })

/** Whether a key may be another one afterwards. */
export const changes = (accesses: readonly Access[], changed: string): boolean =>
  accesses.some(({ key, mode }) => mode !== 'r' && (key === changed || key === '*'))

export const writtenKeys = (accesses: readonly Access[]): string[] =>
  accesses.filter(({ key, mode }) => mode !== 'r' && key !== LIFETIMES && key !== '*').map(({ key }) => key)

export const show = (value: unknown): string => (value instanceof Error ? value.message : JSON.stringify(value))

/** Names and keys must agree; other arguments may hold times and random ids. */
export const sameEvent = (a: Event, b: Event): boolean => a === b || shapeOf(a) === shapeOf(b)

/** Times, ids of a stream and random tokens: another one each time. Counters and units are shorter. */
const FRESH =
  /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}|\d{10,}(?:-\d+)?/gi

/** Whether Redis replied the same to a step made again, apart from what the shop's clock and chance put there. */
export const sameReply = (a: unknown, b: unknown): boolean =>
  show(a) === show(b) || show(a).replace(FRESH, '#') === show(b).replace(FRESH, '#')

const shapeOf = (event: Event): string => {
  if (!isUnit(event)) return event.kind
  const keys = accessesOf(event).map(({ key }) => key)
  if (event.kind === 'script') return `${event.script.name} ${keys}`
  const commands = event.kind === 'command' ? [event] : event.commands
  return `${commands.map(({ name, args }) => `${name} ${args.length}`)} ${keys}`
}

/** Units that a reply to LLEN or GET stands for; null where it is no number. */
export const unitsOf = (reply: Reply | RedisFailure): number | null =>
  reply === null || reply instanceof RedisFailure || Number.isNaN(Number(reply)) ? null : Number(reply)

/** What makes the sale as it is before the first request, where its keys are gone. */
export const seedingOf = ({ keys, places }: Sale, stock: number): Command[] => {
  if (places.stock.type === 'string-down') return [command('SET', keys.stock, stock)]
  return stock === 0 ? [] : [command('RPUSH', keys.stock, ...new Array<number>(stock).fill(1))]
}
