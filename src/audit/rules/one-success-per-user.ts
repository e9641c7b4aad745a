import { count, fail, nameSome, pass, type Rule, trySafely, untested } from '../finding.js'
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
      const times = allowed === 1 ? 'once' : `${allowed} times`
      return fail(
        `${count(users.length, 'user')} ${users.length === 1 ? 'was' : 'were'} told "sold" more than ${times}: ${nameSome(users)}`,
        {
          ...details,
          next: trySafely(sale),
          hint: 'the check "has this user bought?" and the record are two commands: a double click passes between them; HSETNX or a script closes the gap',
        },
      )
    }
    if (!ledger.repeatedUsers)
      return untested('nobody tried twice: use --duplicates 5%', {
        next: fireWith(sale, ledger, ' --duplicates 5%'),
      })
    return pass('nobody was told "sold" too often', details)
  },
}
