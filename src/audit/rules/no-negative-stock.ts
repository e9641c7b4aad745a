import { LAYOUTS } from '../../sale/layout.js'
import { fail, inconclusive, pass, type Rule, trySafely } from '../finding.js'
import { type Ledger, stockProblem } from '../ledger.js'

export const noNegativeStock: Rule = {
  id: 'no-negative-stock',
  needs: ['store'],
  check: (sale, ledger) => {
    if (LAYOUTS[sale.layout].stock === 'list') return pass('a list has no negative length, by construction')
    const remaining = ledger.state?.remaining ?? null
    if (remaining === null) return inconclusive(stockProblem(ledger))
    const samples = samplesOf(ledger)
    const lowest = Math.min(remaining, ...(samples ? [samples.lowest] : []))
    const seen = samples
      ? `${samples.samples} samples during the load, every ${samples.intervalMs} ms`
      : 'no samples during the load'
    const numbers = { observed: lowest, expected: 0, keys: [sale.keys.stock] }
    if (lowest >= 0) return pass(`the stock was never seen below zero (${remaining} at the end; ${seen})`, numbers)
    const repaired = remaining >= 0 ? `, ${remaining} at the end` : ''
    return fail(`the stock went down to ${lowest}${repaired} (${seen})`, {
      ...numbers,
      next: trySafely(sale),
      hint: 'DECRBY has no lower bound: decrement only after a check in the same script (counter-lua), or bounded (increx)',
    })
  },
}

const samplesOf = (ledger: Ledger): { lowest: number; samples: number; intervalMs: number } | null => {
  const seen = ledger.runs.flatMap((run) => run.footer?.stock ?? [])
  if (seen.length === 0) return null
  return {
    lowest: Math.min(...seen.map(({ lowest }) => lowest)),
    samples: seen.reduce((sum, { samples }) => sum + samples, 0),
    intervalMs: Math.max(...seen.map(({ intervalMs }) => intervalMs)),
  }
}
