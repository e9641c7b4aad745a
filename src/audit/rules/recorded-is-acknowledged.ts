import { count, say } from '../../language/say.js'
import { fail, inconclusive, lookUp, nameSome, pass, type Rule, untested } from '../finding.js'
import { forEachAttempt, gained, heldBefore, type Ledger, usersWhere } from '../ledger.js'

export const recordedIsAcknowledged: Rule = {
  id: 'recorded-is-acknowledged',
  needs: ['store', 'run'],
  check: (sale, ledger) => {
    const unexplained = usersWhere(
      ledger,
      (a, user) =>
        a.recordedUnits > heldBefore(ledger, user).most + a.soldUnits + a.openUnits ||
        (a.soldOrders + a.openOrders === 0 && gained(ledger, user, a)),
    )
    const keys = [sale.keys.records]
    const unreadable = usersWhere(ledger, (a) => a.unreadableOrders > 0)
    if (unexplained.length === 0 && unreadable.length > 0) {
      return inconclusive(say`the records of ${nameSome(unreadable)} cannot be read`, { keys, users: unreadable })
    }
    if (unexplained.length === 0) {
      return usersWhere(ledger, (a) => a.recordedOrders > 0).length === 0
        ? untested(say`nothing is recorded`)
        : pass(withOlder(say`every record has its answer`, ledger), { keys })
    }
    const { mine, foreign } = split(ledger, unexplained)
    if (mine.length > 0 && ledger.baseline === null) {
      return inconclusive(say`whether these records are older than the runs is not known: ${nameSome(mine)}`, {
        ...{ keys, users: mine, observed: mine.length, expected: 0 },
        hint: say`the first run could not name the records that were there before it: seed anew and fire again`,
      })
    }
    if (mine.length > 0) {
      return fail(
        say`${count(mine.length, 'user holds', 'users hold')} more than any answer gave them: ${nameSome(mine)}`,
        {
          ...{ keys, users: mine, observed: mine.length, expected: 0 },
          next: lookUp(sale, mine[0] as string),
          hint: say`the shop wrote the record and then answered "refused", or with another quantity`,
        },
      )
    }
    return inconclusive(say`${count(foreign.length, 'record')} of users that no known run made: ${nameSome(foreign)}`, {
      ...{ keys, users: foreign, observed: foreign.length, expected: 0 },
      hint: say`somebody else bought, or the run log is gone: seed anew and judge only what seckill fired`,
    })
  },
}

const withOlder = (message: string, { baseline }: Ledger): string =>
  baseline?.size ? say`${message}; ${count(baseline.size, 'record is', 'records are')} older than the runs` : message

/** Those who tried to buy in some run, and those whom no run knows. */
const split = (ledger: Ledger, users: readonly string[]): { mine: string[]; foreign: string[] } => {
  const tried = new Set(users.filter((user) => hasAnswer(ledger, user)))
  const wanted = new Set(users)
  if (tried.size < wanted.size) {
    const always = () => true
    forEachAttempt(ledger.runs, always, (user) => {
      if (wanted.has(user)) tried.add(user)
    })
  }
  return { mine: users.filter((user) => tried.has(user)), foreign: users.filter((user) => !tried.has(user)) }
}

const hasAnswer = (ledger: Ledger, user: string): boolean => {
  const account = ledger.accounts.get(user)
  return account !== undefined && account.soldOrders + account.openOrders > 0
}
