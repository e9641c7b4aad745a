import { count, say } from '../../language/say.js'
import type { OrderBook } from '../../sale/order-book.js'
import type { Sale } from '../../sale/sale.js'
import { type Finding, fail, inconclusive, lookUp, nameSome, pass, type Rule, untested } from '../finding.js'
import type { Account, Ledger } from '../ledger.js'
import { ordersByUser, type UserOrders } from '../orders.js'

/** What can be wrong with a user's orders, from worst to least: each user is named once. */
const FAULTS = ['lost', 'given-up', 'unrecorded', 'twice', 'other-units', 'unclaimed', 'undecided'] as const

type Fault = (typeof FAULTS)[number]

/** The books of the sale's own queue: what was reserved is sold by one job, and recorded as it was reserved. */
export const reservedIsRecorded: Rule = {
  id: 'reserved-is-recorded',
  needs: ['store'],
  check: (sale, ledger) => {
    const book = ledger.state?.orders
    if (book === undefined) return untested(say`no order went through the sale’s own queue`)
    const keys = [sale.keys.claims, sale.keys.jobs, sale.keys.records]
    if (book.problem !== null) return inconclusive(say`the queue cannot be read: ${book.problem}`, { keys })
    const { orders, faults, unreadable } = examine(sale, ledger, book)
    if (faults.size > 0) return accuse(sale, faults, keys)
    if (unreadable.length > 0 || book.unreadableCount > 0) {
      const names = [...unreadable, ...book.unreadable]
      const inAll = unreadable.length + book.unreadableCount
      return inconclusive(say`orders that cannot be read: ${nameSome(names, inAll)}`, { keys, users: unreadable })
    }
    if (orders === 0) return untested(say`no order of the queue was sold`, { keys })
    const details = { keys, observed: 0, expected: 0 }
    return pass(say`each of ${count(orders, 'queued order')} is sold once, and recorded as it was sold`, details)
  },
}

interface Culprits {
  readonly users: string[]
  units: number
}

const examine = (sale: Sale, ledger: Ledger, book: OrderBook) => {
  const givenUp = new Set(book.givenUp)
  const faults = new Map<Fault, Culprits>()
  const unreadable: string[] = []
  const known = { perUser: sale.perUser.orders, allJobsRead: book.unreadableCount === 0 }
  let orders = 0
  for (const of of ordersByUser(book)) {
    orders++
    const account = ledger.accounts.get(of.user)
    const fault = faultIn(of, account, { ...known, givenUp: givenUp.has(of.user) })
    if (fault === 'unreadable') unreadable.push(of.user)
    else if (fault !== null) {
      const culprits = faults.get(fault) ?? { users: [], units: 0 }
      culprits.users.push(of.user)
      culprits.units += of.reserved ?? of.jobUnits
      faults.set(fault, culprits)
    }
  }
  return { orders, faults, unreadable }
}

/** What else there is to know of a user. */
interface Known {
  readonly givenUp: boolean
  /** Orders that a user may have. */
  readonly perUser: number
  /** No job is there that might be anybody's. */
  readonly allJobsRead: boolean
}

const faultIn = (
  { reserved, jobs, jobUnits, needsClaim }: UserOrders,
  account: Account | undefined,
  { givenUp, perUser, allJobsRead }: Known,
): Fault | 'unreadable' | null => {
  if (Number.isNaN(reserved)) return 'unreadable'
  if (account === undefined || account.recordedOrders === 0)
    return jobs > 0 ? 'unrecorded' : givenUp ? 'given-up' : 'lost'
  if (jobs > perUser) return 'twice'
  if (account.unreadableOrders > 0) return 'unreadable'
  const units = account.recordedUnits
  if ((reserved !== null && reserved !== units) || (jobs > 0 && jobUnits !== units)) return 'other-units'
  if (needsClaim && reserved === null) return 'unclaimed'
  return jobs === 0 && allJobsRead ? 'undecided' : null
}

const accuse = (sale: Sale, faults: ReadonlyMap<Fault, Culprits>, keys: readonly string[]): Finding => {
  const found = FAULTS.flatMap((fault) => {
    const culprits = faults.get(fault)
    return culprits === undefined ? [] : [{ fault, culprits }]
  })
  const users = found.flatMap(({ culprits }) => culprits.users)
  return fail(found.map(({ fault, culprits }) => tell(fault, culprits)).join(say`; `), {
    ...{ users, keys, observed: users.length, expected: 0 },
    hint: hintOf((found[0] as (typeof found)[number]).fault),
    next: lookUp(sale, users[0] as string),
  })
}

const tell = (fault: Fault, { users, units }: Culprits): string => {
  const [amount, names] = [count(units, 'unit'), nameSome(users)]
  switch (fault) {
    case 'lost':
      return say`${amount} reserved for orders that no job knows, and not recorded: ${names}`
    case 'given-up':
      return say`${amount} reserved for orders whose jobs were given up, and not recorded: ${names}`
    case 'unrecorded':
      return say`${amount} sold by jobs and not recorded: ${names}`
    case 'twice':
      return say`sold by more jobs than a user may have orders: ${names}`
    case 'other-units':
      return say`recorded with other units than were reserved or sold: ${names}`
    case 'unclaimed':
      return say`sold by a job, though nothing was reserved: ${names}`
    case 'undecided':
      return say`reserved and recorded, though no job sold it: ${names}`
  }
}

const hintOf = (fault: Fault): string => {
  switch (fault) {
    case 'lost':
      return say`a process died between taking the units and enqueuing the order: write the order down in the script that takes them, as queue does`
    case 'given-up':
      return say`a job that fails for good has to give back what was reserved; its reason: seckill status --json`
    case 'unrecorded':
      return say`the job was called done before its record was written, or the record was lost: record first, then finish the job`
    case 'twice':
    case 'other-units':
      return say`two workers decided orders of one user at once, each by what it saw before: decide and record in one script`
    case 'unclaimed':
    case 'undecided':
      return say`somebody beside the workers wrote or removed claims, jobs or records`
  }
}
