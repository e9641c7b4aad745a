import { describe, expect, it } from 'vitest'
import { type History, judged, runOf, SEEDED_MS, saleOf, startOf, stateOf, type Told } from '../../helpers/history.js'

const judge = (history: History) => judged('conservation', history)

const SOLD_TWO: Told[] = [
  ['ann', 'sold'],
  ['bob', 'sold'],
]
const EXPIRING = saleOf({ ttlSeconds: 60 })
const AFTER_MS = SEEDED_MS + 60_000

describe('conservation', () => {
  it('passes where what is left and what is recorded add up', () => {
    expect(judge({ state: stateOf(3, { ann: 1, bob: 1 }), runs: [runOf(SOLD_TWO)] })).toMatchObject({
      verdict: 'pass',
      message: '3 left + 2 recorded = 5, as at the start',
      ...{ observed: 5, expected: 5, users: [], keys: ['goods_a', 'a_users'] },
    })
  })

  it('passes for an oversold counter that counted on: that is another rule’s matter', () => {
    const state = stateOf(-1, { ann: 2, bob: 2, eve: 2 })
    expect(judge({ state, runs: null })).toMatchObject({ verdict: 'pass', observed: 5 })
  })

  it('is untested for a store that nobody touched', () => {
    expect(judge({ state: stateOf(5), runs: null })).toMatchObject({
      verdict: 'untested',
      message: '5 left + 0 recorded = 5; nothing moved',
    })
  })

  it('fails for a lost unit', () => {
    const found = judge({ state: stateOf(2, { ann: 1, bob: 1 }), runs: [runOf(SOLD_TWO)] })
    expect(found).toMatchObject({
      verdict: 'fail',
      message: '2 left + 2 recorded = 4, but there were 5: 1 unit lost',
      ...{
        observed: 4,
        expected: 5,
        users: [],
        next: 'seckill race --strategy counter-lua',
      },
    })
    expect(found.hint).toContain('a reply of 0 read as failure')
  })

  it('fails for the last unit that counter-naive loses', () => {
    const sale = saleOf({ initial: 1 })
    const run = runOf([['ann', 'sold_out']], { start: startOf(1) })
    expect(judge({ sale, state: stateOf(0), runs: [run] })).toMatchObject({ verdict: 'fail', observed: 0, expected: 1 })
  })

  it('suspects those whose purchase died on its way: no answer, no record', () => {
    const told: Told[] = [...SOLD_TWO, ['eve', 'unknown'], ['joe', 'queued'], ['kim', 'sold_out']]
    const found = judge({ state: stateOf(1, { ann: 1, bob: 1 }), runs: [runOf(told)] })
    expect(found).toMatchObject({ verdict: 'fail', users: ['eve', 'joe'], next: 'redis-cli HGET a_users eve' })
    expect(found.message).toContain('2 units lost; without an answer and without a record: eve, joe')
    expect(found.hint).toContain('died before it wrote its record')
  })

  it('looks a suspect up as the layout records', () => {
    const sale = saleOf({ layout: 'list-basic' })
    const told: Told[] = [
      ['ann', 'sold'],
      ['eve', 'unknown'],
    ]
    const found = judge({ sale, state: stateOf(3, ['ann']), runs: [runOf(told)] })
    expect(found.users).toEqual(['eve'])
    expect(found.next).toBe('redis-cli LPOS a_users eve')
  })

  it('fails for units made up, and names who has a record but no answer', () => {
    const told: Told[] = [
      ['ann', 'sold', 2],
      ['eve', 'unknown'],
    ]
    const found = judge({ state: stateOf(4, { ann: 2, eve: 1 }), runs: [runOf(told)] })
    expect(found).toMatchObject({
      verdict: 'fail',
      message: '4 left + 3 recorded = 7, but there were 5: 2 units made up; without an answer but with a record: eve',
      ...{ observed: 7, expected: 5, users: ['eve'] },
    })
    expect(judge({ state: stateOf(5, { ann: 1 }), runs: null }).message).toMatch(/: 1 unit made up$/)
  })

  it('an unknown that bought and one that did not are both fine', () => {
    const told: Told[] = [
      ['ann', 'unknown', 2],
      ['bob', 'unknown', 2],
    ]
    expect(judge({ state: stateOf(3, { ann: 2 }), runs: [runOf(told)] }).verdict).toBe('pass')
  })

  it('counts records from before the first run, and those of others', () => {
    const run = runOf([['ann', 'sold']], { start: startOf(4, ['old']) })
    expect(judge({ state: stateOf(2, { old: 1, ann: 1, foreign: 1 }), runs: [run] }).verdict).toBe('pass')
  })

  it('fails for a hash overwritten by a double click', () => {
    const told: Told[] = [
      ['ann', 'sold', 2],
      ['ann', 'sold', 1],
    ]
    expect(judge({ state: stateOf(2, { ann: 1 }), runs: [runOf(told)] })).toMatchObject({
      verdict: 'fail',
      observed: 3,
    })
  })

  it('cannot add up what it cannot read', () => {
    expect(judge({ state: stateOf(null, { ann: 1 }), runs: null })).toMatchObject({
      ...{ verdict: 'inconclusive', message: 'there is no counter at goods_a', keys: ['goods_a', 'a_users'] },
    })
    expect(judge({ state: stateOf(4, { ann: 'one' }), runs: null })).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('cannot be read'),
    })
  })

  describe('after the lifetime of the stock key', () => {
    const told = [runOf(SOLD_TWO)]
    const gone = (state: History['state'], nowMs: number, sale = EXPIRING) => judge({ sale, state, nowMs, runs: told })

    it('an absent counter and an absent list are no loss; the moment is named', () => {
      for (const state of [stateOf(null, { ann: 1, bob: 1 }), stateOf(0, { ann: 1, bob: 1 })]) {
        const found = gone(state, AFTER_MS)
        expect(found.verdict).toBe('inconclusive')
        expect(found.message).toContain('the lifetime of goods_a (60 s) was over at 2026-11-11T12:01:00.000Z')
      }
    })

    it('before it, and while the key still lives, a loss is a loss', () => {
      expect(gone(stateOf(0, { ann: 1, bob: 1 }), AFTER_MS - 5_001).verdict).toBe('fail')
      expect(gone(stateOf(0, { ann: 1, bob: 1 }, { ttlSeconds: 3 }), AFTER_MS).verdict).toBe('fail')
    })

    it('the clocks may differ by 5 s', () => {
      expect(gone(stateOf(0, { ann: 1, bob: 1 }), AFTER_MS - 5_000).verdict).toBe('inconclusive')
    })

    it('a sale without lifetime, or seeded by others, has none that could be over', () => {
      const { seededAt: _, ...unseeded } = EXPIRING
      for (const sale of [saleOf(), unseeded])
        expect(gone(stateOf(0, { ann: 1 }), AFTER_MS * 2, sale).verdict).toBe('fail')
    })

    it('units made up are no matter of expiry', () => {
      expect(gone(stateOf(0, { ann: 2, bob: 2, eve: 2 }), AFTER_MS).verdict).toBe('fail')
    })
  })
})
