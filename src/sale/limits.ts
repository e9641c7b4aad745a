type Bounds = readonly [min: number, max: number]

/** The bounds of whole numbers, both included: for flags and sale file alike. */
export const LIMITS = {
  /** Units for sale. */
  stock: [1, 10_000_000],
  /** Units that one user may hold. */
  unitsPerUser: [1, 1_000],
  users: [1, 1_000_000_000],
  concurrency: [1, 100_000],
  /** All that a JavaScript number holds exactly. */
  seed: [0, Number.MAX_SAFE_INTEGER],
} as const satisfies Record<string, Bounds>
