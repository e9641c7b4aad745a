import { expect, it } from 'vitest'
import type { Attempt, Decision } from '../../src/history/attempt.js'
import { AttemptTable } from '../../src/history/attempt-table.js'
import { DecisionTable } from '../../src/history/decision-table.js'
import { fc } from '../helpers/fc.js'

const attempt = (userIndex: number, copy: number, outcome: Attempt['outcome']): Attempt => ({
  ...{ userIndex, copy, quantity: 1, outcome, status: 202, group: 0 },
  ...{ intendedAtUs: 0, sentAtUs: 0, doneAtUs: 0, connectUs: 0 },
})

// Close to each other, and at both ends of what a log can hold.
const user = fc.oneof(fc.nat(9), fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 - 1 }))
const copy = fc.oneof(fc.nat(2), fc.constant(255))
const decision: fc.Arbitrary<Decision> = fc.record({
  ...{ userIndex: user, copy, decidedAtUs: fc.nat(1e9) },
  outcome: fc.constantFrom('sold' as const, 'sold_out' as const, 'error' as const),
})

it('finds the last decision of each queued attempt, and none of others', () => {
  const asked = fc.array(fc.tuple(user, copy, fc.constantFrom('queued' as const, 'sold' as const)))
  fc.assert(
    fc.property(fc.array(decision, { maxLength: 40 }), asked, (decisions, attempts) => {
      const table = DecisionTable.of(decisions)
      expect([...table]).toEqual(decisions)
      const rows = AttemptTable.of(attempts.map((each) => attempt(...each)))
      attempts.forEach(([userIndex, copy, outcome], row) => {
        const last = decisions.findLastIndex((each) => each.userIndex === userIndex && each.copy === copy)
        expect(table.rowOf(rows, row)).toBe(outcome === 'queued' ? last : -1)
      })
    }),
  )
})

it('finds each of many, and nobody else', () => {
  const many = 20_000
  const decisions = Array.from(
    { length: many },
    (_, i): Decision => ({
      ...{ userIndex: i * 2, copy: i % 2, outcome: 'sold', decidedAtUs: i },
    }),
  )
  const table = DecisionTable.of(decisions)
  const rows = AttemptTable.of(decisions.map(({ userIndex, copy }) => attempt(userIndex, copy, 'queued')))
  const others = AttemptTable.of(decisions.map(({ userIndex, copy }) => attempt(userIndex, 1 - copy, 'queued')))
  for (let row = 0; row < many; row++) {
    if (table.rowOf(rows, row) !== row || table.rowOf(others, row) !== -1) expect.fail(`row ${row}`)
  }
})

it('cut to a length, has no more rows, and finds no more', () => {
  const table = DecisionTable.of(
    [1, 2, 3].map((userIndex) => ({ userIndex, copy: 0, outcome: 'sold', decidedAtUs: 5 })),
  )
  const head = table.head(2)
  const rows = AttemptTable.of([2, 3].map((userIndex) => attempt(userIndex, 0, 'queued')))
  expect([head.length, [...head].length, head.rowOf(rows, 0), head.rowOf(rows, 1)]).toEqual([2, 2, 1, -1])
  expect(new DecisionTable(0).rowOf(rows, 0)).toBe(-1)
})
