import { count, say } from '../language/say.js'
import type { InvariantId } from '../sale/invariant.js'
import type { Sale } from '../sale/sale.js'
import type { AuditResult } from './audit.js'
import { nameSome } from './finding.js'
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
  const misled = failed('real-time-order').filter((user) => !known.has(user))
  const parts = [
    count(sale.initial, 'unit'),
    ledger.runs.length > 0
      ? say`${count(winnersIn(ledger), 'person was', 'people were')} told they won`
      : say`${count(ledger.recordedUnits, 'unit')} recorded; what people were told is not known`,
    sorry.length > 0 ? say`${sorry.length} to apologise to: ${nameSome(sorry)}` : '',
    twice.length > 0 ? say`${twice.length} won twice: ${nameSome(twice)}` : '',
    refused.length > 0 ? say`${refused.length} refused what was there: ${nameSome(refused)}` : '',
    misled.length > 0 ? say`${misled.length} told what cannot be true: ${nameSome(misled)}` : '',
    ...(verdict === 'fail' && ledger.state?.remaining != null ? [say`${ledger.state.remaining} left in stock`] : []),
    verdict === 'pass' && ledger.runs.length > 0 ? goodNews(ledger) : '',
    verdict === 'inconclusive' ? say`whether that is right cannot be told` : '',
  ]
  return say`${parts.filter(Boolean).join(say`; `)}.`
}

const winnersIn = ({ accounts }: Ledger): number => {
  let winners = 0
  for (const { soldOrders } of accounts.values()) if (soldOrders > 0) winners++
  return winners
}

const goodNews = ({ state }: Ledger): string =>
  state?.remaining == null
    ? say`nothing speaks against it`
    : say`each of them is recorded; ${state.remaining} left in stock`
