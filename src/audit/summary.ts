import type { InvariantId } from '../sale/invariant.js'
import { outcomeCode } from '../sale/outcome.js'
import { managerSentence, type Named, type People } from '../sale/people.js'
import type { Sale } from '../sale/sale.js'
import type { AuditResult } from './audit.js'
import { forEachAttempt, type Ledger } from './ledger.js'

/** Whom the failed rules name, each where it hurts most. */
export const peopleOf = ({ invariants, ledger }: AuditResult): People => {
  const failed = (...ids: InvariantId[]): string[] => {
    const found = invariants.filter((judged) => judged.verdict === 'fail' && ids.includes(judged.id))
    return [...new Set(found.flatMap(({ users }) => users))]
  }
  const won = (user: string) => (ledger.accounts.get(user)?.soldOrders ?? 0) > 0
  const twice = failed('one-success-per-user')
  const refused = failed('no-undersell')
  const sorry = failed('no-oversell', 'acknowledged-is-recorded').filter(won)
  const known = new Set([...sorry, ...twice, ...refused])
  const contradicted = failed('real-time-order').filter((user) => !known.has(user))
  return {
    told: ledger.runs.length > 0 ? winnersIn(ledger) : null,
    waiting: waitingIn(ledger),
    ...{ sorry: all(sorry), twice: all(twice), refused: all(refused), contradicted: all(contradicted) },
  }
}

/** One sentence for whoever answers to the customers. */
export const summaryOf = (sale: Sale, result: AuditResult): string => {
  const { recordedUnits, state } = result.ledger
  const units = { initial: sale.initial, recorded: recordedUnits, remaining: state?.remaining ?? null }
  return managerSentence(result.verdict, units, peopleOf(result))
}

const all = (users: readonly string[]): Named => ({ users, inAll: users.length })

const QUEUED = outcomeCode('queued')

const waitingIn = ({ runs, accounts }: Ledger): number => {
  const waiting = new Set<string>()
  const isQueued = ({ attempts }: Ledger['runs'][number], row: number) => attempts.outcome[row] === QUEUED
  forEachAttempt(runs, isQueued, (user) => {
    const { soldOrders = 0, recordedOrders = 0 } = accounts.get(user) ?? {}
    if (soldOrders + recordedOrders === 0) waiting.add(user)
  })
  return waiting.size
}

const winnersIn = ({ accounts }: Ledger): number => {
  let winners = 0
  for (const { soldOrders } of accounts.values()) if (soldOrders > 0) winners++
  return winners
}
