import { count, fail, inconclusive, lookUp, nameSome, pass, type Rule, untested } from '../finding.js'
import { type Account, usersWhere } from '../ledger.js'

export const acknowledgedIsRecorded: Rule = {
  id: 'acknowledged-is-recorded',
  needs: ['store', 'run'],
  check: (sale, ledger) => {
    if (ledger.soldOrders === 0) return untested('nobody was told "sold"')
    const isShort = (a: Account) => a.recordedUnits < a.soldUnits || (a.soldOrders > 0 && a.recordedOrders === 0)
    const users = usersWhere(ledger, (a) => isShort(a) && a.unreadableOrders === 0)
    const unreadable = usersWhere(ledger, (a) => isShort(a) && a.unreadableOrders > 0)
    if (users.length === 0 && unreadable.length > 0) {
      return inconclusive(`the records of ${nameSome(unreadable)} cannot be read`, {
        users: unreadable,
        keys: [sale.keys.records],
      })
    }
    const details = { users, observed: users.length, expected: 0, keys: [sale.keys.records] }
    if (users.length === 0)
      return pass(`each of ${count(ledger.soldOrders, '"sold"', '"sold"')} has its record`, details)
    const missing = users.reduce((sum, user) => {
      const account = ledger.accounts.get(user)
      return sum + (account ? account.soldUnits - account.recordedUnits : 0)
    }, 0)
    return fail(
      `${count(users.length, 'user')} ${users.length === 1 ? 'was' : 'were'} told "sold" for ${count(missing, 'unit')} that no record shows: ${nameSome(users)}`,
      {
        ...details,
        hint: 'the second answer of a double click overwrote the first record, or the record was lost after the answer',
        next: lookUp(sale, users[0] as string),
      },
    )
  },
}
