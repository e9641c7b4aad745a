import type { Run } from '../../history/run.js'
import { count, say } from '../../language/say.js'
import { mayHaveBought, reachesSale } from '../../sale/outcome.js'
import type { SaleWindow } from '../../sale/sale.js'
import { fail, inconclusive, nameSome, pass, type Rule, skipped, untested } from '../finding.js'
import type { Ledger } from '../ledger.js'
import { datedSpan } from '../order/spans.js'
import { nameAt } from '../order/tell.js'
import type { Place } from '../order/testimony.js'
import { fireWith } from '../reproduce.js'

export const noSaleOutsideWindow: Rule = {
  id: 'no-sale-outside-window',
  needs: ['run'],
  check: (sale, ledger) => {
    const { window } = sale
    if (window === undefined) return skipped(say`the sale declares neither start nor end`)
    const { sold, open, tried } = outside(window, ledger)
    const users = [...new Set(sold.map((place) => nameAt(ledger.runs, place)))]
    const details = { users, places: sold.slice(0, SHOWN), observed: sold.length, expected: 0 }
    if (sold.length > 0) {
      return fail(say`${outsideOf(window, count(sold.length, 'purchase'))}: ${nameSome(users)}`, {
        ...details,
        hint: say`the shop compares with a clock that runs differently, or checks the time only in the browser: let the script that sells compare with TIME of Redis`,
      })
    }
    if (open.length > 0) {
      const perhaps = [...new Set(open.map((place) => nameAt(ledger.runs, place)))]
      return inconclusive(
        say`${outsideOf(window, say`${count(perhaps.length, 'user')} tried`)}, and no answer says whether they got it: ${nameSome(perhaps)}`,
        { users: perhaps, places: open.slice(0, SHOWN) },
      )
    }
    if (tried === 0) return untested(outsideOf(window, say`nobody tried`), { next: fireWith(sale, ledger) })
    return pass(say`${outsideOf(window, count(tried, 'attempt'))}, and nothing was sold then`, details)
  },
}

const SHOWN = 20

/** What certainly lay outside: an attempt that reaches over the edge may have been served inside. */
const outside = ({ startMs, endMs }: SaleWindow, ledger: Ledger) => {
  const { runs } = ledger
  const startUs = startMs === null ? Number.NEGATIVE_INFINITY : startMs * 1_000
  const endUs = endMs === null ? Number.POSITIVE_INFINITY : endMs * 1_000
  const sold: Place[] = []
  const open: Place[] = []
  const inside = new Set<string>()
  let tried = 0
  for (const [run, { attempts }] of runs.entries()) {
    const span = datedSpan(runs[run] as Run)
    for (let row = 0; row < attempts.length; row++) {
      const outcome = attempts.outcomeAt(row)
      const mayHave = mayHaveBought(outcome)
      if (span.doneUs(row) >= startUs && span.sentUs(row) <= endUs) {
        if (mayHave) inside.add(nameAt(runs, { run, row }))
        continue
      }
      if (!reachesSale(outcome)) continue
      tried++
      if (outcome === 'sold') sold.push({ run, row })
      else if (mayHave) open.push({ run, row })
    }
  }
  // Whose record can only come from then bought then; who holds none did not.
  const whose = open.map((place) => ({ place, user: nameAt(runs, place) }))
  const holds = ({ user }: { user: string }) => (ledger.accounts.get(user)?.recordedOrders ?? 0) > 0
  const recorded = ledger.readable ? whose.filter(holds).filter(({ user }) => !ledger.baseline?.has(user)) : whose
  const certain = ledger.readable ? recorded.filter(({ user }) => !inside.has(user)).map(({ place }) => place) : []
  const left = recorded.map(({ place }) => place).filter((place) => !certain.includes(place))
  return { sold: [...sold, ...certain], open: left, tried }
}

/** What was done outside, and when that is. */
const outsideOf = ({ startMs, endMs }: SaleWindow, what: string): string => {
  const [start, end] = [startMs, endMs].map((ms) => (ms === null ? null : new Date(ms).toISOString()))
  if (start && end) return say`${what} before ${start} or after ${end}`
  return start ? say`${what} before ${start}` : say`${what} after ${end}`
}
