import { count, say } from '../../language/say.js'
import { statedLimit } from '../../sale/sale.js'
import { fail, lookUp, nameSome, pass, type Rule, trySafely, untested } from '../finding.js'
import { type Ledger, usersWhere } from '../ledger.js'
import { fireWith } from '../reproduce.js'

export const purchaseLimit: Rule = {
  id: 'purchase-limit',
  needs: ['store'],
  check: (sale, ledger) => {
    const { units } = statedLimit(sale)
    const stated = Number.isFinite(units)
    const unreadable = (ledger.state?.records ?? []).flatMap((source) => source.unreadable)
    const keys = [sale.keys.records]
    if (unreadable[0]) {
      const { user, raw, why } = unreadable[0]
      const users = unreadable.map((entry) => entry.user)
      const inAll = (ledger.state?.records ?? []).reduce((sum, source) => sum + source.unreadableCount, 0)
      const what = say`${count(inAll, 'record')} cannot be read`
      const value = `"${raw.replaceAll('"', '\\"')}"`
      return fail(user === raw ? say`${what}: ${value} (${why})` : say`${what}: ${user} has ${value} (${why})`, {
        ...{ keys, users, observed: raw, expected: stated ? `1..${units}` : whole() },
        next: lookUp(sale, user),
        hint: say`a record must be the quantity as a decimal string; a serializer that adds a type or quotes is the usual cause`,
      })
    }
    const users = [
      ...new Set([
        ...outOfRange(ledger.state?.records ?? [], units),
        ...usersWhere(ledger, (a) => a.recordedUnits > units),
      ]),
    ]
    const details = { keys, users, observed: users.length, expected: 0 }
    if (users.length > 0) {
      return fail(
        say`${count(users.length, 'user holds', 'users hold')} a quantity ${stated ? say`outside 1..${units}` : say`below 1`}: ${nameSome(users)}`,
        {
          ...details,
          next: trySafely(sale),
          hint: say`check the quantity before anything else, and add up what the user already has in the same script`,
        },
      )
    }
    if (ledger.recordedUnits === 0) return untested(say`nothing is recorded`)
    if (!stated) return untested(say`every record is ${whole()}; no limit is stated: --limit`, details)
    const message = say`every record is a quantity in 1..${units}`
    return nobodyReaches(ledger, units)
      ? untested(say`${message}; nobody asked for so much, at once or in all`, {
          next: fireWith(sale, ledger, ` --quantity ${units}`),
        })
      : pass(message, details)
  },
}

const whole = () => say`a whole number of at least 1`

/** No user asked for as many units as one may have; false where not all is known. */
const nobodyReaches = ({ runs, gap, repeatedUsers }: Ledger, units: number): boolean =>
  runs.length > 0 &&
  gap === null &&
  !repeatedUsers &&
  !runs.some(({ attempts }) => attempts.quantity.some((quantity) => quantity >= units))

const outOfRange = (
  sources: readonly { users: readonly string[]; quantities: ArrayLike<number> }[],
  units: number,
): string[] =>
  sources.flatMap(({ users, quantities }) =>
    users.filter((_, i) => !((quantities[i] as number) >= 1 && (quantities[i] as number) <= units)),
  )
