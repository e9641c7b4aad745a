/** One user's side of the story: what is recorded, and what the user was told. Units are summed over orders. */
export interface Account {
  readonly recordedOrders: number
  readonly recordedUnits: number
  readonly soldOrders: number
  readonly soldUnits: number
  /** Attempts that may have bought: unknown, queued, told again. */
  readonly openOrders: number
  readonly openUnits: number
  /** Of the open ones: a definite answer came, and nobody knows what it says. */
  readonly unreadOrders: number
  /** Records whose quantity cannot be read; they count as orders, not as units. */
  readonly unreadableOrders: number
}

/** What happens to an account: how each event of so many units changes it. */
const EVENTS = {
  record: (a: Account, units: number) => ({
    recordedOrders: a.recordedOrders + 1,
    recordedUnits: a.recordedUnits + units,
  }),
  unreadable: (a: Account) => ({
    recordedOrders: a.recordedOrders + 1,
    unreadableOrders: a.unreadableOrders + 1,
  }),
  sold: (a: Account, units: number) => ({ soldOrders: a.soldOrders + 1, soldUnits: a.soldUnits + units }),
  open: (a: Account, units: number) => ({ openOrders: a.openOrders + 1, openUnits: a.openUnits + units }),
  unread: (a: Account, units: number) => ({
    openOrders: a.openOrders + 1,
    openUnits: a.openUnits + units,
    unreadOrders: a.unreadOrders + 1,
  }),
}

type Event = keyof typeof EVENTS

const NOTHING: Account = {
  recordedOrders: 0,
  recordedUnits: 0,
  soldOrders: 0,
  soldUnits: 0,
  openOrders: 0,
  openUnits: 0,
  unreadOrders: 0,
  unreadableOrders: 0,
}

/** Units of everyday orders. Beyond them accounts are made one by one. */
const EVERYDAY = 1_000

/**
 * Accounts by user. Most users of a sale have the same one (a unit recorded, a unit sold): accounts do not change, and users
 * with the same story share one, so that a million buyers cost a million names and little more.
 */
export class Accounts {
  readonly byUser = new Map<string, Account>()
  /** What became of an account by an event, by the event and its units. */
  readonly #next: Record<Event, Map<Account, Account[]>> = {
    record: new Map(),
    unreadable: new Map(),
    sold: new Map(),
    open: new Map(),
    unread: new Map(),
  }

  /** `isNew`: the caller knows that the user has no account yet. */
  note(user: string, event: Event, units: number, isNew = false): void {
    const before = isNew ? NOTHING : (this.byUser.get(user) ?? NOTHING)
    this.byUser.set(user, this.#after(before, event, units))
  }

  #after(before: Account, event: Event, units: number): Account {
    const after = () => ({ ...before, ...EVENTS[event](before, units) })
    if (!(units >= 0 && units < EVERYDAY)) return after()
    const known = this.#next[event].get(before) ?? []
    if (known.length === 0) this.#next[event].set(before, known)
    known[units] ??= after()
    return known[units]
  }
}
