import { say } from '../language/say.js'
import { LIMITS } from '../sale/limits.js'
import type { Buyer } from './buyer.js'
import type { Draft } from './draft.js'
import { envReference, type Piece } from './piece.js'

type Load = Record<string, unknown>

const MOST_TRIES = 100
const LONGEST_S = 86_400
/** Of a plan that runs until somebody stops it. */
const ENDLESS_S = 60

/** How many buy, how fast: what thread group and timers say. */
export const loadOf = (draft: Draft, buyer: Buyer): Load => {
  const { group, notes, variables } = draft
  const quantity = buyer.quantity === undefined ? {} : { quantity: buyer.quantity }
  if (group === null) {
    notes.add('dropped', draft.sampler, say`its thread group is not known: 1000 users are written`)
    return { users: 1_000, ...quantity }
  }
  const number = (name: string) => variables.number(group.props.text(`ThreadGroup.${name}`), group)
  const given = number('num_threads')
  const threads = Math.min(Math.max(1, Math.floor(given?.value ?? 1)), LIMITS.concurrency[1])
  const loops = loopsOf(draft)
  const durationS = group.props.flag('ThreadGroup.scheduler') ? (number('duration')?.value ?? 0) : 0
  const how = pacing(draft, threads, loops, number('ramp_time')?.value ?? 0)
  // Who is released together has no time of its own, and needs an end.
  const endless = loops === null && how.burst !== true && how.rounds === undefined
  const seconds = durationS > 0 ? Math.min(durationS, LONGEST_S) : endless ? ENDLESS_S : 0
  const tries = loops ?? 1
  const users = buyer.perThread ? threads : Math.min(threads * tries, LIMITS.users[1])
  const fromEnv = tries === 1 && given?.env ? envReference(given.env as Piece & { kind: 'env' }) : undefined
  if (given?.env && fromEnv === undefined)
    notes.add(
      'changed',
      group,
      say`${String(given.value)} threads, the default of the property, are written as a number`,
    )
  if (endless && durationS <= 0)
    notes.add('changed', group, say`it runs until it is stopped: ${`${ENDLESS_S}s`} are written`)
  if (!endless && !buyer.perThread && tries > 1)
    notes.add('changed', group, say`${threads} threads of ${tries} loops are ${users} users, ${threads} at once`)
  const often = buyer.perThread && tries > 1 ? { attemptsPerUser: Math.min(tries, MOST_TRIES) } : {}
  if (buyer.perThread && tries > MOST_TRIES)
    notes.add('dropped', group, say`a user tries at most ${MOST_TRIES} times, not ${tries}`)
  noteDoubles(draft, buyer, users)
  const { rounds, ...written } = how
  const timed = how.burst === true || seconds <= 0 ? {} : { duration: `${seconds}s` }
  if (how.burst === true && durationS > 0)
    notes.add('dropped', group, say`a burst ends with its last user, not after a time`)
  const concurrency = written.burst || written.rate ? {} : { concurrency: fromEnv ?? threads }
  return {
    ...(endless ? {} : { users: fromEnv ?? users }),
    ...concurrency,
    ...written,
    ...often,
    ...timed,
    ...quantity,
  }
}

/** Loops of the group times those of the controllers; null for ever. */
const loopsOf = ({ group, variables, repeats }: Draft): number | null => {
  if (group === null) return repeats
  const controller = group.props.element('ThreadGroup.main_controller')
  const loops = variables.number(controller?.text('LoopController.loops') ?? '1', group)?.value ?? 1
  return loops < 0 || (controller?.flag('LoopController.continue_forever') === true && loops < 1)
    ? null
    : Math.max(1, loops) * repeats
}

interface Pacing {
  readonly burst?: true
  readonly concurrency?: number
  readonly rate?: string
  readonly thinkTime?: string
  /** The load ends by itself. */
  readonly rounds?: number
}

/** A barrier beats a rate, a rate beats a ramp: a load has one of them. */
const pacing = (draft: Draft, threads: number, loops: number | null, rampS: number): Pacing => {
  const { barrier, throughput, pause, notes, variables, group } = draft
  const drop = (element: typeof barrier) =>
    element && notes.add('dropped', element, say`a load has one pace: another timer decides`)
  if (barrier !== null) {
    drop(throughput)
    drop(pause)
    const size = Math.floor(variables.number(barrier.props.text('groupSize'), barrier)?.value ?? 0)
    if (loops === null) notes.add('changed', barrier, say`an endless burst is released once`)
    notes.add(
      'changed',
      barrier,
      say`the barrier is a burst: all connect first and write all but a byte, then are released together`,
    )
    return { burst: true, ...(size > 0 && size < threads * (loops ?? 1) ? { concurrency: size } : {}) }
  }
  const perSecond = throughput === null ? 0 : throughputOf(draft, threads)
  if (perSecond > 0) {
    drop(pause)
    notes.add(
      'changed',
      throughput as NonNullable<typeof throughput>,
      say`its requests per minute are a rate per second`,
    )
    return { rate: rateText(perSecond) }
  }
  if (loops === 1 && rampS > 0 && threads > 1) {
    drop(pause)
    if (group) notes.add('changed', group, say`${threads} threads that start within ${rampS} s and buy once are a rate`)
    return { rate: rateText(threads / rampS), rounds: 1 }
  }
  if (rampS > 0 && group && threads > 1) notes.add('dropped', group, say`its ramp-up is not kept: all begin at once`)
  const ms = pause === null ? 0 : (variables.number(pause.props.text('ConstantTimer.delay'), pause)?.value ?? 0)
  return ms > 0 ? { thinkTime: `${ms}ms` } : {}
}

/** Purchases a second; 0 where the timer says none. */
const throughputOf = ({ throughput, variables }: Draft, threads: number): number => {
  if (throughput === null) return 0
  const perMinute = variables.number(throughput.props.text('throughput'), throughput)?.value ?? 0
  const mode = throughput.props.text('calcMode')
  // 0 is each thread alone; resources of the GUI count from 1.
  const eachThread = mode === '' || mode === '0' || mode === 'calcMode.1'
  return (perMinute / 60) * (eachThread ? threads : 1)
}

const rateText = (perSecond: number): string => `${Math.max(0.001, Number(perSecond.toFixed(3)))}/s`

/** Drawing with replacement names some twice: n draws out of N are N(1 - (1 - 1/N)^n) different ones. */
const noteDoubles = ({ sampler, notes }: Draft, { drawnFrom }: Buyer, users: number): void => {
  if (drawnFrom === undefined) return
  const different = drawnFrom * (1 - (1 - 1 / drawnFrom) ** users)
  const twice = Math.round(users - different)
  if (twice > 0)
    notes.add('changed', sampler, say`${users} draws out of ${drawnFrom} would name about ${twice} users again`)
}
