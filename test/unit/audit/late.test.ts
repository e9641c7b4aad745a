import { expect, it } from 'vitest'
import { mayBeLate } from '../../../src/audit/late.js'
import { auditOf, type History, runOf, saleOf, stateOf, type Told } from '../../helpers/history.js'

const SOLD: Told[] = [['ann', 'sold']]
const late = (history: History) => mayBeLate(history.sale ?? saleOf(), auditOf(history))

it('what records would still mend may be late: told but not recorded, units that do not add up', () => {
  expect(late({ state: stateOf(4), runs: [runOf(SOLD)] })).toBe(true)
  expect(late({ state: stateOf(4), runs: null })).toBe(true)
  expect(late({ state: stateOf(5, { ann: 1 }), runs: null })).toBe(true)
  expect(late({ sale: saleOf({ uuid: null }), state: stateOf(4), runs: [runOf(SOLD)] })).toBe(true)
})

it('a pass is none, nor is what stays broken', () => {
  expect(late({ state: stateOf(4, { ann: 1 }), runs: [runOf(SOLD)] })).toBe(false)
  expect(late({ state: stateOf(-1), runs: [runOf(SOLD)] })).toBe(false)
  const oversold = Array.from({ length: 6 }, (_, i): Told => [`u${i}`, 'sold'])
  expect(late({ state: stateOf(4), runs: [runOf(oversold)] })).toBe(false)
})

it('our own strategies write before they answer', () => {
  const run = runOf(SOLD)
  const ours = { ...run, header: { ...run.header, strictSoldOut: true } }
  expect(late({ state: stateOf(4), runs: [ours] })).toBe(false)
  const theirs = runOf([['bob', 'sold']], { minute: 2 })
  expect(late({ state: stateOf(4), runs: [ours, theirs] })).toBe(true)
})

it('what only warns fails nothing', () => {
  const switches = { 'acknowledged-is-recorded': 'warn', conservation: 'warn' } as const
  expect(late({ state: stateOf(4), runs: [runOf(SOLD)], switches })).toBe(false)
})
