import type { Run } from '../../history/run.js'
import { count, say, tallied } from '../../language/say.js'
import { isRefusal, mayHaveBought, type Outcome } from '../../sale/outcome.js'
import type { Sale } from '../../sale/sale.js'
import { coverageOf } from '../coverage.js'
import { fail, inconclusive, pass, type Rule, skipped } from '../finding.js'
import { firstOf, forEachAttempt, gained, type Ledger, usersWhere } from '../ledger.js'
import { buyOnce } from '../reproduce.js'

export const somebodyBought: Rule = {
  id: 'somebody-bought',
  needs: ['run'],
  check: (sale, ledger) => {
    // A record that nobody was told of is a purchase too, if it is not older than the runs.
    const told = ledger.baseline === null ? 1 : 0
    const bought = usersWhere(
      ledger,
      (a, user) => a.soldOrders === 0 && a.openOrders >= told && gained(ledger, user, a),
    )
    const sold = ledger.soldOrders + (ledger.readable ? bought.length : 0)
    if (sold > 0) return pass(say`${count(sold, 'purchase')} succeeded`, { observed: sold, expected: say`at least 1` })
    if (!ledger.readable && usersWhere(ledger, (a) => a.openOrders > 0).length > 0) {
      return inconclusive(say`some attempts may have bought, and the records that would tell are not readable`)
    }
    const stock = stockAtStart(sale, ledger)
    if (stock <= 0) return skipped(say`there was no stock at the start`)
    if (ledger.attempts > 0 && !someFit(ledger.runs, stock)) {
      if (ledger.gap !== null) return inconclusive(ledger.gap)
      return skipped(say`nobody asked for as little as the ${count(stock, 'unit')} in stock`)
    }
    const refused = honestRefusals(ledger, stock)
    if (refused > 0) {
      return fail(
        say`nobody bought anything, though ${count(stock, 'unit')} stood ready and ${count(refused, 'fitting attempt was', 'fitting attempts were')} refused`,
        {
          ...{ observed: 0, expected: say`at least 1`, keys: [sale.keys.stock] },
          hint: say`a reply of 0 read as failure, a Lua truth test on 0, or wrong keys: try one purchase alone`,
          next: buyOnce(sale, ledger),
        },
      )
    }
    return inconclusive(say`nobody bought anything, and no answer says why: ${answersOf(ledger)}`, {
      hint: say`no definite answer came: see the unmatched answers of the blast, or raise the limiter`,
      next: buyOnce(sale, ledger),
    })
  },
}

/** Stock before the earliest run, as that run saw it; else what init wrote. */
const stockAtStart = (sale: Sale, ledger: Ledger): number => {
  return firstOf(ledger.runs)?.header.atStart?.remaining ?? sale.initial
}

const fits = ({ attempts }: Run, row: number, stock: number): boolean => (attempts.quantity[row] as number) <= stock

const someFit = (runs: readonly Run[], stock: number): boolean =>
  runs.some((run) => run.attempts.quantity.some((_, row) => fits(run, row, stock)))

/** Refusals of what was there; "already bought" counts unless that user really holds a record. */
const honestRefusals = (ledger: Ledger, stock: number): number => {
  let refused = 0
  const wanted = (run: Run, row: number) => isRefusal(run.attempts.outcomeAt(row)) && fits(run, row, stock)
  forEachAttempt(ledger.runs, wanted, (user, run, row) => {
    const holds = (ledger.accounts.get(user)?.recordedOrders ?? 0) > 0
    if (run.attempts.outcomeAt(row) !== 'already_bought' || (ledger.readable && !holds)) refused++
  })
  return refused
}

const answersOf = (ledger: Ledger): string => {
  const told = Object.entries(coverageOf(ledger).outcomes) as [Outcome, number][]
  const open = told.some(([outcome]) => mayHaveBought(outcome))
  if (told.length === 0) return say`there were no attempts`
  const list = told.map(([outcome, n]) => tallied(n, outcome)).join(say`, `)
  return open ? say`${list} (these may have bought)` : list
}
