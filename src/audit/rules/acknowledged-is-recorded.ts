import { count, say } from '../../language/say.js'
import { fail, inconclusive, lookUp, nameSome, pass, type Rule, untested } from '../finding.js'
import { type Account, heldBefore, owed, usersWhere } from '../ledger.js'

export const acknowledgedIsRecorded: Rule = {
  id: 'acknowledged-is-recorded',
  needs: ['store', 'run'],
  check: (sale, ledger) => {
    if (ledger.soldOrders === 0) return untested(say`nobody was told "sold"`)
    const isShort = (a: Account, user: string) =>
      a.soldOrders > 0 && (owed(ledger, user, a) > 0 || a.recordedOrders === 0)
    const users = usersWhere(ledger, (a, user) => isShort(a, user) && a.unreadableOrders === 0)
    const unreadable = usersWhere(ledger, (a, user) => isShort(a, user) && a.unreadableOrders > 0)
    if (users.length === 0 && unreadable.length > 0) {
      return inconclusive(say`the records of ${nameSome(unreadable)} cannot be read`, {
        users: unreadable,
        keys: [sale.keys.records],
      })
    }
    const details = { users, observed: users.length, expected: 0, keys: [sale.keys.records] }
    if (users.length === 0) return pass(say`each of ${ledger.soldOrders} "sold" has its record`, details)
    const missing = users.reduce((sum, user) => {
      const account = ledger.accounts.get(user)
      return sum + (account ? owed(ledger, user, account) : 0)
    }, 0)
    const who = count(users.length, 'user was', 'users were')
    return fail(
      users.some((user) => heldBefore(ledger, user).least > 0)
        ? say`${who} told "sold" for ${count(missing, 'unit')} that no record shows, on top of what was recorded before: ${nameSome(users)}`
        : say`${who} told "sold" for ${count(missing, 'unit')} that no record shows: ${nameSome(users)}`,
      {
        ...details,
        hint: say`the second answer of a double click overwrote the first record, or the record was lost after the answer`,
        next: lookUp(sale, users[0] as string),
      },
    )
  },
}
