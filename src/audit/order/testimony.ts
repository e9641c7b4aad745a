import type { Run } from '../../history/run.js'
import { OUTCOMES, type Outcome } from '../../sale/outcome.js'
import { userNamer } from '../../sale/usernames.js'
import { type Span, spansOf } from './spans.js'

/** What an answer says about the order of things. The others say nothing. */
export const KIND = { none: 0, sold: 1, open: 2, replayed: 3, duplicate: 4, refused: 5 } as const

const KIND_OF: Partial<Record<Outcome, number>> = {
  sold: KIND.sold,
  unknown: KIND.open,
  queued: KIND.open,
  replayed: KIND.replayed,
  already_bought: KIND.duplicate,
  insufficient_stock: KIND.refused,
  sold_out: KIND.refused,
}
const KINDS = Uint8Array.from(OUTCOMES, (outcome) => KIND_OF[outcome] ?? KIND.none)
const SOLD_OUT = OUTCOMES.indexOf('sold_out')

/** The attempts of those who bought, may have, or were told that they had: in columns, those of a user side by side. */
export interface Entries {
  /** Entries of user `u` are `starts[u] ≤ i < starts[u + 1]`. */
  readonly starts: Uint32Array
  readonly kind: Uint8Array
  /** Units asked for; of a refusal, the units that it claims are not there. */
  readonly quantity: Uint16Array
  readonly sentUs: Float64Array
  readonly doneUs: Float64Array
  readonly run: Uint16Array
  readonly row: Uint32Array
}

/** An attempt, by the position of its run and its row there. */
export interface Place {
  readonly run: number
  readonly row: number
}

export const placeOf = ({ run, row }: Entries, i: number): Place => ({ run: run[i] as number, row: row[i] as number })

/** Entries `from` ≤ i < `to` of some kinds. */
export const ofKinds = ({ kind }: Entries, from: number, to: number, ...kinds: readonly number[]): number[] => {
  const found: number[] = []
  for (let i = from; i < to; i++) if (kinds.includes(kind[i] as number)) found.push(i)
  return found
}

/** The earliest answer that claims that fewer than some number of units are left. */
export interface Refusal {
  readonly doneUs: number
  readonly place: Place
}

/** Everything in some runs that bears on the order of their answers. */
export interface Testimony {
  readonly runs: readonly Run[]
  readonly spans: readonly Span[]
  readonly entries: Entries
  /** Answers that an order has to explain. */
  readonly claims: number
  /** By the units that they claim are not there: of refusals that claim alike, the earliest is the hardest to explain. */
  readonly refusals: ReadonlyMap<number, Refusal>
}

/** Units that a refusal claims are not there, 0 for other answers. A strict shop says "sold out" only where nothing is. */
export const claimOf = ({ header, attempts }: Run, row: number): number => {
  const outcome = attempts.outcome[row] as number
  if (KINDS[outcome] !== KIND.refused) return 0
  return header.strictSoldOut && outcome === SOLD_OUT ? 1 : Math.max(1, attempts.quantity[row] as number)
}

/** Reads runs in passes over their columns, so that ten million refusals cost time but no memory. */
export const testimonyOf = (runs: readonly Run[]): Testimony => {
  const spans = spansOf(runs)
  const userOf = userKeys(runs)
  const numbers = numbersFor(runs)
  const sizes: number[] = []
  const refusals = new Map<number, Refusal>()
  let claims = 0
  each(runs, (kind, run, row) => {
    if (kind === KIND.duplicate || kind === KIND.replayed || kind === KIND.refused) claims++
    if (kind !== KIND.refused) count(userOf(run, row), numbers, sizes)
    else keepEarliest(refusals, claimOf(runs[run] as Run, row), (spans[run] as Span).doneUs(row), () => ({ run, row }))
  })
  // What a refusal says about its own user matters only where duplicates come first, and only of those who are known by now.
  const known = (kind: number, run: number, row: number) =>
    kind !== KIND.refused || ((runs[run] as Run).header.duplicatesFirst === true && numbers.has(userOf(run, row)))
  if (runs.some(({ header }) => header.duplicatesFirst)) {
    each(runs, (kind, run, row) => {
      if (kind === KIND.refused && known(kind, run, row)) count(userOf(run, row), numbers, sizes)
    })
  }
  const entries = emptyEntries(sizes)
  const next = entries.starts.slice()
  each(runs, (kind, run, row) => {
    if (!known(kind, run, row)) return
    const user = numbers.get(userOf(run, row)) as number
    const i = next[user] as number
    next[user] = i + 1
    const span = spans[run] as Span
    entries.kind[i] = kind
    entries.quantity[i] = claimOf(runs[run] as Run, row) || ((runs[run] as Run).attempts.quantity[row] as number)
    entries.sentUs[i] = span.sentUs(row)
    entries.doneUs[i] = span.doneUs(row)
    entries.run[i] = run
    entries.row[i] = row
  })
  return { runs, spans, entries, claims, refusals }
}

type Visit = (kind: number, run: number, row: number) => void

/** Every attempt that says something. */
export const each = (runs: readonly Run[], visit: Visit): void => {
  for (const [run, { attempts }] of runs.entries()) {
    for (let row = 0; row < attempts.length; row++) {
      const kind = KINDS[attempts.outcome[row] as number] as number
      if (kind !== KIND.none) visit(kind, run, row)
    }
  }
}

/** Whether one number is one user in all runs. */
const namedAlike = (runs: readonly Run[]): boolean =>
  new Set(runs.map(({ header }) => JSON.stringify(header.users))).size <= 1

/** What tells users apart: their numbers, as long as all runs name them alike; else their names. */
const userKeys = (runs: readonly Run[]): ((run: number, row: number) => number | string) => {
  const indexOf = (run: number, row: number) => (runs[run] as Run).attempts.userIndex[row] as number
  if (namedAlike(runs)) return indexOf
  const namers = runs.map(({ header }) => userNamer(header.users))
  return (run, row) => (namers[run] as (index: number) => string)(indexOf(run, row))
}

/** Numbers of users, by what tells them apart. */
interface Numbers {
  get(user: number | string): number | undefined
  has(user: number | string): boolean
  set(user: number | string, number: number): unknown
}

/** Where users are told apart by numbers that lie close, a column is a tenth of the time and memory of a map. */
const numbersFor = (runs: readonly Run[]): Numbers => {
  let [attempts, most] = [0, 0]
  for (const run of runs) {
    attempts += run.attempts.length
    for (const index of run.attempts.userIndex) if (index > most) most = index
  }
  return namedAlike(runs) && most < SPARSE * attempts + 1_000 ? new Column(most + 1) : new Map()
}

const SPARSE = 8

class Column implements Numbers {
  /** One more than the number; 0: none yet. */
  readonly #numbers: Uint32Array

  constructor(length: number) {
    this.#numbers = new Uint32Array(length)
  }

  get(user: number): number | undefined {
    const number = this.#numbers[user] as number
    return number === 0 ? undefined : number - 1
  }

  has(user: number): boolean {
    return this.#numbers[user] !== 0
  }

  set(user: number, number: number): void {
    this.#numbers[user] = number + 1
  }
}

const count = (user: number | string, numbers: Numbers, sizes: number[]): void => {
  const known = numbers.get(user)
  if (known !== undefined) sizes[known] = (sizes[known] as number) + 1
  else numbers.set(user, sizes.push(1) - 1)
}

const keepEarliest = (refusals: Map<number, Refusal>, units: number, doneUs: number, place: () => Place): void => {
  const earliest = refusals.get(units)
  if (earliest === undefined || doneUs < earliest.doneUs) refusals.set(units, { doneUs, place: place() })
}

const emptyEntries = (sizes: readonly number[]): Entries => {
  const starts = new Uint32Array(sizes.length + 1)
  for (let user = 0; user < sizes.length; user++) starts[user + 1] = (starts[user] as number) + (sizes[user] as number)
  const length = starts[sizes.length] as number
  return {
    starts,
    kind: new Uint8Array(length),
    quantity: new Uint16Array(length),
    sentUs: new Float64Array(length),
    doneUs: new Float64Array(length),
    run: new Uint16Array(length),
    row: new Uint32Array(length),
  }
}
