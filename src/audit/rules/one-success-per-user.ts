import { count, say } from '../../language/say.js'
import { fail, inconclusive, nameSome, pass, type Rule, trySafely, untested } from '../finding.js'
import { usersWhere } from '../ledger.js'
import { fireWith } from '../reproduce.js'

export const oneSuccessPerUser: Rule = {
  id: 'one-success-per-user',
  needs: ['run'],
  check: (sale, ledger) => {
    const allowed = sale.perUser.orders
    const users = usersWhere(ledger, (account) => account.soldOrders > allowed)
    const details = { observed: users.length, expected: 0, users }
    if (users.length > 0) {
      const times = allowed === 1 ? say`once` : say`${allowed} times`
      return fail(
        say`${count(users.length, 'user was', 'users were')} told "sold" more than ${times}: ${nameSome(users)}`,
        {
          ...details,
          next: trySafely(sale),
          hint: say`the check "has this user bought?" and the record are two commands: a double click passes between them; HSETNX or a script closes the gap`,
        },
      )
    }
    if (!ledger.repeatedUsers)
      return untested(say`nobody tried twice: use --duplicates 5%`, {
        next: fireWith(sale, ledger, ' --duplicates 5%'),
      })
    const perhaps = usersWhere(ledger, (a) => a.unreadOrders > 0 && a.soldOrders + a.unreadOrders > allowed)
    if (perhaps.length > 0) {
      return inconclusive(
        say`${count(perhaps.length, 'user')} got answers that no rule understands: ${nameSome(perhaps)}`,
        {
          users: perhaps,
          hint: say`say what these answers mean, with --outcome: blast prints a rule to paste`,
        },
      )
    }
    return pass(say`nobody was told "sold" too often`, details)
  },
}
