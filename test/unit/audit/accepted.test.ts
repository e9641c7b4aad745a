import { describe, expect, it } from 'vitest'
import type { InvariantId } from '../../../src/sale/invariant.js'
import { followed } from '../../helpers/followed.js'
import { auditOf, type History, INITIAL, judged, runOf, saleOf, stateOf } from '../../helpers/history.js'

const failing = (history: History): InvariantId[] =>
  auditOf(history).invariants.flatMap(({ id, verdict }) => (verdict === 'fail' ? [id] : []))

/** The ways in which orders get lost or doubled behind an answer, and what the audit makes of each. */
describe('orders that are accepted, and decided later', () => {
  it('a server that died between taking and recording: the unit is missing, of those without an answer', () => {
    const history = {
      state: stateOf(3, { ann: 1 }),
      runs: [
        runOf([
          ['ann', 'sold'],
          ['bob', 'unknown'],
        ]),
      ],
    }
    expect(failing(history)).toEqual(['conservation'])
    expect(judged('conservation', history).message).toMatch(/3 left \+ 1 recorded/)
  })

  it('a success whose order was lost later: the buyer is named', () => {
    const history = {
      state: stateOf(4, { ann: 1 }),
      runs: [
        runOf([
          ['ann', 'sold'],
          ['bob', 'sold'],
        ]),
      ],
    }
    expect(failing(history)).toContain('acknowledged-is-recorded')
    expect(judged('acknowledged-is-recorded', history).users).toEqual(['bob'])
  })

  it('an accepted order that a worker took for done and lost: the buyer is named', () => {
    const history = { state: stateOf(3, { ann: 1 }), runs: [followed({ ann: 'sold', bob: 'sold' })] }
    expect(failing(history)).toEqual(expect.arrayContaining(['conservation', 'queued-is-decided']))
    expect(judged('queued-is-decided', history).users).toEqual(['bob'])
  })

  it('more accepted than there is: that is no oversell, where they are refused in the end', () => {
    const winners = Array.from({ length: INITIAL }, (_, i) => `w${i}`)
    const came = Object.fromEntries([
      ...winners.map((user) => [user, 'sold'] as const),
      ...['x', 'y', 'z'].map((user) => [user, 'sold_out'] as const),
    ])
    const records = Object.fromEntries(winners.map((user) => [user, 1]))
    const history = { state: stateOf(0, records), runs: [followed(came)] }
    expect(failing(history)).toEqual([])
    expect(judged('queued-is-decided', history).verdict).toBe('pass')
  })

  it('a worker that ran twice: a unit too many is gone, or two records are there', () => {
    const runs = [followed({ ann: 'sold' })]
    expect(failing({ state: stateOf(INITIAL - 2, { ann: 1 }), runs })).toEqual(['conservation'])
    const sale = saleOf({ layout: 'list-basic' })
    expect(failing({ sale, state: stateOf(INITIAL - 2, ['ann', 'ann']), runs })).toContain('one-record-per-user')
  })
})
