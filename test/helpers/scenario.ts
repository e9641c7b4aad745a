/** A sale of five by our own shop, small enough for a test; `more` is further sections. */
export const smallSale = (strategy: string, more = ''): string => `
sale: { id: small, stock: { type: string-down, initial: 5 }, records: [{ type: hash }] }
target:
  url: http://127.0.0.1:{port}/buy/${strategy}
  start: seckill serve --port {port}
load: { users: 40, concurrency: 20, quantity: 1, seed: 7 }
${more}
`

/** Two buyers of the last unit. */
export const RACE = 'race: { users: 2, stock: 1, quantity: 1 }'
