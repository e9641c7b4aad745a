// The order check beside a search of every order (Wing and Gong, with Lowe's memory), from the tests' own helpers:
//   node bench/wing-gong.mjs                  how both grow with concurrent clients, on a right and a wrong history
//   node bench/wing-gong.mjs 1000000 [seed]   how often they disagree on that many random small histories (goal: never)
import { createViteServer } from 'vitest/node'

const MAX_STEPS = 1_000_000
const ROUNDS = 6

const vite = await createViteServer({
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, watch: null },
})
const { isLinearizable } = await vite.ssrLoadModule('/test/helpers/wing-gong.ts')
const { checkSmall, smallHistory } = await vite.ssrLoadModule('/test/helpers/small-histories.ts')

/** In every round each client tries to buy a unit, all at the same time; the last round is refused. */
const busy = (clients, stockLie) => {
  const sold = clients * (ROUNDS - 1)
  const ops = Array.from({ length: clients * ROUNDS }, (_, i) => {
    const round = Math.floor(i / clients)
    const outcome = i < sold ? 'sold' : 'sold_out'
    return { user: i, quantity: 1, outcome, sent: round * 10 + (i % 3), done: round * 10 + 5 + (i % 4) }
  })
  return {
    ops,
    stock: sold + stockLie,
    perUser: { orders: 1, units: 1 },
    strictSoldOut: false,
    duplicatesFirst: false,
    recorded: null,
  }
}

const milliseconds = (work) => {
  const start = performance.now()
  work()
  return performance.now() - start
}

const growth = () => {
  for (let i = 0; i < 1_000; i++) checkSmall(busy(4, i % 2))
  console.log(`clients  attempts  history  every order: steps, ms        canonical order: ms`)
  for (let clients = 4; clients <= 16; clients += 2) {
    for (const lie of [0, 1]) {
      const history = busy(clients, lie)
      const counter = { steps: 0, most: MAX_STEPS }
      let verdict
      const search = milliseconds(() => {
        verdict = isLinearizable(history, counter)
      })
      let answer
      const ours = milliseconds(() => {
        answer = checkSmall(history)
      })
      if (verdict !== undefined && verdict !== (answer.disorders.length === 0)) throw new Error('they disagree')
      const steps = verdict === undefined ? `> ${MAX_STEPS} (stopped)` : String(counter.steps)
      const row = [clients, history.ops.length, lie ? 'wrong' : 'right', steps, search.toFixed(1), ours.toFixed(2)]
      console.log(row.map((cell, i) => String(cell).padStart([7, 9, 8, 20, 12, 10][i])).join(' '))
    }
  }
}

const disagreements = (count, seed) => {
  const tally = { right: 0, wrong: 0, undecided: 0, disagreements: 0 }
  for (let i = 0; i < count; i++) {
    const history = smallHistory(seed + i)
    const { disorders, undecided } = checkSmall(history)
    const right = isLinearizable(history)
    if (undecided) tally.undecided++
    else if (right === (disorders.length === 0)) tally[right ? 'right' : 'wrong']++
    else {
      tally.disagreements++
      console.log(`SEED=${seed + i} HISTORIES=1 npx vitest run test/property/order.test.ts`)
    }
  }
  console.log(`${count} histories from seed ${seed}:`, tally)
}

const [count, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number)
if (count) disagreements(count, seed)
else growth()
await vite.close()
