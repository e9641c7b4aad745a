import { RedisPort } from '../../redis/port.js'
import type { Sale } from '../../sale/sale.js'
import type { OrderQueue, StrategyContext } from '../../strategies/strategy.js'
import { tokenMark } from './buyers.js'
import type { Lane } from './lane.js'
import { Session } from './wire.js'

/** A connection whose units are held in this lane. */
export const portOn = (lane: Lane): RedisPort => {
  const session = new Session()
  lane.sessions.push(session)
  return new RedisPort((unit) => lane.hold(unit, session))
}

/** What a process of a shop or of its back office has at hand, where all that it does goes through this lane. */
export const contextOf = (
  lane: Lane,
  { sale, actor, queue }: { sale: Sale; actor: number; queue?: OrderQueue },
): StrategyContext => {
  let tokens = 0
  return {
    redis: portOn(lane),
    dedicated: async () => ({ redis: portOn(lane), usable: true, close: () => {} }),
    keys: sale.keys,
    limit: sale.perUser.units,
    clock: { now: () => lane.nowMs, sleep: (ms) => lane.sleep(ms) },
    newToken: () => `${tokenMark(actor)}${tokens++}`,
    ...(queue && { queue }),
  }
}
