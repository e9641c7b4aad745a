import { count, say } from '../../language/say.js'
import { outcomeCode } from '../../sale/outcome.js'
import { type Finding, fail, inconclusive, lookUp, nameSome, pass, type Rule, untested } from '../finding.js'
import { followedIn } from '../followed.js'
import { forEachAttempt, gained, type Ledger, owed } from '../ledger.js'

const QUEUED = outcomeCode('queued')

/** What an order that was accepted came to: `sold` needs its record, a refusal none; one of which nothing was heard is known by a new record alone. */
export const queuedIsDecided: Rule = {
  id: 'queued-is-decided',
  needs: ['store', 'run'],
  check: (sale, ledger) => {
    const { sold, refused } = followedIn(ledger.runs)
    const unheard = unheardIn(ledger)
    const undecided = new Set([...unheard.keys()].filter((user) => !unheard.get(user)))
    const decisions = sold.size + refused.size + unheard.size - undecided.size
    if (decisions === 0 && undecided.size === 0) return untested(say`nobody was told "queued"`)
    const keys = [sale.keys.records]
    const short = [...sold].filter((user) => isShort(ledger, user))
    const lost = short.filter((user) => (ledger.accounts.get(user)?.unreadableOrders ?? 0) === 0)
    const kept = [...refused].filter((user) => holdsUnexplained(ledger, user))
    const givenUp = jobsGivenUp(ledger, refused)
    const users = [...new Set([...lost, ...kept, ...givenUp.flatMap(({ user }) => user ?? [])])]
    const parts = [
      ...(lost.length > 0 ? [say`accepted, decided "sold", and not recorded: ${nameSome(lost)}`] : []),
      ...(kept.length > 0 ? [say`accepted, refused in the end, and recorded nevertheless: ${nameSome(kept)}`] : []),
      ...(givenUp.length > 0
        ? [say`${count(givenUp.length, 'job was', 'jobs were')} given up: ${nameSome(givenUp.map(jobName))}`]
        : []),
    ]
    const details = { users, keys, observed: parts.length === 0 ? undecided.size : users.length, expected: 0 }
    if (parts.length > 0) {
      const hint = say`a worker has to record an order and decide it in one step, and a job that fails has to give back what was reserved`
      // Nobody knows what an older record or a missing attempt explains.
      const isProved = lost.length > 0 || (ledger.baseline !== null && ledger.gap === null)
      const next = users[0] === undefined ? null : lookUp(sale, users[0])
      return (isProved ? fail : inconclusive)(parts.join(say`; `), { ...details, hint, next })
    }
    if (short.length > 0)
      return inconclusive(say`the records of ${nameSome(short)} cannot be read`, { ...details, users: short })
    return undecided.size > 0
      ? notFollowed(ledger, undecided, details)
      : pass(say`each of ${count(decisions, 'buyer')} who waited was decided as it is recorded`, details)
  },
}

/** Users with an attempt that was accepted, of which no decision was heard; whether a record shows what it came to. */
const unheardIn = (ledger: Ledger): Map<string, boolean> => {
  const users = new Map<string, boolean>()
  const isQueued = ({ attempts }: Ledger['runs'][number], row: number) => attempts.outcome[row] === QUEUED
  forEachAttempt(ledger.runs, isQueued, (user) => {
    const account = ledger.accounts.get(user)
    users.set(user, ledger.baseline !== null && account !== undefined && gained(ledger, user, account))
  })
  return users
}

const isShort = (ledger: Ledger, user: string): boolean => {
  const account = ledger.accounts.get(user)
  return account !== undefined && (owed(ledger, user, account) > 0 || account.recordedOrders === 0)
}

/** A record that no answer explains. */
const holdsUnexplained = (ledger: Ledger, user: string): boolean => {
  const account = ledger.accounts.get(user)
  return account !== undefined && account.soldOrders + account.openOrders === 0 && gained(ledger, user, account)
}

/** Jobs that failed, of buyers who are neither recorded nor know that they were refused. */
const jobsGivenUp = ({ state, accounts }: Ledger, refused: ReadonlySet<string>) =>
  (state?.failedJobs ?? []).filter(
    ({ user }) => user === null || (!refused.has(user) && (accounts.get(user)?.recordedOrders ?? 0) === 0),
  )

const jobName = ({ id, user }: { readonly id: string; readonly user: string | null }): string =>
  user === null ? id : `${id} (${user})`

const notFollowed = (ledger: Ledger, undecided: ReadonlySet<string>, details: object): Finding => {
  const users = [...undecided]
  const recorded = users.filter((user) => (ledger.accounts.get(user)?.recordedOrders ?? 0) > 0).length
  return inconclusive(
    say`what ${count(users.length, 'buyer')} who waited came to was not heard, ${recorded} of them are recorded: ${nameSome(users)}`,
    { ...details, users, hint: say`follow queued attempts with blast --poll, or longer with --poll-timeout` },
  )
}
