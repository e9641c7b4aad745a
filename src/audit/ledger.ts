import type { Run } from '../history/run.js'
import { say } from '../language/say.js'
import type { FinalState, RecordSource } from '../sale/final-state.js'
import { outcomeCode } from '../sale/outcome.js'
import { userNamer } from '../sale/usernames.js'
import { type Account, Accounts } from './accounts.js'

export type { Account } from './accounts.js'

/** Everything the rules look at, gathered in one pass over records and runs. */
export interface Ledger {
  readonly state: FinalState | null
  /** That the stock key's lifetime is over, in words; null while it lives. */
  readonly expiry: string | null
  readonly runs: readonly Run[]
  /** Records were read, and stood still: what they lack is missing. */
  readonly readable: boolean
  /** Who held a record before the first run, and of how many units (null: not known); null where nobody knows. */
  readonly baseline: ReadonlyMap<string, number | null> | null
  /** Why attempts are missing: a run has no end, or its log is gone; null where none are. */
  readonly gap: string | null
  /** Users who hold a record or may have bought something. Others were only refused. */
  readonly accounts: ReadonlyMap<string, Account>
  readonly recordedUnits: number
  readonly acknowledgedUnits: number
  readonly attempts: number
  /** Those that reached the sale: neither throttled nor unsent. */
  readonly sentAttempts: number
  readonly soldOrders: number
  readonly unknownAttempts: number
  /** Units asked for by attempts that got an answer which no rule understands: perhaps "sold". */
  readonly unreadUnits: number
  /** Attempts whose answer is understood, and attempts that got one which is not. */
  readonly understoodAttempts: number
  readonly unreadAttempts: number
  /** Units asked for in all attempts, the most that could have been sold. */
  readonly demandedUnits: number
  /** Some user tried more than once. */
  readonly repeatedUsers: boolean
}

const SOLD = outcomeCode('sold')
const UNKNOWN = outcomeCode('unknown')
/** What never reached the sale puts no rule to the test. */
const TURNED_AWAY = new Set([outcomeCode('not_sent'), outcomeCode('throttled')])
const OPEN = new Set([UNKNOWN, outcomeCode('queued'), outcomeCode('replayed')])

export const buildLedger = (
  state: FinalState | null,
  runs: readonly Run[],
  expiry: string | null = null,
  moving: string | null = null,
  gap: string | null = null,
): Ledger => {
  const accounts = new Accounts()
  const totals = {
    recordedUnits: 0,
    acknowledgedUnits: 0,
    attempts: 0,
    sentAttempts: 0,
    soldOrders: 0,
    unknownAttempts: 0,
    unreadUnits: 0,
    understoodAttempts: 0,
    unreadAttempts: 0,
    demandedUnits: 0,
  }
  for (const source of state?.records ?? []) totals.recordedUnits += addRecords(source, accounts)
  for (const run of runs) addRun(run, accounts, totals)
  return {
    state,
    expiry,
    readable: state !== null && state.recordsProblem === null && moving === null,
    baseline: baselineOf(runs, state?.records[0]?.key),
    runs,
    gap: runs.some((run) => run.footer === null) ? say`a run log ends early, so attempts are missing` : gap,
    accounts: accounts.byUser,
    ...totals,
    repeatedUsers: runs.some(hasRepeats) || usersMeetAgain(runs),
  }
}

/** Adds the records of one source; their units. */
const addRecords = (source: RecordSource, accounts: Accounts): number => {
  // The fields of a hash are distinct: in an empty map there is nothing to look up, a million times.
  const allNew = accounts.byUser.size === 0 && source.distinct
  let sum = 0
  for (let i = 0; i < source.users.length; i++) {
    const user = source.users[i] as string
    const units = source.quantities[i] as number
    if (Number.isNaN(units)) accounts.note(user, 'unreadable', 0, allNew)
    else {
      accounts.note(user, 'record', units, allNew)
      sum += units
    }
  }
  return sum
}

const addRun = (
  run: Run,
  accounts: Accounts,
  totals: {
    acknowledgedUnits: number
    attempts: number
    sentAttempts: number
    soldOrders: number
    unknownAttempts: number
    unreadUnits: number
    understoodAttempts: number
    unreadAttempts: number
    demandedUnits: number
  },
): void => {
  const { attempts } = run
  const nameOf = userNamer(run.header.users)
  totals.attempts += attempts.length
  for (let row = 0; row < attempts.length; row++) {
    const outcome = attempts.outcome[row] as number
    const quantity = attempts.quantity[row] as number
    if (TURNED_AWAY.has(outcome)) continue
    totals.sentAttempts++
    totals.demandedUnits += quantity
    if (outcome !== UNKNOWN) totals.understoodAttempts++
    else if ((attempts.status[row] as number) > 0) totals.unreadAttempts++
    if (outcome !== SOLD && !OPEN.has(outcome)) continue
    const user = nameOf(attempts.userIndex[row] as number)
    if (outcome === SOLD) {
      accounts.note(user, 'sold', quantity)
      totals.soldOrders++
      totals.acknowledgedUnits += quantity
    } else {
      const unread = outcome === UNKNOWN && isAnswer(attempts.status[row] as number)
      accounts.note(user, unread ? 'unread' : 'open', quantity)
      if (outcome === UNKNOWN) totals.unknownAttempts++
      if (unread) totals.unreadUnits += quantity
    }
  }
}

/** A 2xx or 3xx says something to the buyer; a 5xx says that it failed. */
const isAnswer = (status: number): boolean => status >= 200 && status < 400

const hasRepeats = ({ attempts }: Run): boolean =>
  attempts.copy.some((copy, row) => copy > 0 && !TURNED_AWAY.has(attempts.outcome[row] as number))

const baselineOf = (runs: readonly Run[], key = ''): Ledger['baseline'] => {
  const start = firstOf(runs)?.header.atStart
  if (!start || (start.users === null && start.records > 0)) return null
  const units = start.units?.[key]
  return new Map(start.users?.map((user, i) => [user, units?.[i] ?? null]))
}

/** Units that a user held before the first run: the fewest and the most that these may have been. */
export const heldBefore = ({ baseline }: Ledger, user: string): { least: number; most: number } => {
  const held = baseline?.get(user)
  return { least: held ?? 0, most: held === null ? Number.POSITIVE_INFINITY : (held ?? 0) }
}

/** Units that a user was told and no record shows, on top of those held before. */
export const owed = (ledger: Ledger, user: string, { soldUnits, recordedUnits }: Account): number =>
  soldUnits + heldBefore(ledger, user).least - recordedUnits

/** The user holds more than before the first run, as far as that is known. */
export const gained = (ledger: Ledger, user: string, { recordedOrders, recordedUnits }: Account): boolean =>
  ledger.baseline?.has(user) ? recordedUnits > heldBefore(ledger, user).most : recordedOrders > 0

/** The run that began first. */
export const firstOf = (runs: readonly Run[]): Run | undefined =>
  [...runs].sort((a, b) => a.header.startedAt.localeCompare(b.header.startedAt))[0]

/** Two runs named their users alike: the same seed again, or the same given name. */
const usersMeetAgain = (runs: readonly Run[]): boolean => {
  const firstNames = runs.filter((run) => run.attempts.length > 0).map((run) => userNamer(run.header.users)(0))
  return new Set(firstNames).size < firstNames.length
}

/** Why the stock cannot be told. */
export const stockProblem = ({ state, expiry }: Ledger): string =>
  [state?.stockProblem ?? say`the stock cannot be read`, expiry].filter((part) => part !== null).join(say`; `)

/** Users in the order of the map for whom `test` holds. */
export const usersWhere = (ledger: Ledger, test: (account: Account, user: string) => boolean): string[] => {
  const users: string[] = []
  for (const [user, account] of ledger.accounts) if (test(account, user)) users.push(user)
  return users
}

/** Calls `visit` for every attempt with its user's name: the slow way, for the few rules that ask about refusals. */
export const forEachAttempt = (
  runs: readonly Run[],
  wanted: (run: Run, row: number) => boolean,
  visit: (user: string, run: Run, row: number) => void,
): void => {
  for (const run of runs) {
    const nameOf = userNamer(run.header.users)
    for (let row = 0; row < run.attempts.length; row++) {
      if (wanted(run, row)) visit(nameOf(run.attempts.userIndex[row] as number), run, row)
    }
  }
}
