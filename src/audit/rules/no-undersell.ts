import type { Run } from '../../history/run.js'
import { count, say } from '../../language/say.js'
import { outcomeCode } from '../../sale/outcome.js'
import { fail, inconclusive, nameSome, pass, type Rule, trySafely, untested } from '../finding.js'
import { forEachAttempt, stockProblem } from '../ledger.js'

const REFUSED_FOR_STOCK = new Set([outcomeCode('sold_out'), outcomeCode('insufficient_stock')])

export const noUndersell: Rule = {
  id: 'no-undersell',
  needs: ['store', 'run'],
  check: (sale, ledger) => {
    const remaining = ledger.state?.remaining ?? null
    const keys = [sale.keys.stock]
    if (remaining === null) return inconclusive(stockProblem(ledger), { keys })
    let refused = 0
    const users = new Set<string>()
    const wanted = ({ attempts }: Run, row: number): boolean => {
      if (!REFUSED_FOR_STOCK.has(attempts.outcome[row] as number)) return false
      refused++
      return (attempts.quantity[row] as number) <= remaining
    }
    forEachAttempt(ledger.runs, wanted, (user) => {
      if ((ledger.accounts.get(user)?.recordedOrders ?? 0) === 0) users.add(user)
    })
    if (refused === 0)
      return untested(say`nobody was refused for want of stock (${count(remaining, 'unit')} left)`, { keys })
    if (ledger.expiry !== null && remaining + ledger.recordedUnits < sale.initial)
      return inconclusive(ledger.expiry, { keys })
    if (remaining <= 0) return pass(say`nothing is left, so nobody was refused what is left`, { keys })
    const details = { keys, users: [...users], observed: users.size, expected: 0 }
    if (users.size === 0)
      return pass(say`${count(remaining, 'unit')} left, and nobody was refused what is left`, details)
    return fail(
      say`${count(remaining, 'unit')} left, yet ${count(users.size, 'user was', 'users were')} told there was too little: ${nameSome([...users])}`,
      {
        ...details,
        next: trySafely(sale),
        hint: say`units on their way back (decrement, then undo) or lost updates hide stock from honest buyers; decide in one script`,
      },
    )
  },
}
