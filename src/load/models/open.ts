import type { Flights, Model } from '../engine.js'
import type { Schedule } from '../pacer.js'

/** What became of an open plan. */
export interface OpenTrace {
  /** Whether an attempt that was due found every slot taken. */
  starved: boolean
  /** Microseconds of turns of the event loop that only waited for a moment: it seems at work there, and is not. */
  waitedUs: number
}

export interface OpenOptions {
  readonly schedule: Schedule
  readonly startUs: number
  /** How many of the schedule's attempts there are. */
  readonly planned: number
  /** The first slot, and how many: connections that are made when they are needed. */
  readonly firstSlot: number
  readonly slots: number
  readonly trace: OpenTrace
}

/**
 * A timer comes up to this late: the rest is waited out turn by turn of the event loop, where attempts lie far apart. Where
 * they do not, turns cost more time than they win: what a timer sends together is read together, too.
 */
const TIMER_ERROR_US = 1_200
const FAR_APART_US = 5_000

/**
 * The open model: attempts leave when they are due, whatever became of those before. Where all slots are taken they wait, in
 * order, and their response time counts from when they were due.
 */
export const openModel =
  ({ schedule, startUs, planned, firstSlot, slots, trace }: OpenOptions) =>
  (flights: Flights): Model => {
    // The slot used last is taken first: the fewest connections that do.
    const free = Array.from({ length: slots }, (_, i) => firstSlot + slots - 1 - i)
    let timer: NodeJS.Timeout | undefined
    let turn: NodeJS.Immediate | undefined
    let sent = 0
    let gapUs = 0
    let turnedUs = 0
    let answered = false
    let dueUs = startUs + schedule(0)
    const wake = () => {
      timer = undefined
      flights.tryTo(pump)
    }
    const wakeInTurn = () => {
      turn = undefined
      if (!answered) trace.waitedUs += flights.nowUs() - turnedUs
      flights.tryTo(pump)
    }
    const pump = () => {
      const nowUs = flights.nowUs()
      while (sent < planned && dueUs <= nowUs) {
        const slot = free.pop()
        if (slot === undefined) {
          trace.starved = true
          return
        }
        if (!flights.launch(slot, dueUs)) return
        const before = dueUs
        dueUs = startUs + schedule(++sent)
        gapUs = dueUs - before
      }
      if (sent >= planned || dueUs === Number.POSITIVE_INFINITY) flights.end()
      else wait(flights.nowUs())
    }
    const wait = (nowUs: number) => {
      if (timer !== undefined || turn !== undefined) return
      const leftUs = dueUs - nowUs
      const earlyUs = gapUs >= FAR_APART_US ? TIMER_ERROR_US : 0
      if (leftUs > earlyUs) timer = setTimeout(wake, (leftUs - earlyUs) / 1_000)
      else {
        turnedUs = nowUs
        answered = false
        turn = setImmediate(wakeInTurn)
      }
    }
    return {
      begin: pump,
      freed: (slot, nowUs) => {
        free.push(slot)
        answered = true
        if (dueUs <= nowUs) pump()
      },
      stop: () => {
        clearTimeout(timer)
        clearImmediate(turn)
      },
    }
  }
