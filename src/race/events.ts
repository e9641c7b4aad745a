import type { AtomicUnit, RedisFailure, Reply } from '../redis/port.js'
import type { Outcome } from '../sale/outcome.js'
import { type Access, conflict, type Reduction } from './independence.js'

/**
 * One step of one actor: a unit at Redis, a pause that ends, the request that begins it, the expiry of every key with a lifetime, or the
 * death of its process. */
export type Event =
  | AtomicUnit
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'request' }
  | { readonly kind: 'expire' }
  /** `leaves`: what then happens at Redis by itself. */
  | { readonly kind: 'die'; readonly leaves: AtomicUnit | null }

/** Whether a step is one at Redis. */
export const isUnit = (event: Event): event is AtomicUnit =>
  event.kind === 'command' || event.kind === 'script' || event.kind === 'transaction'

/** A step that an actor is ready to take. */
export interface Pending {
  readonly actor: number
  readonly event: Event
  /** What it may touch. */
  readonly accesses: readonly Access[]
  /** The first step of its purchase: the moment of the request. */
  readonly first: boolean
}

/** A step that was taken. */
export interface Step extends Pending {
  readonly reply: Reply | RedisFailure
  /** With it the buyer got an answer. */
  readonly last: boolean
  /** Units left after it; null where the stock cannot be read. */
  readonly stock: number | null
  /** Positions of the steps any of which let this one go on; absent where it did not have to wait. */
  readonly wokenBy?: readonly number[]
  /** The order that a worker has decided with it. */
  readonly decided?: { readonly ticket: string; readonly outcome: Outcome }
  /** It did nothing: what follows is what follows without it, so the search may break off here. */
  readonly idle?: true
}

/** Whether the order of two steps of different actors can matter. */
export type Dependence = (a: Step, b: Step) => boolean

/**
 * Dependence at one level. With `realTime`, an answer and another buyer's request depend on each other too: which of
 * them came first is part of the timed history, and equivalent orders may differ in it.
 */
export const dependence =
  (reduction: Reduction, realTime: boolean): Dependence =>
  (a, b) =>
    (realTime && ((a.last && b.first) || (a.first && b.last))) || conflict(a.accesses, b.accesses, reduction)

/** Whether going on with `next` at this point takes the turn from `current`, who was ready: a preemption. Others come free. */
export const preempts = (pending: readonly Pending[], current: number | null, next: Pending): boolean =>
  current !== null &&
  next.actor !== current &&
  next.event.kind !== 'expire' &&
  pending.some(({ actor, event }) => actor === current && event.kind !== 'sleep')

/** The buyer who moved last; expiry is nobody's turn. */
export const currentOf = (steps: readonly Step[]): number | null =>
  steps.findLast(({ event }) => event.kind !== 'expire')?.actor ?? null

/** The choice with the fewest preemptions: the buyer whose turn it is, else the first who is ready; expiry waits. */
export const goOn = (pending: readonly Pending[], current: number | null): Pending => {
  const mine = pending.find(({ actor, event }) => actor === current && event.kind !== 'sleep')
  const others = pending.filter(({ actor, event }) => actor !== current && event.kind !== 'expire')
  return (mine ?? others.find(({ event }) => event.kind !== 'sleep') ?? others[0] ?? pending[0]) as Pending
}
