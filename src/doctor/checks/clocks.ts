import { milliseconds } from '../../language/numbers.js'
import { say } from '../../language/say.js'
import type { ClockOffset } from '../../sale/clock.js'
import { type Check, type Finding, ok, redisCheck, unknown, warn } from '../check.js'
import { isProblem } from '../facts.js'

/** From where on a clock that is off opens a sale visibly early or late. */
const OFF_MS = 500

/** What of a clock's offset is certain: what it may be off has been taken away. */
const judge = (clock: ClockOffset | null, silent: string): Finding => {
  if (clock === null) return unknown(silent)
  const { offsetMs, withinMs } = clock
  const size = milliseconds(Math.abs(offsetMs))
  const within = milliseconds(withinMs)
  if (Math.abs(offsetMs) - withinMs < OFF_MS) return ok(say`with ours, to ${size} (±${within})`)
  return warn(
    offsetMs > 0 ? say`${size} ahead of ours (±${within})` : say`${size} behind ours (±${within})`,
    say`sales open and end early or late: let both follow NTP`,
  )
}

export const redisClock: Check = redisCheck('clock', ({ clock }) =>
  judge(clock, say`the server does not tell its time (TIME)`),
)

export const targetClock: Check = {
  ...{ id: 'target-clock', about: 'target' },
  look: ({ target }) =>
    target === null || isProblem(target.found)
      ? null
      : judge(target.found.clock, say`the target sends no Date that moves with time`),
}
