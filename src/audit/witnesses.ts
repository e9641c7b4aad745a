import { count, say, word } from '../language/say.js'
import type { Sale } from '../sale/sale.js'
import { nameSome } from './finding.js'
import { firstOf, type Ledger } from './ledger.js'
import type { View } from './views.js'

/** Units that a witness speaks for: at least `units`, and up to `open` more, where some attempts have no answer. */
export interface Testified {
  /** `told`, `recorded in KEY`, `left the stock`. */
  readonly witness: string
  readonly units: number
  readonly open: number
}

export interface Disagreement {
  readonly between: readonly [string, string]
  /** Units by which they differ, at least; 0 where only the users differ. */
  readonly units: number
  /** Users of whom they say different things; empty where a witness knows none. */
  readonly users: readonly string[]
  readonly message: string
}

export interface Witnesses {
  readonly testified: readonly Testified[]
  readonly disagreements: readonly Disagreement[]
}

/**
 * What clients were told, what each place records, and what left the stock, all since the first run: they have to agree in
 * pairs. A witness that is missing, still moves or cannot be read is left out.
 */
export const witnessesOf = (sale: Sale, views: readonly View[]): Witnesses => {
  const [{ ledger }] = views as [View, ...View[]]
  const { state, runs, acknowledgedUnits, readable, expiry } = ledger
  const start = firstOf(runs)?.header.atStart?.remaining ?? sale.initial
  const told = { witness: 'told', units: acknowledgedUnits, open: sum(ledger, (account) => account.openUnits) }
  const read = readable ? views.filter(isReadable) : []
  const recorded = read.map((view) => ({
    witness: `${RECORDED}${view.input.sale.keys.records}`,
    ...{ units: view.ledger.recordedUnits - (heldIn(view.ledger) ?? sale.initial - start), open: 0 },
  }))
  // Without a stock of its own, what is left was worked out from the records.
  const hasStock = sale.places.stock.type !== 'none'
  const left = { witness: 'left the stock', units: start - (state?.remaining ?? 0), open: 0 }
  const testified = [
    ...(runs.length > 0 ? [told] : []),
    ...recorded,
    ...(hasStock && readable && expiry === null && state?.remaining != null ? [left] : []),
  ]
  const accounts = new Map(read.map((view, i) => [recorded[i]?.witness, view.ledger]))
  const disagreements = pairs(testified).flatMap(([a, b]) => {
    const users = differing(accounts.get(a.witness), accounts.get(b.witness))
    const units = Math.max(0, a.units - b.units - b.open, b.units - a.units - a.open)
    return units === 0 && users.length === 0 ? [] : [disagreement(a, b, units, users)]
  })
  return { testified, disagreements }
}

/** Units recorded before the first run; null where that is not known of every user. */
const heldIn = ({ baseline }: Ledger): number | null => {
  let units = 0
  for (const held of baseline?.values() ?? [null]) {
    if (held === null) return null
    units += held
  }
  return units
}

const isReadable = ({ ledger }: View): boolean =>
  ledger.state?.records.every(({ unreadable }) => unreadable.length === 0) ?? false

const sum = (ledger: Ledger, units: (account: { openUnits: number }) => number): number => {
  let total = 0
  for (const account of ledger.accounts.values()) total += units(account)
  return total
}

const pairs = <T>(items: readonly T[]): [T, T][] =>
  items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]))

/** Users who hold other units in one place than in the other. */
const differing = (a: Ledger | undefined, b: Ledger | undefined): string[] => {
  if (a === undefined || b === undefined) return []
  const unitsIn = (ledger: Ledger, user: string) => ledger.accounts.get(user)?.recordedUnits ?? 0
  const users: string[] = []
  for (const user of a.accounts.keys()) if (unitsIn(a, user) !== unitsIn(b, user)) users.push(user)
  for (const user of b.accounts.keys()) if (!a.accounts.has(user) && unitsIn(b, user) !== 0) users.push(user)
  return users
}

const disagreement = (a: Testified, b: Testified, units: number, users: readonly string[]): Disagreement => {
  const apart = say`${spell(a)}, ${spell(b)}: ${units} apart`
  return {
    between: [a.witness, b.witness],
    ...{ units, users },
    message:
      users.length === 0 ? apart : say`${apart}; they differ about ${count(users.length, 'user')}: ${nameSome(users)}`,
  }
}

const spell = ({ witness, units, open }: Testified): string =>
  `${inWords(witness)} ${open > 0 ? say`${units} to ${units + open}` : units}`

const RECORDED = 'recorded in '

/** A witness by its name, for people. */
const inWords = (witness: string): string =>
  witness.startsWith(RECORDED) ? say`recorded in ${witness.slice(RECORDED.length)}` : word(witness)
