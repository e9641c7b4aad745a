import type { Run } from '../../history/run.js'
import { isRefusal, mayHaveBought, type Outcome } from '../../sale/outcome.js'
import type { Sale } from '../../sale/sale.js'
import { coverageOf } from '../coverage.js'
import { count, fail, inconclusive, pass, type Rule, skipped } from '../finding.js'
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
    if (sold > 0) return pass(`${count(sold, 'purchase')} succeeded`, { observed: sold, expected: 'at least 1' })
    if (!ledger.readable && usersWhere(ledger, (a) => a.openOrders > 0).length > 0) {
      return inconclusive('some attempts may have bought, and the records that would tell are not readable')
    }
    const stock = stockAtStart(sale, ledger)
    if (stock <= 0) return skipped('there was no stock at the start')
    if (ledger.attempts > 0 && !someFit(ledger.runs, stock)) {
      if (ledger.gap !== null) return inconclusive(ledger.gap)
      return skipped(`nobody asked for as little as the ${count(stock, 'unit')} in stock`)
    }
    const refused = honestRefusals(ledger, stock)
    if (refused > 0) {
      return fail(
        `nobody bought anything, though ${count(stock, 'unit')} stood ready and ${count(refused, 'fitting attempt')} ${refused === 1 ? 'was' : 'were'} refused`,
        {
          ...{ observed: 0, expected: 'at least 1', keys: [sale.keys.stock] },
          hint: 'a reply of 0 read as failure, a Lua truth test on 0, or wrong keys: try one purchase alone',
          next: buyOnce(sale, ledger),
        },
      )
    }
    return inconclusive(`nobody bought anything, and no answer says why: ${answersOf(ledger)}`, {
      hint: 'no definite answer came: see the unmatched answers of the blast, or raise the limiter',
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
  const list = told.map(([outcome, n]) => `${n} ${outcome}`).join(', ')
  return list === '' ? 'there were no attempts' : list + (open ? ' (these may have bought)' : '')
}
