/** `users[i]` has `quantities[i]` units (NaN: unreadable). */
export interface UnitsOfUsers {
  readonly users: readonly string[]
  readonly quantities: ArrayLike<number>
}

/** Orders of one strategy that workers decided as sold, a row each. */
export interface SoldOrders extends UnitsOfUsers {
  readonly strategy: string
  /** Whether it takes the units at the door, and leaves a claim. */
  readonly reserves: boolean
}

/** What the sale's own queue says of the orders of this seeding. */
export interface OrderBook {
  /** Why it cannot be read (a key of another type); null where it was. */
  readonly problem: string | null
  /** Units that accepted orders took at the door. */
  readonly reserved: UnitsOfUsers | null
  readonly sold: readonly SoldOrders[]
  /** Orders that workers decided otherwise. */
  readonly refused: number
  /** Users of orders that were given up, a row each; null where the job does not tell. */
  readonly givenUp: readonly (string | null)[]
  /** Finished jobs of other seedings of the sale. */
  readonly ofOtherSeedings: number
  /** Finished jobs in which no order can be read; at most 20 of them named. */
  readonly unreadable: readonly string[]
  readonly unreadableCount: number
}
