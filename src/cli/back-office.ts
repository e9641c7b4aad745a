import { randomBytes } from 'node:crypto'
import { say } from '../language/say.js'
import type { BackOfficeOptions, DecidedOrder, RunningBackOffice } from '../queue/back-office.js'
import type { RedisTarget } from '../redis/target.js'
import { systemClock } from '../sale/clock.js'
import type { Outcome } from '../sale/outcome.js'
import type { Sale } from '../sale/sale.js'
import type { Context } from './context.js'

/** Who is told what a back office decides. */
export type Listener = Required<Pick<BackOfficeOptions, 'onDecided' | 'onGivenUp'>>

/** What a back office has decided so far; orders that are given up are said at once. */
export class Decided implements Listener {
  readonly outcomes: Partial<Record<Outcome, number>> = {}
  orders = 0
  givenUp = 0
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  onDecided(_order: DecidedOrder, outcome: Outcome): void {
    this.orders++
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1
  }

  onGivenUp({ user }: DecidedOrder, reason: string): void {
    this.givenUp++
    this.#context.warn(say`the order of ${user} was given up: ${reason}`)
  }
}

/** Opens relay and worker for all strategies that decide later; trouble is told once each. Errors: as those of opening. */
export const startBackOffice = async (
  context: Context,
  target: RedisTarget,
  { keys, perUser }: Pick<Sale, 'keys' | 'perUser'>,
  concurrency: number,
  listener: Listener,
): Promise<RunningBackOffice> => {
  const [{ openBackOffice }, { QUEUED }] = await Promise.all([
    import('../queue/back-office.js'),
    import('../strategies/index.js'),
  ])
  return openBackOffice({
    ...{ target, strategies: QUEUED, concurrency },
    sale: { keys, limit: perUser.units, clock: systemClock, newToken: () => randomBytes(8).toString('hex') },
    onDecided: (order, outcome) => listener.onDecided(order, outcome),
    onGivenUp: (order, reason) => listener.onGivenUp(order, reason),
    onTrouble: (message) => context.warn(say`the worker tries again: ${message}`),
  })
}
