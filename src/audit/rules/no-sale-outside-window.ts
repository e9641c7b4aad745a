import type { Run } from '../../history/run.js'
import { reachesSale } from '../../sale/outcome.js'
import type { SaleWindow } from '../../sale/sale.js'
import { count, fail, nameSome, pass, type Rule, skipped, untested } from '../finding.js'
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
    if (window === undefined) return skipped('the sale declares neither start nor end')
    const { sold, tried } = outside(window, ledger)
    const users = [...new Set(sold.map((place) => nameAt(ledger.runs, place)))]
    const details = { users, places: sold.slice(0, SHOWN), observed: sold.length, expected: 0 }
    const when = spell(window)
    if (sold.length > 0) {
      return fail(`${count(sold.length, 'purchase')} ${when}: ${nameSome(users)}`, {
        ...details,
        hint: 'the shop compares with a clock that runs differently, or checks the time only in the browser: let the script that sells compare with TIME of Redis',
      })
    }
    if (tried === 0) return untested(`nobody tried ${when}`, { next: fireWith(sale, ledger) })
    return pass(`${count(tried, 'attempt')} ${when}, and nothing was sold then`, details)
  },
}

const SHOWN = 20

/** What certainly lay outside: an attempt that reaches over the edge may have been served inside. */
const outside = ({ startMs, endMs }: SaleWindow, { runs }: Ledger): { sold: Place[]; tried: number } => {
  const startUs = startMs === null ? Number.NEGATIVE_INFINITY : startMs * 1_000
  const endUs = endMs === null ? Number.POSITIVE_INFINITY : endMs * 1_000
  const sold: Place[] = []
  let tried = 0
  for (const [run, { attempts }] of runs.entries()) {
    const span = datedSpan(runs[run] as Run)
    for (let row = 0; row < attempts.length; row++) {
      if (span.doneUs(row) >= startUs && span.sentUs(row) <= endUs) continue
      const outcome = attempts.outcomeAt(row)
      if (!reachesSale(outcome)) continue
      tried++
      if (outcome === 'sold') sold.push({ run, row })
    }
  }
  return { sold, tried }
}

const spell = ({ startMs, endMs }: SaleWindow): string =>
  [
    startMs === null ? '' : `before ${new Date(startMs).toISOString()}`,
    endMs === null ? '' : `after ${new Date(endMs).toISOString()}`,
  ]
    .filter(Boolean)
    .join(' or ')
