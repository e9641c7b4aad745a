import { expect, it } from 'vitest'
import { Tally } from '../../src/load/tally.js'

it('counts outcomes, units that were acknowledged, and statuses', () => {
  const tally = new Tally()
  tally.add('sold', 2, 200, 5_000)
  tally.add('sold', 1, 200, 3_000)
  tally.add('unknown', 2, 0, 9_000)
  tally.add('sold_out', 1, 200, 9_500)
  tally.add('throttled', 1, 429, 9_600)
  expect(tally.attempts).toBe(5)
  expect(tally.unitsAcknowledged).toBe(3)
  expect(Object.entries(tally.outcomes())).toEqual([
    ...[
      ['sold', 2],
      ['sold_out', 1],
      ['throttled', 1],
      ['unknown', 1],
    ],
  ])
  expect(tally.statusCodes()).toEqual({ 200: 3, 429: 1 })
  expect([tally.count('sold'), tally.count('error')]).toEqual([2, 0])
})

it('tells the time to the last sale only where it sold and then sold out', () => {
  const tally = new Tally()
  expect(tally.timeToSellOutMs()).toBeNull()
  tally.add('sold_out', 1, 200, 1_000)
  expect(tally.timeToSellOutMs()).toBeNull()
  tally.add('sold', 1, 200, 7_250)
  tally.add('sold', 1, 200, 6_000)
  tally.add('sold_out', 1, 200, 90_000)
  expect(tally.timeToSellOutMs()).toBe(7.25)
  const open = new Tally()
  open.add('sold', 1, 200, 1_000)
  expect(open.timeToSellOutMs()).toBeNull()
})

it('keeps what an attempt was answered, and counts what it came to beside it', () => {
  const tally = new Tally()
  for (const doneAtUs of [1_000, 2_000, 3_000]) tally.add('queued', 2, 202, doneAtUs)
  tally.add('sold', 1, 200, 3_500)
  expect(tally.undecided).toBe(3)
  tally.decide('sold', 2, 50_000)
  expect([tally.undecided, tally.unitsAcknowledged, tally.timeToSellOutMs()]).toEqual([2, 3, null])
  tally.decide('sold_out', 2, 60_000)
  expect([tally.decisions, tally.decided('sold'), tally.undecided]).toEqual([2, 1, 1])
  expect(tally.timeToSellOutMs()).toBe(50)
  expect([tally.outcomes(), tally.decidedOutcomes()]).toEqual([
    { queued: 3, sold: 1 },
    { sold: 1, sold_out: 1 },
  ])
  expect([tally.attempts, tally.statusCodes()]).toEqual([4, { 200: 1, 202: 3 }])
})

it('is empty without attempts', () => {
  const tally = new Tally()
  expect([tally.outcomes(), tally.statusCodes(), tally.unitsAcknowledged]).toEqual([{}, {}, 0])
})
