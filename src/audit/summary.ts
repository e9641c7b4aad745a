import type { InvariantId } from '../sale/invariant.js'
import { managerSentence, type Named, type People } from '../sale/people.js'
import type { Sale } from '../sale/sale.js'
import type { AuditResult } from './audit.js'
import type { Ledger } from './ledger.js'

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

const winnersIn = ({ accounts }: Ledger): number => {
  let winners = 0
  for (const { soldOrders } of accounts.values()) if (soldOrders > 0) winners++
  return winners
}
