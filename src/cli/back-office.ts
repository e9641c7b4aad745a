import { randomBytes } from 'node:crypto'
import { say } from '../language/say.js'
import type { RunningBackOffice } from '../queue/back-office.js'
import type { RedisTarget } from '../redis/target.js'
import { systemClock } from '../sale/clock.js'
import type { Outcome } from '../sale/outcome.js'
import type { Sale } from '../sale/sale.js'
import type { Context } from './context.js'

/** What a back office has decided so far. */
export class Decided {
  readonly outcomes: Partial<Record<Outcome, number>> = {}
  orders = 0
  givenUp = 0

  add(outcome: Outcome): void {
    this.orders++
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1
  }
}

/** Opens relay and worker for all strategies that decide later; trouble is told once each. Errors: as those of opening. */
export const startBackOffice = async (
  context: Context,
  target: RedisTarget,
  { keys, perUser }: Pick<Sale, 'keys' | 'perUser'>,
  concurrency: number,
  decided: Decided,
): Promise<RunningBackOffice> => {
  const [{ openBackOffice }, { QUEUED }] = await Promise.all([
    import('../queue/back-office.js'),
    import('../strategies/index.js'),
  ])
  return openBackOffice({
    ...{ target, strategies: QUEUED, concurrency },
    sale: { keys, limit: perUser.units, clock: systemClock, newToken: () => randomBytes(8).toString('hex') },
    onDecided: (_user, outcome) => decided.add(outcome),
    onGivenUp: (user, reason) => {
      decided.givenUp++
      context.warn(say`the order of ${user} was given up: ${reason}`)
    },
    onTrouble: (message) => context.warn(say`the worker tries again: ${message}`),
  })
}
