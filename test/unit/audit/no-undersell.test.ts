import { describe, expect, it } from 'vitest'
import { type History, judged, runOf, SEEDED_MS, saleOf, startOf, stateOf, type Told } from '../../helpers/history.js'

const judge = (history: History) => judged('no-undersell', history)

const ALL_BUT_ONE: Told[] = [
  ['ann', 'sold', 2],
  ['bob', 'sold', 2],
]
const FOUR = { ann: 2, bob: 2 }

describe('no-undersell', () => {
  it('passes where nothing is left', () => {
    const told: Told[] = [...ALL_BUT_ONE, ['eve', 'sold'], ['joe', 'sold_out']]
    expect(judge({ state: stateOf(0, { ...FOUR, eve: 1 }), runs: [runOf(told)] })).toMatchObject({
      verdict: 'pass',
      message: 'nothing is left, so nobody was refused what is left',
      keys: ['goods_a'],
    })
  })

  it('passes where more was asked for than is left', () => {
    const told: Told[] = [...ALL_BUT_ONE, ['eve', 'insufficient_stock', 2]]
    expect(judge({ state: stateOf(1, FOUR), runs: [runOf(told)] })).toMatchObject({
      verdict: 'pass',
      message: '1 unit left, and nobody was refused what is left',
      ...{ observed: 0, expected: 0, users: [] },
    })
  })

  it.each(['sold_out', 'insufficient_stock'] as const)('fails where "%s" was told of what is left', (outcome) => {
    const told: Told[] = [...ALL_BUT_ONE, ['eve', outcome], ['joe', outcome]]
    expect(judge({ state: stateOf(1, FOUR), runs: [runOf(told)] })).toMatchObject({
      verdict: 'fail',
      message: '1 unit left, yet 2 users were told there was too little: eve, joe',
      ...{ observed: 2, expected: 0, users: ['eve', 'joe'] },
      next: 'seckill race --strategy counter-lua',
    })
  })

  it('names a user once, and none who holds a record', () => {
    const told: Told[] = [...ALL_BUT_ONE, ['eve', 'sold_out'], ['eve', 'sold_out'], ['ann', 'sold_out']]
    expect(judge({ state: stateOf(1, FOUR), runs: [runOf(told)] })).toMatchObject({ verdict: 'fail', users: ['eve'] })
  })

  it('a user refused first and sold to later was not wronged', () => {
    const told: Told[] = [...ALL_BUT_ONE.slice(0, 1), ['bob', 'sold_out'], ['bob', 'unknown', 2]]
    expect(judge({ state: stateOf(1, FOUR), runs: [runOf(told)] }).verdict).toBe('pass')
  })

  it.each(['throttled', 'rejected', 'not_open', 'error', 'unknown', 'not_sent', 'already_bought'] as const)(
    'is untested where "%s" is all that was refused',
    (outcome) => {
      const told: Told[] = [...ALL_BUT_ONE, ['eve', outcome]]
      expect(judge({ state: stateOf(1, FOUR), runs: [runOf(told)] })).toMatchObject({
        verdict: 'untested',
        message: 'nobody was refused for want of stock (1 unit left)',
      })
    },
  )

  it('judges refusals of every run by what is left in the end', () => {
    const second = runOf([['eve', 'sold_out']], { minute: 2, start: startOf(1, ['ann', 'bob']) })
    for (const runs of [
      [runOf(ALL_BUT_ONE), second],
      [second, runOf(ALL_BUT_ONE)],
    ])
      expect(judge({ state: stateOf(1, FOUR), runs })).toMatchObject({ verdict: 'fail', users: ['eve'] })
  })

  it('passes for a stock below zero', () => {
    const told: Told[] = [...ALL_BUT_ONE, ['eve', 'sold_out', 2]]
    expect(judge({ state: stateOf(-1, FOUR), runs: [runOf(told)] }).verdict).toBe('pass')
  })

  it('cannot tell what is left of an absent counter', () => {
    const told: Told[] = [...ALL_BUT_ONE, ['eve', 'sold_out']]
    expect(judge({ state: stateOf(null, FOUR), runs: [runOf(told)] })).toMatchObject({
      ...{ verdict: 'inconclusive', message: 'there is no counter at goods_a' },
    })
  })

  it('a torn log still convicts, but acquits nobody', () => {
    const told: Told[] = [...ALL_BUT_ONE, ['eve', 'sold_out']]
    expect(judge({ state: stateOf(1, FOUR), runs: [runOf(told, { torn: true })] }).verdict).toBe('fail')
    const pass: Told[] = [...ALL_BUT_ONE, ['eve', 'sold_out', 2]]
    expect(judge({ state: stateOf(1, FOUR), runs: [runOf(pass, { torn: true })] }).verdict).toBe('inconclusive')
    expect(judge({ state: stateOf(1, FOUR), runs: [runOf(ALL_BUT_ONE, { torn: true })] }).verdict).toBe('inconclusive')
  })

  it('an expired list with units unsold leaves nothing to judge by', () => {
    const sale = saleOf({ layout: 'list', ttlSeconds: 60 })
    const told: Told[] = [...ALL_BUT_ONE, ['eve', 'sold_out']]
    const nowMs = SEEDED_MS + 90_000
    const found = judge({ sale, nowMs, state: stateOf(0, FOUR), runs: [runOf(told)] })
    expect(found).toMatchObject({ verdict: 'inconclusive', message: expect.stringContaining('lifetime of goods_a') })
    const soldOut: Told[] = [...ALL_BUT_ONE, ['eve', 'sold'], ['joe', 'sold_out']]
    expect(judge({ sale, nowMs, state: stateOf(0, { ...FOUR, eve: 1 }), runs: [runOf(soldOut)] }).verdict).toBe('pass')
  })
})
