import type { InvariantId } from '../sale/invariant.js'
import type { Sale } from '../sale/sale.js'
import type { AuditResult } from './audit.js'
import { count, nameSome } from './finding.js'
import type { Ledger } from './ledger.js'

/**
 * One sentence for whoever answers to the customers: `50 units; 53 people were told they won; 3 to apologise to: ann, bob and
 * eve`. It says nothing that a rule does not say more exactly.
 */
export const summaryOf = (sale: Sale, { verdict, invariants, ledger }: AuditResult): string => {
  const failed = (...ids: InvariantId[]): string[] => {
    const found = invariants.filter((judged) => judged.verdict === 'fail' && ids.includes(judged.id))
    return [...new Set(found.flatMap(({ users }) => users))]
  }
  const won = (user: string) => (ledger.accounts.get(user)?.soldOrders ?? 0) > 0
  const twice = failed('one-success-per-user')
  const refused = failed('no-undersell')
  const sorry = failed('no-oversell', 'acknowledged-is-recorded').filter(won)
  const known = new Set([...sorry, ...twice, ...refused])
  const parts = [
    count(sale.initial, 'unit'),
    ledger.runs.length > 0
      ? `${people(winnersIn(ledger))} told they won`
      : `${count(ledger.recordedUnits, 'unit')} recorded; what people were told is not known`,
    sorry.length > 0 ? `${sorry.length} to apologise to: ${nameSome(sorry)}` : '',
    named('won twice', twice),
    named('refused what was there', refused),
    named(
      'told what cannot be true',
      failed('real-time-order').filter((user) => !known.has(user)),
    ),
    ...(verdict === 'fail' && ledger.state?.remaining != null ? [`${ledger.state.remaining} left in stock`] : []),
    verdict === 'pass' && ledger.runs.length > 0 ? goodNews(ledger) : '',
    verdict === 'inconclusive' ? 'whether that is right cannot be told' : '',
  ]
  return `${parts.filter(Boolean).join('; ')}.`
}

const winnersIn = ({ accounts }: Ledger): number => {
  let winners = 0
  for (const { soldOrders } of accounts.values()) if (soldOrders > 0) winners++
  return winners
}

const people = (n: number): string => (n === 1 ? '1 person was' : `${n} people were`)

const named = (what: string, users: readonly string[]): string =>
  users.length === 0 ? '' : `${users.length} ${what}: ${nameSome(users)}`

const goodNews = ({ state }: Ledger): string =>
  state?.remaining == null ? 'nothing speaks against it' : `each of them is recorded; ${state.remaining} left in stock`
