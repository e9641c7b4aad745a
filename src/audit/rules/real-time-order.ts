import { count, say } from '../../language/say.js'
import { type Sale, statedLimit } from '../../sale/sale.js'
import { type Finding, fail, inconclusive, nameSome, pass, type Rule, trySafely, untested } from '../finding.js'
import { firstOf, heldBefore, type Ledger } from '../ledger.js'
import type { Disorder } from '../order/cases.js'
import { checkOrder } from '../order/check.js'
import { spansOf } from '../order/spans.js'
import { drawCase, nameAt, WORDS } from '../order/tell.js'
import type { Place } from '../order/testimony.js'

export const realTimeOrder: Rule = {
  id: 'real-time-order',
  needs: ['run'],
  check: (sale, ledger) => {
    const stock = firstOf(ledger.runs)?.header.atStart?.remaining ?? sale.initial
    const elsewhere = soldElsewhere(sale, ledger)
    const answer = checkOrder({
      ...{ runs: ledger.runs, stock, perUser: statedLimit(sale), soldElsewhere: elsewhere },
      recordedOf: recordedOf(sale, ledger),
    })
    const atMost = (who: string, us: number) =>
      say`when ${who} was refused, at most ${answer.sold.at(us) + elsewhere} of ${stock} can have been sold`
    if (answer.disorders.length > 0) return disorderly(sale, ledger, inOrder(answer.disorders), atMost)
    if (answer.claims === 0) return untested(say`nobody was refused, so no answer depends on the order`)
    if (answer.undecided) return inconclusive(say`too many orders might explain these answers to try them all`)
    return pass(
      say`one order, with every purchase inside its own attempt, explains all ${count(answer.claims, 'refusal')}`,
    )
  },
}

/** Records that add up with the stock settle what became of attempts without an answer; others contradict themselves. */
const recordsCount = (sale: Sale, { readable, state, recordedUnits }: Ledger): boolean =>
  readable &&
  state !== null &&
  !state.records.some(({ unreadable }) => unreadable.length > 0) &&
  (state.remaining === null || state.remaining + recordedUnits === sale.initial)

const recordedOf = (sale: Sale, ledger: Ledger) => {
  const counts = recordsCount(sale, ledger)
  return (place: Place) => {
    const user = nameAt(ledger.runs, place)
    const units = counts ? (ledger.accounts.get(user)?.recordedUnits ?? 0) : null
    // Where nobody knows who held a record before the runs, whoever holds one may have.
    return { units, before: ledger.baseline?.has(user) ?? units !== 0 }
  }
}

/** Units that came to users to whom no run sold anything, nor may have. */
const soldElsewhere = (sale: Sale, ledger: Ledger): number => {
  let units = 0
  if (!recordsCount(sale, ledger)) return units
  for (const [user, account] of ledger.accounts) {
    if (account.soldOrders + account.openOrders > 0) continue
    units += Math.max(0, account.recordedUnits - heldBefore(ledger, user).most)
  }
  return units
}

/** What no other rule sees comes first. */
const inOrder = (disorders: readonly Disorder[]): Disorder[] => {
  const kinds = Object.keys(WORDS)
  return [...disorders].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
}

/** How much can have been sold when that user got an answer, at so many µs. */
type AtMost = (who: string, us: number) => string

const disorderly = (sale: Sale, ledger: Ledger, disorders: readonly Disorder[], atMost: AtMost): Finding => {
  const [first] = disorders
  const places = first ? placesOf(ledger, first) : []
  const users = [...new Set(disorders.flatMap(({ cases }) => cases.flatMap(([place]) => nameOf(ledger, place))))]
  const details = { users, places, observed: disorders.reduce((sum, { count: n }) => sum + n, 0), expected: 0 }
  if (ledger.expiry !== null && disorders.every(({ kind }) => kind === 'premature-refusal'))
    return inconclusive(ledger.expiry, details)
  const message = disorders.map((disorder) => tell(ledger, disorder, atMost)).join(say`; `)
  return fail(message, {
    ...details,
    drawing: first ? drawCase(ledger.runs, places, WORDS[first.kind].note()) : [],
    next: trySafely(sale),
    hint: first ? WORDS[first.kind].cause() : null,
  })
}

/** The attempts of the first case: what one user did is shown whole. */
const placesOf = ({ runs }: Ledger, { kind, cases }: Disorder): Place[] => {
  const [shown = []] = cases
  const [culprit] = shown
  if (culprit === undefined || kind === 'premature-refusal' || kind === 'oversell') return [...shown]
  const { userIndex } = (runs[culprit.run] as Ledger['runs'][number]).attempts
  const known = new Set(shown.filter(({ run }) => run === culprit.run).map(({ row }) => row))
  const others: Place[] = []
  for (let row = userIndex.indexOf(userIndex[culprit.row] as number); row >= 0; ) {
    if (!known.has(row)) others.push({ run: culprit.run, row })
    row = userIndex.indexOf(userIndex[culprit.row] as number, row + 1)
  }
  return [...shown, ...others]
}

const nameOf = ({ runs }: Ledger, place: Place | undefined): string[] => (place ? [nameAt(runs, place)] : [])

const tell = ({ runs }: Ledger, { kind, count: n, cases }: Disorder, atMost: AtMost): string => {
  const named = [...new Set(cases.flatMap(([place]) => (place ? [nameAt(runs, place)] : [])))]
  const who = named.length === 1 ? say`${nameSome(named)} was` : say`${nameSome(named)} were`
  const sentence = say`${count(n, 'answer')} cannot be true: ${WORDS[kind].told(who)}`
  const place = cases[0]?.[0]
  const span = place && spansOf(runs)[place.run]
  if (kind !== 'premature-refusal' || !place || !span) return sentence
  return say`${sentence} (${atMost(named[0] as string, span.doneUs(place.row))})`
}
