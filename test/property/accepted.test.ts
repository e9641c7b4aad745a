import { expect, it } from 'vitest'
import type { Outcome } from '../../src/sale/outcome.js'
import { fc } from '../helpers/fc.js'
import { followed } from '../helpers/followed.js'
import { INITIAL, judged, stateOf } from '../helpers/history.js'

/** What became of an accepted order: what its buyer heard in the end, and whether it is recorded. */
const order = fc.record({
  heard: fc.constantFrom<(Outcome | null)[]>('sold', 'sold_out', 'insufficient_stock', 'rejected', null),
  recorded: fc.boolean(),
})

/** By the words of the rule: each ended sold with a record, or refused without one. */
const verdictOf = (orders: readonly { readonly heard: Outcome | null; readonly recorded: boolean }[]): string => {
  if (orders.some(({ heard, recorded }) => heard !== null && (heard === 'sold') !== recorded)) return 'fail'
  return orders.some(({ heard, recorded }) => heard === null && !recorded) ? 'inconclusive' : 'pass'
}

it('queued-is-decided is what its words say, for whatever became of up to four orders', () => {
  fc.assert(
    fc.property(fc.array(order, { minLength: 1, maxLength: INITIAL - 1 }), (orders) => {
      // One more who bought: a place without any record could be the wrong place, and accuses nobody.
      const other = { user: 'other', heard: 'sold', recorded: true } as const
      const named = [...orders.map((one, i) => ({ ...one, user: `u${i}` })), other]
      const records = Object.fromEntries(named.flatMap(({ user, recorded }) => (recorded ? [[user, 1]] : [])))
      const runs = [followed(Object.fromEntries(named.map(({ user, heard }) => [user, heard])))]
      const found = judged('queued-is-decided', {
        state: stateOf(INITIAL - Object.keys(records).length, records),
        runs,
      })
      expect(found.verdict).toBe(verdictOf(orders))
      const wronged = named.filter(({ heard, recorded }) => heard !== null && (heard === 'sold') !== recorded)
      if (found.verdict === 'fail') expect([...(found.users ?? [])].sort()).toEqual(wronged.map(({ user }) => user))
    }),
    { numRuns: 1_000 },
  )
})
