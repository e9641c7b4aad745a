import { count, say } from '../../language/say.js'
import { holdsOneEach } from '../../sale/layout.js'
import { fail, nameSome, pass, type Rule, skipped, trySafely, untested } from '../finding.js'
import { usersWhere } from '../ledger.js'

export const oneRecordPerUser: Rule = {
  id: 'one-record-per-user',
  needs: ['store'],
  check: (sale, ledger) => {
    if (sale.places.fold.length === 0 && sale.places.records.every(holdsOneEach)) {
      const [place] = sale.places.records
      return pass(
        say`a ${place?.type} holds one record per user, by construction: one-success-per-user and conservation tell more`,
      )
    }
    // Two units of one order are two records of one user there.
    if (ledger.state?.records.some(({ type }) => type === 'hash-units'))
      return skipped(say`a record there is a unit, not an order: see purchase-limit for the units of each user`)
    const allowed = sale.perUser.orders
    const users = usersWhere(ledger, (account) => account.recordedOrders > allowed)
    const details = { observed: users.length, expected: 0, keys: [sale.keys.records], users }
    if (users.length > 0) {
      return fail(
        say`${count(users.length, 'user holds', 'users hold')} more than ${count(allowed, 'record')}: ${nameSome(users)}`,
        {
          ...details,
          next: trySafely(sale),
          hint: say`the look into the records and the write are two commands: a double click passes between them; HSETNX or a script closes the gap`,
        },
      )
    }
    const message = say`no user holds more than ${count(allowed, 'record')}`
    return ledger.runs.length > 0 && ledger.gap === null && !ledger.repeatedUsers
      ? untested(say`${message}; nobody tried twice`)
      : pass(message, details)
  },
}
