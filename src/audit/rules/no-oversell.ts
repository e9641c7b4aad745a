import type { Run } from '../../history/run.js'
import { count, say } from '../../language/say.js'
import { outcomeCode } from '../../sale/outcome.js'
import type { Sale } from '../../sale/sale.js'
import { askedNoMoreThan } from '../coverage.js'
import { type Finding, fail, inconclusive, nameSome, pass, type Rule, trySafely, untested } from '../finding.js'
import { forEachAttempt, type Ledger } from '../ledger.js'

export const noOversell: Rule = {
  id: 'no-oversell',
  needs: ['store'],
  provedByRun: (sale, ledger) => (ledger.acknowledgedUnits > sale.initial ? oversold(sale, ledger) : null),
  check: (sale, ledger) => {
    const { recordedUnits: recorded, acknowledgedUnits: told, runs } = ledger
    if (recorded > sale.initial) return oversold(sale, ledger)
    const numbers = { observed: Math.max(recorded, told), expected: sale.initial, keys: [sale.keys.records] }
    const stands = say`${recorded} of ${count(sale.initial, 'unit')} for sale are recorded`
    const message = runs.length > 0 ? say`${stands}, ${told} were acknowledged` : stands
    const unreadable = ledger.state?.records.some((source) => source.unreadable.length > 0)
    if (unreadable)
      return inconclusive(say`${message}; some records cannot be read, so their units are not counted`, numbers)
    if (ledger.unreadUnits > 0 && told + ledger.unreadUnits > sale.initial) {
      return inconclusive(
        say`${message}; ${count(ledger.unreadUnits, 'more unit')} may have been, by answers that no rule understands`,
        { ...numbers, hint: say`say what these answers mean, with --outcome: blast prints a rule to paste` },
      )
    }
    if (askedNoMoreThan(ledger, sale.initial)) {
      return untested(say`${message}; no more than that was asked for, so nothing could be oversold`, numbers)
    }
    return pass(message, numbers)
  },
}

const oversold = (sale: Sale, ledger: Ledger): Finding => {
  const { recordedUnits: recorded, acknowledgedUnits: told } = ledger
  const users = buyersTooMany(ledger, sale.initial)
  const what = say`${tooMany(recorded, told, sale.initial)}, but there were ${count(sale.initial, 'unit')} for sale`
  return fail(users.length > 0 ? say`${what}; the last ${users.length} to be told: ${nameSome(users)}` : what, {
    observed: Math.max(recorded, told),
    expected: sale.initial,
    keys: [sale.keys.records],
    users,
    next: trySafely(sale),
    hint: say`the check of the stock and its decrement are two commands: others decrement in between; do both in one script, as list-lua and counter-lua do`,
  })
}

const tooMany = (recorded: number, told: number, initial: number): string => {
  if (told <= initial) return say`${recorded} units are recorded`
  return recorded > initial
    ? say`${recorded} units are recorded and buyers were told they got ${told}`
    : say`buyers were told they got ${told}`
}

const SOLD = outcomeCode('sold')

/** Those who were told "sold" when the stock was already given away, in order of their answers. */
const buyersTooMany = (ledger: Ledger, initial: number): string[] => {
  const sold: { user: string; quantity: number; atMs: number }[] = []
  const isSold = ({ attempts }: Run, row: number) => attempts.outcome[row] === SOLD
  forEachAttempt(ledger.runs, isSold, (user, { header, attempts }, row) => {
    const atMs = Date.parse(header.startedAt) + attempts.doneAtUs(row) / 1_000
    sold.push({ user, quantity: attempts.quantity[row] as number, atMs })
  })
  let units = 0
  const late = sold
    .sort((a, b) => a.atMs - b.atMs)
    .filter(({ quantity }) => {
      units += quantity
      return units > initial
    })
    .map(({ user }) => user)
  return [...new Set(late)]
}
