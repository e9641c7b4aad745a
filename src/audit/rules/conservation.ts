import { count, say } from '../../language/say.js'
import { fail, inconclusive, lookUp, nameSome, pass, type Rule, skipped, trySafely, untested } from '../finding.js'
import { type Ledger, stockProblem, usersWhere } from '../ledger.js'

export const conservation: Rule = {
  id: 'conservation',
  needs: ['store'],
  check: (sale, ledger) => {
    if (sale.places.stock.type === 'none')
      return skipped(say`this sale keeps no stock: what is left follows from its records`)
    const remaining = ledger.state?.remaining ?? null
    const keys = [sale.keys.stock, sale.keys.records]
    if (remaining === null) return inconclusive(stockProblem(ledger), { keys })
    if (ledger.state?.records.some((source) => source.unreadable.length > 0)) {
      return inconclusive(say`some records cannot be read, so their units cannot be added up`, { keys })
    }
    const recorded = ledger.recordedUnits
    const numbers = { keys, observed: remaining + recorded, expected: sale.initial }
    const sum = say`${remaining} left + ${recorded} recorded = ${remaining + recorded}`
    const off = remaining + recorded - sale.initial
    if (off === 0) {
      const moved = recorded > 0 || ledger.sentAttempts > 0
      return moved ? pass(say`${sum}, as at the start`, numbers) : untested(say`${sum}; nothing moved`, numbers)
    }
    if (off > 0) {
      const users = usersWhere(ledger, (account) => account.openOrders > 0 && account.recordedOrders > 0)
      const what = say`${sum}, but there were ${sale.initial}: ${count(off, 'unit')} made up`
      return fail(users.length > 0 ? say`${what}; without an answer but with a record: ${nameSome(users)}` : what, {
        ...{ ...numbers, users },
        next: trySafely(sale),
        hint: say`more was recorded than left the stock: LREM removes fewer than asked, an undo runs twice, or a purchase died after its claim`,
      })
    }
    if (ledger.expiry !== null) return inconclusive(say`${sum} of ${sale.initial}; ${ledger.expiry}`, numbers)
    const suspects = suspectsOf(ledger)
    const what = say`${sum}, but there were ${sale.initial}: ${count(-off, 'unit')} lost`
    const named = say`${what}; without an answer and without a record: ${nameSome(suspects)}`
    return fail(suspects.length > 0 ? named : what, {
      ...numbers,
      users: suspects,
      hint: lostHint(suspects.length > 0),
      next: suspects[0] === undefined ? trySafely(sale) : lookUp(sale, suspects[0]),
    })
  },
}

/** Users whose purchase may have taken stock and then died before its record. */
const suspectsOf = (ledger: Ledger): string[] =>
  usersWhere(ledger, (account) => account.openOrders > 0 && account.recordedOrders === 0)

const lostHint = (suspects: boolean): string =>
  suspects
    ? say`a purchase took its units and died before it wrote its record: take and record in one script or transaction`
    : say`units left the stock without a record: a reply of 0 read as failure, a double click that overwrites its first record, or a crash between two commands`
