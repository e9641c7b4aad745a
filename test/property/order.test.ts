import { describe, expect, it } from 'vitest'
import { checkSmall, smallHistory } from '../helpers/small-histories.js'
import { isLinearizable } from '../helpers/wing-gong.js'

const HISTORIES = Number(process.env.HISTORIES ?? 100_000)

/** Others are tried with SEED=… and HISTORIES=…: bench/wing-gong.mjs tries a million. */
const SEED = Number(process.env.SEED ?? 20261111)

describe(`the order check and a search of every order (SEED=${SEED})`, () => {
  it(`agree on ${HISTORIES} random histories`, { timeout: 300_000 }, () => {
    const tally = { right: 0, wrong: 0, undecided: 0 }
    for (let i = 0; i < HISTORIES; i++) {
      const history = smallHistory(SEED + i)
      const { disorders, undecided } = checkSmall(history)
      const right = isLinearizable(history)
      if (undecided) tally.undecided++
      else if (right !== (disorders.length === 0)) {
        const found = disorders.map(({ kind }) => kind).join() || 'nothing'
        expect.fail(`SEED=${SEED + i}: linearizable ${right}, found ${found}\n${JSON.stringify(history, null, 1)}`)
      } else tally[right ? 'right' : 'wrong']++
    }
    // Both kinds, and few that the check leaves open: else this test would prove little.
    expect(Math.min(tally.right, tally.wrong)).toBeGreaterThan(HISTORIES / 5)
    expect(tally.undecided).toBeLessThan(HISTORIES / 50)
  })
})
