import { describe, expect, it } from 'vitest'
import { coverageLine } from '../../../src/audit/coverage.js'
import { raceLike, reproduce } from '../../../src/audit/reproduce.js'
import { peopleOf, summaryOf } from '../../../src/audit/summary.js'
import { managerSentence } from '../../../src/sale/people.js'
import { auditOf, type History, runOf, saleOf, stateOf, type Told, verdictsOf } from '../../helpers/history.js'

const summary = (history: History) => summaryOf(history.sale ?? saleOf(), auditOf(history))

const WELL: Told[] = [
  ['ann', 'sold', 2],
  ['bob', 'sold', 2],
  ['ann', 'already_bought', 2],
  ['eve', 'insufficient_stock', 2],
]

describe('the sentence for the manager', () => {
  it('where all is well', () => {
    expect(summary({ state: stateOf(1, { ann: 2, bob: 2 }), runs: [runOf(WELL)] })).toBe(
      '5 units; 2 people were told they won; each of them is recorded; 1 left in stock.',
    )
  })

  it('names whom to apologise to', () => {
    const told: Told[] = [...WELL, ['joe', 'sold', 2], ['zoe', 'sold', 2]]
    expect(summary({ state: stateOf(1, { ann: 2, bob: 2 }), runs: [runOf(told)] })).toBe(
      '5 units; 4 people were told they won; 2 to apologise to: joe, zoe; 1 left in stock.',
    )
  })

  it('names who won twice, and who was refused what was there', () => {
    const told: Told[] = [
      ['ann', 'sold', 1],
      ['ann', 'sold', 1],
      ['eve', 'sold_out', 1],
    ]
    expect(summary({ state: stateOf(3, { ann: 2 }), runs: [runOf(told)] })).toBe(
      '5 units; 1 person was told they won; 1 won twice: ann; 1 refused what was there: eve; 3 left in stock.',
    )
  })

  it('says who waits still, and calls nobody recorded who was not told', () => {
    const told: Told[] = [
      ['ann', 'queued', 2],
      ['bob', 'queued', 2],
      ['joe', 'queued', 1],
      ['joe', 'queued', 1],
    ]
    expect(summary({ state: stateOf(3, { ann: 2 }), runs: [runOf(told)] })).toBe(
      '5 units; 0 people were told they won; 2 people wait for a decision; whether that is right cannot be told.',
    )
    const off: History = { state: stateOf(5, {}), runs: [runOf([['eve', 'rejected', 9]])] }
    expect(managerSentence('pass', { initial: 5, recorded: 0, remaining: 5 }, peopleOf(auditOf(off)))).toBe(
      '5 units; 0 people were told they won; 5 left in stock.',
    )
  })

  it('says so where nobody can tell', () => {
    expect(summary({ state: null, runs: [runOf(WELL)] })).toBe(
      '5 units; 2 people were told they won; whether that is right cannot be told.',
    )
    expect(summary({ state: stateOf(1, { ann: 2, bob: 2 }), runs: null })).toBe(
      '5 units; 4 units recorded; what people were told is not known.',
    )
  })
})

describe('coverage', () => {
  const throttled = Array.from({ length: 30 }, (_, i): Told => [`t${i}`, 'throttled', 1])
  const few: Told[] = [['ann', 'sold', 2], ...throttled]
  const state = stateOf(3, { ann: 2 })

  it('a run that the throttle answered has tested nothing', () => {
    const result = auditOf({ state, runs: [runOf(few)] })
    expect(result.verdict).toBe('inconclusive')
    expect(Object.values(verdictsOf(result))).not.toContain('pass')
    expect(result.invariants.find(({ id }) => id === 'somebody-bought')?.message).toBe(
      '1 purchase succeeded; only 1 of 31 attempts reached the sale, too few to put it to the test',
    )
    expect(coverageLine(result.coverage)).toBe('1 of 31 attempts reached the sale: 30 throttled')
  })

  it('what was wrong all the same is wrong', () => {
    expect(auditOf({ state: stateOf(2, { ann: 2 }), runs: [runOf(few)] }).verdict).toBe('fail')
  })

  it('those who got through may have fought for the last unit', () => {
    const told: Told[] = [...few, ['bob', 'sold', 2], ['eve', 'insufficient_stock', 2]]
    const result = auditOf({ state: stateOf(1, { ann: 2, bob: 2 }), runs: [runOf(told)] })
    expect(result.verdict).toBe('pass')
  })

  it('is no line where everything got through', () => {
    expect(coverageLine(auditOf({ state, runs: [runOf(WELL)] }).coverage)).toBeNull()
  })
})

describe('the command that fires the same again', () => {
  const again = (command: 'blast' | 'simulate', target: string) => {
    const run = runOf(WELL)
    const { ledger } = auditOf({ state: null, runs: [{ ...run, header: { ...run.header, command, target } }] })
    return reproduce(saleOf(), ledger)
  }

  it('of simulate', () =>
    expect(again('simulate', 'strategy list-lua')).toBe(
      'seckill simulate --strategy list-lua --stock 5 --users 3 --concurrency 1 --quantity 2 --duplicates 33.3333% --seed 1 && seckill audit',
    ))

  it('of blast, seeded first', () =>
    expect(again('blast', 'http://127.0.0.1:5000/buy?a=1&b=2')).toBe(
      "seckill init --stock 5 --layout counter && seckill blast 'http://127.0.0.1:5000/buy?a=1&b=2' --users 3 --concurrency 1 --quantity 2 --duplicates 33.3333% --seed 1 && seckill audit",
    ))

  it('is none where nothing was fired', () => {
    expect(reproduce(saleOf(), auditOf({ state: null, runs: null }).ledger)).toBeNull()
  })
})

describe('the command that explores the other orders', () => {
  const explores = (target: string, strictSoldOut = false) => {
    const run = runOf(WELL)
    const { ledger } = auditOf({ state: null, runs: [{ ...run, header: { ...run.header, target, strictSoldOut } }] })
    return raceLike(saleOf(), ledger)
  }

  it.each([
    ['strategy list-naive', false, 'seckill race --strategy list-naive'],
    ['http://127.0.0.1:5000/buy/counter-lua', true, 'seckill race --strategy counter-lua'],
    ['http://127.0.0.1:5000/seckill', true, 'seckill race --strategy counter-lua'],
    ['http://127.0.0.1:8080/buy?a=1', false, "seckill race 'http://127.0.0.1:{port}/buy?a=1' --start COMMAND"],
    ['http://shop/buy', false, "seckill race 'http://shop:{port}/buy' --start COMMAND"],
  ])('after %s, our own: %s', (target, ours, command) => {
    expect(explores(target, ours)).toBe(command)
  })
})
