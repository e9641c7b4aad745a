import { SeckillError } from '../../errors.js'
import { say } from '../../language/say.js'
import type { Flights, Model } from '../engine.js'

/**
 * The burst: `slots` attempts are connected and written but for a last byte each, and then let go together; when all their
 * answers are there, the next ones are. `gate` resolves when it is time. Where one of them cannot be made ready, or is
 * answered before its last byte was sent, the run ends with an error, and nothing of that burst is released.
 */
export const burstModel =
  (slots: number, gate: () => Promise<void>) =>
  (flights: Flights): Model => {
    /** Armed or under way. */
    let out = 0
    /** Answered before the release. */
    let early = 0
    let released = true
    const round = async () => {
      released = false
      const arming: Promise<boolean>[] = []
      for (let slot = 0; slot < slots; slot++) {
        const armed = flights.arm(slot)
        if (armed === null) break
        out++
        arming.push(armed)
      }
      if (arming.length === 0) return
      const armed = (await Promise.all(arming)).filter(Boolean).length
      if (armed < arming.length) throw unreleased(armed, arming.length, early)
      await gate()
      if (out < arming.length) throw unreleased(out, arming.length, early)
      released = true
      flights.release()
    }
    const begin = () => void round().catch((error: unknown) => flights.abandon(error))
    return {
      begin,
      freed: (_slot, _nowUs, reachedServer) => {
        if (!released && reachedServer) early++
        if (--out === 0 && released) begin()
      },
      stop: () => {},
    }
  }

const unreleased = (ready: number, wanted: number, early: number): SeckillError =>
  early > 0
    ? new SeckillError(
        'burst_unfilled',
        say`${early} of ${wanted} requests of the burst were answered before their last byte was sent: they may have bought, and the run log has them; the others were not released`,
        say`this server answers before it has the body: hold its requests back with --method GET`,
      )
    : new SeckillError(
        'burst_unfilled',
        say`only ${ready} of ${wanted} connections of the burst could be made ready; nothing was released`,
        say`fewer --users, a longer --timeout, or see what the server logs`,
      )
