/** One wish to buy: `quantity` whole units for `user`. */
export interface Purchase {
  readonly user: string
  readonly quantity: number
}

/** Whether a quantity may be asked for at all: a whole number in 1..limit. */
export const isQuantity = (quantity: number, limit: number): boolean =>
  Number.isInteger(quantity) && quantity >= 1 && quantity <= limit
