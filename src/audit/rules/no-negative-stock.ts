import { say } from '../../language/say.js'
import type { StockPart } from '../../sale/final-state.js'
import { canBeNegative } from '../../sale/layout.js'
import type { Sale } from '../../sale/sale.js'
import { askedNoMoreThan } from '../coverage.js'
import { type Finding, fail, inconclusive, pass, type Rule, skipped, trySafely, untested } from '../finding.js'
import { type Ledger, stockProblem } from '../ledger.js'

export const noNegativeStock: Rule = {
  id: 'no-negative-stock',
  needs: ['store'],
  provedByRun: (sale, ledger) => {
    const samples = samplesOf(ledger)
    if (samples === null) return null
    if (samples.lowest >= 0) return negativePart(sale, ledger)
    return negative(sale, ledger, Math.min(samples.lowest, ledger.state?.remaining ?? 0))
  },
  check: (sale, ledger) => {
    const remaining = ledger.state?.remaining ?? null
    if (remaining === null) return inconclusive(stockProblem(ledger), { keys: [sale.keys.stock] })
    const { type } = sale.places.stock
    if (type === 'none') return skipped(say`this sale keeps no stock that could be negative: see no-oversell`)
    if (!canBeNegative(type)) return pass(say`a ${type} has no negative length, by construction`)
    if (remaining < 0) return negative(sale, ledger, remaining)
    const part = negativePart(sale, ledger)
    if (part !== null) return part
    const message = say`the stock was never seen below zero (${remaining} at the end; ${seen(ledger)})`
    if (ledger.runs.length > 0 && samplesOf(ledger) === null)
      return inconclusive(say`${message}: a dip that was made good again would not have been seen`, {
        keys: [sale.keys.stock],
        hint: say`fire with Redis in reach (--redis), so that the stock is watched during the run`,
      })
    if (askedNoMoreThan(ledger, sale.initial))
      return untested(say`${message}; no more than the stock was asked for`, { keys: [sale.keys.stock] })
    return pass(message, {
      observed: Math.min(remaining, samplesOf(ledger)?.lowest ?? remaining),
      expected: 0,
      keys: [sale.keys.stock],
    })
  },
}

/** The counter that fell lowest below zero, where the sum of all hides it; null where none did. */
const negativePart = (sale: Sale, ledger: Ledger): Finding | null => {
  const sampled = ledger.runs.flatMap(({ footer }) => footer?.stock?.lowestPart ?? [])
  const parts = [...(ledger.state?.lowestPart ? [ledger.state.lowestPart] : []), ...sampled]
  const [lowest] = parts.sort((a, b) => a.units - b.units)
  return lowest === undefined || lowest.units >= 0 ? null : negative(sale, ledger, lowest.units, lowest)
}

const negative = (sale: Sale, ledger: Ledger, lowest: number, part?: StockPart): Finding => {
  const remaining = ledger.state?.remaining ?? null
  const down = say`${part?.name ?? say`the stock`} went down to ${lowest}`
  const end = part ? say`${down}, ${remaining} at the end over all counters` : say`${down}, ${remaining} at the end`
  return fail(say`${remaining !== null && remaining >= 0 ? end : down} (${seen(ledger)})`, {
    observed: lowest,
    expected: 0,
    keys: [sale.keys.stock],
    next: trySafely(sale),
    hint: say`DECRBY has no lower bound: decrement only after a check in the same script (counter-lua), or bounded (increx)`,
  })
}

const seen = (ledger: Ledger): string => {
  const samples = samplesOf(ledger)
  if (samples === null) return say`no samples during the load`
  if (samples.intervalMs === 0) return say`looked at after every step`
  return say`${samples.samples} samples during the load, every ${samples.intervalMs} ms`
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
